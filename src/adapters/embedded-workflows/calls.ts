import type { Json } from "../../domain/json.ts";
import type { CompiledShape } from "../../domain/params/index.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { EachOptions, StepContext, Tally } from "../../domain/workflow/flow.ts";
import type { EntryKind } from "./journal.ts";
import type { StepAction } from "../../domain/workflow/host.ts";
import type { RetryPolicy } from "../../domain/workflow/retry.ts";

/** What every call of a workflow's code has. */
interface CallBase {
  readonly key: string;
  readonly name: string;
  readonly kind: EntryKind;
  /** Lets the code go on. */
  readonly resolve: (value: Json | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** A step, an action, or the undoing of one. */
export interface StepCall extends CallBase {
  readonly kind: "step" | "undo";
  readonly work: (step: StepContext) => MaybePromise<unknown>;
  readonly retry: Required<RetryPolicy>;
  readonly timeoutMs: number | null;
  readonly compensate: ((result: Json | undefined, step: StepContext) => MaybePromise<void>) | null;
  /** There when the step is one action: what it takes turns for. */
  readonly action: Omit<StepAction, "runId" | "startedBy"> | null;
}

/** Waits until a time. */
export interface TimerCall extends CallBase {
  readonly kind: "timer";
  /** Epoch milliseconds, given the time of the call. */
  readonly due: (now: number) => number;
}

/** Waits for a signal. */
export interface SignalCall extends CallBase {
  readonly kind: "signal";
  readonly shape: CompiledShape<unknown>;
  readonly timeoutMs: number | null;
}

/** Works on many, each in a commit of its own. */
export interface EachCall extends CallBase {
  readonly kind: "each";
  readonly count: number;
  readonly work: (index: number, step: StepContext, soFar: Tally) => MaybePromise<Json>;
  readonly options: Required<EachOptions>;
}

export type Call = StepCall | TimerCall | SignalCall | EachCall;

/** Is it a step, or the undoing of one? */
export function isStepCall(call: Call): call is StepCall {
  return call.kind === "step" || call.kind === "undo";
}

/** A call without what the registry adds. */
type Draft<C> = C extends Call ? Omit<C, "key" | "resolve" | "reject"> : never;

const MAX_NAME_LENGTH = 100;

/**
 * What the code has called and was not answered yet, in the order of the calls. A call's key is its kind, its name
 * and how many of that name there were before; the code is let go on with one answer at a time, in the order of the
 * journal, so the same calls get the same keys however their branches run.
 */
export class Calls {
  readonly #open = new Map<string, Call>();
  readonly #counts = new Map<string, number>();
  readonly #called: () => void;

  constructor(called: () => void) {
    this.#called = called;
  }

  /** Makes a call; the promise settles when it is answered. */
  make<T>(draft: Draft<Call>, read: (value: Json | undefined) => T): Promise<T> {
    if (draft.name.length > MAX_NAME_LENGTH) throw new TypeError(`"${draft.name.slice(0, 20)}…" is too long: the name of a step has at most ${MAX_NAME_LENGTH} characters`);
    const base = `${draft.kind}:${draft.name}`;
    const count = (this.#counts.get(base) ?? 0) + 1;
    this.#counts.set(base, count);
    const key = `${base}#${count}`;
    return new Promise<T>((resolve, reject) => {
      this.#open.set(key, { ...draft, key, resolve: (value) => readInto(resolve, reject, read, value), reject });
      this.#called();
    });
  }

  /** Takes the call out, to be answered. */
  take(key: string): Call | undefined {
    const call = this.#open.get(key);
    this.#open.delete(key);
    return call;
  }

  all(): readonly Call[] {
    return [...this.#open.values()];
  }

  /** Forgets the calls that nobody will answer. */
  clear(): void {
    this.#open.clear();
  }
}

function readInto<T>(resolve: (value: T) => void, reject: (error: unknown) => void, read: (value: Json | undefined) => T, value: Json | undefined): void {
  try {
    resolve(read(value));
  } catch (error) {
    reject(error);
  }
}
