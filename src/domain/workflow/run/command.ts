import type { Json } from "../../json.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import type { CompiledShape } from "../../params/index.ts";
import type { EachOptions, StepContext, Tally } from "../flow.ts";
import type { StepAction } from "../host.ts";
import type { RetryPolicy } from "../retry.ts";

/** A step, or the undoing of one. */
export interface StepCommand {
  readonly kind: "step" | "undo";
  readonly name: string;
  readonly work: (step: StepContext) => MaybePromise<unknown>;
  readonly retry: Required<RetryPolicy>;
  /** Null: the engine's default. */
  readonly timeoutMs: number | null;
  readonly compensate: ((result: Json | undefined, step: StepContext) => MaybePromise<void>) | null;
  /** There when the step is one action and nothing else. */
  readonly performs: Omit<StepAction, "runId" | "startedBy"> | null;
}

/** Waits until a time. */
export interface TimerCommand {
  readonly kind: "timer";
  readonly name: string;
  /** Epoch milliseconds, given the time at which the command is begun. */
  readonly due: (now: number) => number;
}

/** Waits for a signal. Its answer is what the signal carries, or the empty list when the time was over: no signal is a list. */
export interface SignalCommand {
  readonly kind: "signal";
  readonly name: string;
  readonly shape: CompiledShape<unknown>;
  /** Null: it waits forever. */
  readonly timeoutMs: number | null;
}

/** Works on many, each in a commit of its own. Its answer is the {@link Tally}. */
export interface EachCommand {
  readonly kind: "each";
  readonly name: string;
  readonly count: number;
  readonly work: (index: number, step: StepContext, soFar: Tally) => MaybePromise<Json>;
  readonly options: Required<Omit<EachOptions, "instead" | "timeoutMs">> & { readonly instead: NonNullable<EachOptions["instead"]> | null; readonly timeoutMs: number | null };
}

/** What a workflow's code asks its engine for: everything that a flow can do, but for showing progress and ending. */
export type Command = StepCommand | TimerCommand | SignalCommand | EachCommand;
