import { CallerGone, CommitTooLarge, NestedCall, StoreUnavailable, TimedOut, TurnTimedOut } from "../errors.ts";
import { kindOf } from "../check-option.ts";
import { requireIdentity, type Identity } from "../identity.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { AbortSignalLike } from "../ports.ts";
import { readTraceparent } from "../observation/traceparent.ts";
import { Attempt, type Execution } from "./attempt.ts";
import { report, type Calling, type ExecutionPorts } from "./execution-ports.ts";
import { AnswerRecord, RememberedAnswer, type Answers } from "./idempotency.ts";
import { failed, type Failed, type Outcome } from "./answer/outcome.ts";
import { OverQuota } from "./quota.ts";
import { traceExecution } from "./trace-execution.ts";
import { transact, type Transaction } from "./transact.ts";
import type { TurnTarget } from "./turns/turns.ts";
import { UnitOfWork } from "./unit/unit-of-work.ts";
import { validatorOf } from "./validator.ts";

/** What every call has. */
export interface Call {
  readonly key: string;
  readonly identity: Identity;
  /** Joins what is observed and audited to the request that caused it. */
  readonly requestId?: string | undefined;
  /** How the call came, for the audit trail: `http`, `mcp`, `cli`, or what the application names. Default: the trail does not say. */
  readonly via?: string | undefined;
  /** To which trace it belongs (W3C Trace Context), for the trail, the workflows that it starts and whoever follows it. One that is not valid counts as none. */
  readonly traceparent?: string | undefined;
  /** With it a repeat of the call gets the same answer and nothing runs. 1 to 255 printable ASCII characters; belongs to the identity. */
  readonly idempotencyKey?: string | undefined;
  /**
   * Aborted when the caller has gone. A call that waits for a turn then gives it up at once; a handler that is at work has its own signal
   * aborted, and decides. A bulk call that has begun goes on. Default: it never is.
   */
  readonly signal?: AbortSignalLike | undefined;
}

/** One execution that somebody asks for. */
export interface ExecuteCall extends Call {
  /** The subject's ID, as it came. Absent: the call names none. */
  readonly subject?: string | undefined;
  /** The parameters, unchecked. Default: none. */
  readonly params?: unknown;
  /**
   * The `etag` of a preview: the action takes effect only if everything that it reads is as that preview saw it, else it is
   * `precondition_failed` and nothing has happened. A repeat with its idempotency key gets the first answer all the same. Default: it is not asked.
   */
  readonly ifMatch?: string | undefined;
}

/** One execution: runs the action and commits what it changed, or says why not. */
export function execute(ports: ExecutionPorts, call: ExecuteCall): Promise<Outcome> {
  let execution: Execution | Failed;
  try {
    execution = toExecution(ports, call);
  } catch (error) {
    return Promise.reject(error);
  }
  return executeFound(ports, call, execution);
}

function executeFound(ports: ExecutionPorts, call: ExecuteCall, execution: Execution | Failed): Promise<Outcome> {
  if ("kind" in execution) return Promise.resolve(execution);
  const trace = ports.tracing.execution;
  return trace === null ? executeAlone(ports, call, execution) : traceExecution(trace, "execute", execution, (traced) => executeAlone(ports, call, { ...execution, traceparent: traced.traceparent, traced }));
}

function executeAlone(ports: ExecutionPorts, call: ExecuteCall, execution: Execution): Promise<Outcome> {
  const remembered = rememberedAnswer(ports, call);
  return transact(ports, call.ifMatch === undefined ? new SingleExecution(ports, execution, remembered) : new ConditionalExecution(ports, execution, remembered, call.ifMatch));
}

/** The execution that a call asks for, or why there is none. A TypeError for what only plain JavaScript can give. */
export function toExecution({ catalog }: Pick<ExecutionPorts, "catalog">, { key, subject, params = {}, identity, requestId, via, signal, traceparent: given }: ExecuteCall): Execution | Failed {
  const action = catalog.find(key);
  if (action === undefined) return failed("unknown_action");
  requireIdentity(identity);
  if (subject !== undefined && typeof subject !== "string") throw new TypeError(`subject must be a text, not ${kindOf(subject)}: String(id), or left out where there is none`);
  const traceparent = readTraceparent(given);
  if (action.subject === null) return subject === undefined ? { action, id: null, params, identity, requestId, via, signal, traceparent, traced: null } : failed("subject_not_accepted");
  if (subject === undefined) return failed("subject_required");
  const id = action.subject.id.parse(subject);
  return id === undefined ? failed("subject_not_found") : { action, id: String(id), params, identity, requestId, via, signal, traceparent, traced: null };
}

