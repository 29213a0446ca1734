import type { SubjectId } from "../../catalog/subject-id.ts";
import { isOutcome } from "../../execution/idempotency.ts";
import { isSuccess, type Succeeded } from "../../execution/answer/outcome.ts";
import { isJsonObject, type Json } from "../../json.ts";
import { compileParams, type CompiledShape, type InferShape, type ParamShape } from "../../params/index.ts";
import { kindOf } from "../../check-option.ts";
import { awaitedLater } from "../../awaited-later.ts";
import type { Command, StepCommand } from "./command.ts";
import { toMilliseconds, type Duration } from "../duration.ts";
import type { Flow, Kept, StepContext, StepOptions, Tally } from "../flow.ts";
import { resolveRetry } from "../retry.ts";
import { checkSignalName } from "../workflow.ts";

/** What an engine does for a flow. */
export interface FlowPorts {
  /** The run's ID. */
  readonly id: string;
  /** Answers a command, or rejects with why it failed; `toError` makes that of what was kept. */
  ask(command: Command): Promise<Json | undefined>;
  progress(done: number, total: number): void;
  /** The code never comes back from these two. */
  continueAs(input: object): void;
  cancel(reason: string): void;
}

const MAX_NAME_LENGTH = 100;
const MAX_CONCURRENCY = 100;

/** The flow that a workflow's code gets: checks what it is asked and hands it to the engine as commands. */
export function createFlow(ports: FlowPorts): Flow {
  const ask = <T>(command: Command, read: (value: Json | undefined) => T): Promise<T> => awaitedLater(ports.ask(command).then(read));
  function waitFor<S extends ParamShape>(signal: string, shape: S, options?: { readonly timeout: Duration }): Promise<InferShape<S>>;
  function waitFor(signal: string, shape: ParamShape, options?: { readonly timeout: Duration }): Promise<unknown> {
    const compiled: CompiledShape<unknown> = compileParams(shape);
    const timeoutMs = options === undefined ? null : toMilliseconds(options.timeout);
    return ask({ kind: "signal", name: checkSignalName(signal), shape: compiled, timeoutMs }, (value) => toSignalValue(compiled, value));
  }
  const step: Flow["step"] = (name, work, options = {}) => ask(toStep(checkStepName(name), work, options), kept);
  return {
    id: ports.id,
    step,
    action: (action, subject, params = {}, options = {}) => {
      const command = toStep(`action ${action.key}`, (context) => context.perform(action, subject, params), options);
      return ask({ ...command, performs: { key: action.key, id: idText(subject), params } }, toSucceeded);
    },
    sleep: (duration) => {
      const length = toMilliseconds(duration);
      return ask({ kind: "timer", name: "sleep", due: (now) => now + length }, nothing);
    },
    until: (time) => {
      const due = typeof time === "string" ? Date.parse(time) : time.getTime();
      if (!Number.isFinite(due)) throw new TypeError("flow.until() takes a Date or RFC 3339 text");
      return ask({ kind: "timer", name: "until", due: () => due }, nothing);
    },
    waitFor,
    each: (count, work, { concurrency = 1, tally = () => "done", instead = null, timeoutMs = null } = {}) => {
      if (!Number.isInteger(count) || count < 0) throw new TypeError(`flow.each(): count must be a whole number from 0, not ${typeof count === "number" ? count : kindOf(count)}: how many there are, orders.length`);
      if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) throw new TypeError(`concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}`);
      return ask({ kind: "each", name: "each", count, work, options: { concurrency, tally, instead, timeoutMs: checkTime("flow.each()", timeoutMs) } }, toTally);
    },
    progress: (done, total) => ports.progress(done, total),
    continueAs: (input) => never(() => ports.continueAs(input)),
    cancel: (reason) => never(() => ports.cancel(reason)),
  };
}

function checkStepName(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  throw new TypeError(`"${name.slice(0, 20)}…" is too long: the name of a step has at most ${MAX_NAME_LENGTH} characters`);
}

function checkTime(whose: string, timeoutMs: number | null): number | null {
  if (timeoutMs === null || (typeof timeoutMs === "number" && timeoutMs >= 1)) return timeoutMs;
  throw new TypeError(`${whose}: timeoutMs must be 1 or more`);
}

function toStep<T>(name: string, work: (step: StepContext) => T | PromiseLike<T>, { retry, timeoutMs, compensate }: StepOptions<T>): StepCommand {
  const time = checkTime(`step "${name}"`, timeoutMs ?? null);
  const undo = compensate === undefined ? null : (result: Json | undefined, step: StepContext) => compensate(kept(result), step);
  return { kind: "step", name, work, retry: resolveRetry(retry), timeoutMs: time, compensate: undo, performs: null };
}

/** A value that was kept has lost its static type; the command is the one that made it, typed by what its work answers. */
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
  throw new TypeError("no outcome was kept where an action was performed");
}

function toSignalValue(shape: CompiledShape<unknown>, value: Json | undefined): unknown {
  if (value === undefined || Array.isArray(value)) return undefined;
  const parsed = shape.parse(value);
  if (!parsed.ok) throw new TypeError("the signal that was taken does not fit any more");
  return parsed.value;
}

function toTally(value: Json | undefined): Tally {
  const counted = isJsonObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(counted.flatMap(([name, count]) => (typeof count === "number" ? [[name, count] as const] : [])));
}

/** The code never comes back from here. */
function never(act: () => void): Promise<never> {
  act();
  return new Promise<never>(() => undefined);
}
