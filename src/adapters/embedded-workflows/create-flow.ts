import type { Json } from "../../domain/json.ts";
import { isOutcome } from "../../domain/execution/idempotency.ts";
import { isSuccess, type Succeeded } from "../../domain/execution/outcome.ts";
import { compileParams, type CompiledShape, type InferShape, type ParamShape } from "../../domain/params/index.ts";
import type { SubjectId } from "../../domain/catalog/subject-id.ts";
import type { Calls } from "./calls.ts";
import { toMilliseconds, type Duration } from "../../domain/workflow/duration.ts";
import type { EachOptions, Flow, Kept, StepContext, StepOptions, Tally } from "../../domain/workflow/flow.ts";
import { resolveRetry } from "../../domain/workflow/retry.ts";
import { checkSignalName } from "../../domain/workflow/workflow.ts";

/** What the run does with the calls that are never answered. */
export interface FlowPorts {
  readonly id: string;
  readonly calls: Pick<Calls, "make">;
  progress(done: number, total: number): void;
  continueAs(input: object): void;
  cancel(reason: string): void;
}

/** The flow that one pass through a workflow's code gets. */
export function createFlow(ports: FlowPorts): Flow {
  const { id, calls } = ports;
  function waitFor<S extends ParamShape>(signal: string, shape: S, options?: { readonly timeout: Duration }): Promise<InferShape<S>>;
  function waitFor(signal: string, shape: ParamShape, options?: { readonly timeout: Duration }): Promise<unknown> {
    const compiled: CompiledShape<unknown> = compileParams(shape);
    const timeoutMs = options === undefined ? null : toMilliseconds(options.timeout);
    return calls.make({ kind: "signal", name: checkSignalName(signal), shape: compiled, timeoutMs }, (value) => toSignalValue(compiled, value));
  }
  const step: Flow["step"] = (name, work, options = {}) => calls.make(toStep(name, work, options), kept);
  return {
    id,
    step,
    action: (action, subject, params = {}, options = {}) => {
      const asked = { key: action.key, id: idText(subject), params };
      const draft = toStep(`action ${action.key}`, (context) => context.perform(action, subject, params), options);
      return calls.make({ ...draft, action: asked }, toSucceeded);
    },
    sleep: (duration) => {
      const length = toMilliseconds(duration);
      return calls.make({ kind: "timer", name: "sleep", due: (now) => now + length }, nothing);
    },
    until: (time) => {
      const due = typeof time === "string" ? Date.parse(time) : time.getTime();
      if (!Number.isFinite(due)) throw new TypeError("flow.until() takes a Date or RFC 3339 text");
      return calls.make({ kind: "timer", name: "until", due: () => due }, nothing);
    },
    waitFor,
    each: (count, work, options: EachOptions = {}) => {
      const { concurrency = 1, tally = () => "done" } = options;
      if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 100) throw new TypeError("concurrency must be a whole number from 1 to 100");
      return calls.make({ kind: "each", name: "each", count, work, options: { concurrency, tally } }, toTally);
    },
    progress: (done, total) => ports.progress(done, total),
    continueAs: (input) => never(() => ports.continueAs(input)),
    cancel: (reason) => never(() => ports.cancel(reason)),
  };
}

function toStep<T>(name: string, work: (step: StepContext) => T | PromiseLike<T>, { retry, timeoutMs, compensate }: StepOptions<T>) {
  if (timeoutMs !== undefined && !(timeoutMs >= 1)) throw new TypeError(`step "${name}": timeoutMs must be 1 or more`);
  const undo = compensate === undefined ? null : (result: Json | undefined, step: StepContext) => compensate(kept(result), step);
  return { kind: "step", name, work, retry: resolveRetry(retry), timeoutMs: timeoutMs ?? null, compensate: undo, action: null } as const;
}

/** A journaled value has lost its static type; the call is the one that made it, typed by what its work answers. */
function kept<T>(value: Json | undefined): Kept<T> {
  return value as Kept<T>;
}

function nothing(): void {
  return;
}

function idText(id: SubjectId | null): string | undefined {
  return id === null ? undefined : String(id);
}

function toSucceeded(value: Json | undefined): Succeeded {
  if (isOutcome(value) && isSuccess(value)) return value;
  throw new TypeError("the journal holds no outcome where one was kept");
}

/** The empty list stands for "the time was over": no signal is a list. */
function toSignalValue(shape: CompiledShape<unknown>, value: Json | undefined): unknown {
  if (value === undefined || Array.isArray(value)) return undefined;
  const parsed = shape.parse(value);
  if (!parsed.ok) throw new TypeError("the signal that was taken does not fit any more");
  return parsed.value;
}

function toTally(value: Json | undefined): Tally {
  const counted = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  return Object.fromEntries(counted.flatMap(([name, count]) => (typeof count === "number" ? [[name, count] as const] : [])));
}

/** The code never comes back from here. */
function never(act: () => void): Promise<never> {
  act();
  return new Promise<never>(() => undefined);
}