function rememberedAnswer(ports: ExecutionPorts, { identity, idempotencyKey, key, subject, params = {} }: ExecuteCall): Answers | null {
  return idempotencyKey === undefined ? null : new RememberedAnswer(new AnswerRecord(ports, identity, idempotencyKey, { key, subject, params }));
}

/** An execution in a transaction of its own, together with its entry and its remembered answer. */
export class SingleExecution implements Transaction<Outcome> {
  readonly turns: readonly TurnTarget[];
  readonly isTold: boolean = true;
  protected readonly ports: ExecutionPorts;
  protected readonly execution: Execution;
  readonly #remembered: Answers | null;
  /** Null when the answer was remembered. */
  #attempt: Attempt | null = null;

  constructor(ports: ExecutionPorts, execution: Execution, remembered: Answers | null) {
    this.ports = ports;
    this.execution = execution;
    this.#remembered = remembered;
    const own = turnsOf(execution);
    this.turns = remembered === null || remembered.turn === null ? own : [...own, remembered.turn];
  }

  get last(): null {
    return null;
  }

  get caller(): AbortSignalLike | undefined {
    return this.execution.signal;
  }

  work(unit: UnitOfWork): Promise<Outcome> {
    this.#attempt = null;
    return this.#remembered === null ? this.#begin(unit).run() : this.#recallOrRun(this.#remembered, unit);
  }

  conclude(worked: Outcome, _unit: UnitOfWork): MaybePromise<Outcome> {
    if (this.#attempt === null) return worked;
    const remembered = this.#remembered;
    return remembered !== null && worked.kind === "failed" ? this.#fail(this.#attempt, remembered, worked) : this.#attempt.conclude(worked, remembered);
  }

  /** Under a key another process may have done it meanwhile, and this one has failed on what that has left. A failure has no commit that would notice. */
  async #fail(attempt: Attempt, remembered: Answers, failure: Failed): Promise<Outcome> {
    const earlier = await remembered.find(new UnitOfWork(this.ports.store));
    if (earlier === null) return attempt.conclude(failure);
    attempt.undo();
    return earlier;
  }

  protected get attempt(): Attempt | null {
    return this.#attempt;
  }

  #begin(unit: UnitOfWork): Attempt {
    return (this.#attempt = new Attempt(this.ports, this.execution, unit));
  }

  contended(): Outcome {
    return failed("conflict");
  }

  failed(error: unknown): MaybePromise<Outcome> {
    const outcome = toFailed(this.ports, this.#call, error);
    return error instanceof TimedOut && this.#attempt !== null ? keepEntryOf(this.ports, this.#attempt, outcome, this.isTold) : outcome;
  }

  get #call(): Calling {
    return callOf(this.execution);
  }

  /** The subject is read at the same time: of the two, a store that is far away makes one round trip. */
  async #recallOrRun(remembered: Answers, unit: UnitOfWork): Promise<Outcome> {
    const recalling = remembered.recall(unit);
    const reading = readSubject(this.execution, unit);
    const recalled = await recalling;
    if (recalled !== null) return recalled;
    await reading;
    return this.#begin(unit).run();
  }
}

/** One that takes effect only if all that it has read is as it was seen. Whether it still is when the changes are kept, the commit checks. */
class ConditionalExecution extends SingleExecution {
  readonly #ifMatch: string;

  constructor(ports: ExecutionPorts, execution: Execution, remembered: Answers | null, ifMatch: string) {
    super(ports, execution, remembered);
    this.#ifMatch = ifMatch;
  }

  /** What is read is known only now. Whoever may not do it, or sends wrong parameters, is told so; what the action itself says is what nobody has seen. */
  override conclude(worked: Outcome, unit: UnitOfWork): MaybePromise<Outcome> {
    const isAsSeen = this.attempt === null || worked.kind === "failed" || validatorOf(this.ports.digest, this.execution, unit) === this.#ifMatch;
    return super.conclude(isAsSeen ? worked : failed("precondition_failed"), unit);
  }
}

function callOf({ action, requestId, traced }: Execution): Calling {
  return { key: action.key, requestId, traced };
}

/** What did not end in its time has committed nothing, so its entry has a commit of its own. `isTold`: somebody is told of it at once. */
export function keepEntryOf(ports: ExecutionPorts, attempt: Attempt, outcome: Failed, isTold: boolean): Promise<Outcome> {
  return transact<Outcome>(ports, {
    turns: NO_TURNS,
    last: null,
    isTold,
    work: () => outcome,
    conclude: (_, unit) => attempt.concludeIn(unit, outcome),
    failed: (error) => toFailed(ports, callOf(attempt.execution), error),
  });
}

/** What an execution takes turns for from the start: its subject, if it may change it. */
export function turnsOf({ action, id }: Execution): readonly TurnTarget[] {
  return action.subject === null || id === null || action.effect === "read" ? NO_TURNS : [{ collection: action.subject.class, id }];
}

const NO_TURNS: readonly TurnTarget[] = [];

/** An execution on top of what its unit of work has changed already, in a workflow's step. Where its time is over the step has none of it, and the trail and the log are told. */
export async function executeOn(ports: ExecutionPorts, execution: Execution, unit: UnitOfWork): Promise<Outcome> {
  const attempt = new Attempt(ports, execution, unit);
  try {
    return attempt.conclude(await attempt.run());
  } catch (error) {
    if (error instanceof TimedOut) await keepEntryOf(ports, attempt, toFailed(ports, callOf(execution), error), false);
    throw error;
  }
}

/** Makes the unit know the subject's record, where it is the store's. A failure is met by whoever reads it next. */
async function readSubject({ action: { subject }, id }: Execution, unit: UnitOfWork): Promise<void> {
  try {
    if (subject !== null && id !== null && subject.source === null) await unit.get(subject.class, id);
  } catch {
    // The store did not answer.
  }
}

/** The answer to a call whose handler did not end in its time. */
export const NOT_IN_TIME = "The action did not end in its time, and nothing of it took effect. Try again later.";
/** The answer to a call that would store more than one commit can hold. */
export const TOO_LARGE = "What this call would store is more than one commit can hold. Do it in smaller parts.";
const NO_TURN = "Others were at work on this for too long. Try again later.";
const NOBODY_WAITS = "The caller has gone, and nothing took effect.";

/** The answer to a call whose store has failed, whose time or patience is over or whose caller has gone. Whatever else was thrown is thrown again. */
export function toFailed(ports: ExecutionPorts, call: Calling, error: unknown): Failed {
  const found = findFailed(ports, call, error);
  if (found === null) throw error;
  return found;
}

/** The same, or null for whatever else was thrown. */
export function findFailed(ports: ExecutionPorts, call: Calling, error: unknown): Failed | null {
  if (error instanceof NestedCall) throw new TypeError(`action "${call.key}" ${error.message}`);
  if (error instanceof CallerGone) return failed("conflict", NOBODY_WAITS);
  if (error instanceof TurnTimedOut) {
    report(ports, call, "turn_timed_out", error);
    return failed("conflict", NO_TURN);
  }
  if (error instanceof TimedOut) {
    report(ports, call, "handler_timed_out", error);
    return failed("unavailable", NOT_IN_TIME);
  }
  if (error instanceof CommitTooLarge) return failed("payload_too_large", TOO_LARGE);
  if (error instanceof OverQuota) return error.failure;
  if (!(error instanceof StoreUnavailable)) return null;
  report(ports, call, "store_unavailable", error.cause);
  return failed("unavailable");
}

/** Does what a call asks for, and answers once all that it saw survives a crash. */
export async function answerSafely<T>(ports: ExecutionPorts, call: Calling, answer: () => Promise<T>): Promise<T | Failed> {
  try {
    const value = await answer();
    await ports.store.durable();
    return value;
  } catch (error) {
    return toFailed(ports, call, error);
  }
}
