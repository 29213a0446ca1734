import { addEntryOf } from "../audit/audit-execution.ts";
import type { Shows } from "../audit/subject-changes.ts";
import type { Action } from "../catalog/action.ts";
import type { DataCheck } from "../catalog/declared/data-check.ts";
import { hasTakenCode, misfitOf, type DeclaredErrors } from "../catalog/declared/declared-errors.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { kindOf } from "../check-option.ts";
import { ActionError, endsCall, TimedOut } from "../errors.ts";
import type { Identity } from "../identity.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import type { AbortSignalLike } from "../ports.ts";
import type { Traced } from "../observation/tracing.ts";
import { AskedIdentity } from "./asked-identity.ts";
import { checkParams } from "./check-params.ts";
import { AuthorizeContext, Context, SubjectAuthorizeContext, SubjectContext } from "./context.ts";
import { report, type ExecutionPorts } from "./execution-ports.ts";
import type { Answers } from "./idempotency.ts";
import { failed, isSuccess, refused, type Outcome } from "./answer/outcome.ts";
import { OverQuota } from "./quota.ts";
import { asRecord, present, toOutcome, type Presentation } from "./answer/result.ts";
import { TimeLimit } from "./time/time-limit.ts";
import { readSubject } from "./unit/subjects.ts";
import { UnitOfWork } from "./unit/unit-of-work.ts";

/** One action on one subject (or on none) by one identity, with parameters that nobody has looked at yet. */
export interface Execution {
  readonly action: Action;
  /** The canonical ID; null for an action without a subject. */
  readonly id: string | null;
  readonly params: unknown;
  readonly identity: Identity;
  readonly requestId: string | undefined;
  /** How the call came. */
  readonly via: string | undefined;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignalLike | undefined;
  /** To which trace it belongs: a `traceparent` that is valid. */
  readonly traceparent: string | undefined;
  /** By which it is followed; null: nobody does. */
  readonly traced: Traced | null;
}

/** One try of an execution in a unit of work, which it changes only if it succeeds. Commits nothing. */
export class Attempt implements Presentation, Shows {
  readonly ports: ExecutionPorts;
  readonly execution: Execution;
  readonly action: Action;
  readonly id: string | null;
  readonly identity: Identity;
  unit: UnitOfWork;
  /** When it began, in epoch milliseconds. */
  readonly at: number;
  /** What `authorize()` was given. */
  readonly asked: AskedIdentity;
  /** The parameters once they have passed every check; until then undefined. */
  params: unknown = undefined;
  #start: number;
  #time: TimeLimit | null = null;
  #record: JsonObject | null = null;
  #shown: JsonObject | null = null;

  constructor(ports: ExecutionPorts, execution: Execution, unit: UnitOfWork) {
    this.ports = ports;
    this.execution = execution;
    this.action = execution.action;
    this.id = execution.id;
    this.identity = execution.identity;
    this.unit = unit;
    this.at = ports.clock();
    this.asked = new AskedIdentity(execution.identity);
    this.#start = unit.savepoint();
  }

  /**
   * Does it in the order that docs/http.md gives: subject, authorize, parameters, preconditions, handle. Always answers: it throws only
   * for a store that is not available, for a time that is over, and for a caller who has gone.
   */
  async run(): Promise<Outcome> {
    const { action } = this;
    let context: Context | null = null;
    try {
      const finding = this.#findSubject();
      const subject = isPromiseLike(finding) ? await this.#inTime(finding) : finding;
      if (subject === undefined) return failed("subject_not_found");
      const asking = action.authorize(subject === null ? new AuthorizeContext(this.asked) : new SubjectAuthorizeContext(this.asked, subject));
      const allowed = isPromiseLike(asking) ? await this.#inTime(asking) : asking;
      if (allowed !== true) return this.#forbid(allowed);
      const checking = checkParams(this, this.execution.params);
      const checked = isPromiseLike(checking) ? await this.#inTime(checking) : checking;
      if ("kind" in checked) return checked;
      this.params = checked.value;
      context = subject === null ? new Context(this) : new SubjectContext(this, subject);
      this.#isInHandler = true;
      const preparing = action.preconditions(context);
      this.#isInHandler = false;
      refuseAnswer(this.key, isPromiseLike(preparing) ? await this.#inTime(preparing) : preparing);
      this.#isInHandler = true;
      const handling = action.handle(context);
      this.#isInHandler = false;
      const outcome = this.#toOutcome(isPromiseLike(handling) ? await this.#inTime(handling) : handling);
      return action.result === null ? outcome : await this.#inTime(this.#checkData(outcome, action.result));
    } catch (thrown) {
      const error = action.errors !== null && thrown instanceof ActionError ? await this.#checkError(thrown, action.errors) : thrown;
      if (error instanceof TimedOut) this.#stop(context);
      return this.#toFailure(error);
    } finally {
      this.#isInHandler = false;
      context?.close();
      this.#time?.end();
    }
  }

  /** Only `true` lets anybody in; what is no boolean is a mistake of the action, which must not go unnoticed. */
  #forbid(allowed: unknown): Outcome {
    if (allowed !== false) this.#report(new TypeError(`action "${this.key}": authorize() must answer true or false, not ${allowed === null ? "null" : typeof allowed}`));
    return { ...failed("forbidden"), missing: this.asked.missing };
  }

  #report(error: unknown): void {
    report(this.ports, { key: this.key, requestId: this.execution.requestId, traced: this.execution.traced }, "internal_error", error);
  }

  /** While it is, and only then, whoever asks for a turn that is held here is known to be the handler itself. */
  set #isInHandler(is: boolean) {
    if (this.unit.turns !== null) this.unit.turns.isInHandler = is;
  }

  /** What is waited for has the rest of the attempt's time. */
  #inTime<T>(answer: PromiseLike<T>): PromiseLike<T> {
    const { deadlines } = this.ports;
    return deadlines === null ? answer : this.#limit().wait(answer, deadlines);
  }

  #limit(): TimeLimit {
    return (this.#time ??= new TimeLimit(this));
  }

  /** Leaves the unit as it was before; what the handler still does has no effect on it. */
  #stop(context: Context | null): void {
    context?.close("the time of the handler was over");
    this.undo();
  }

  /** Aborted when the time of the attempt is over, or its caller has gone. */
  get signal(): AbortSignal {
    return this.#limit().signal;
  }

  /** Tells the trail of a failure, in a unit of its own: the handler may still read in the one that it had. */
  concludeIn(unit: UnitOfWork, outcome: Outcome): Outcome {
    this.unit = unit;
    this.#start = unit.savepoint();
    return this.conclude(outcome);
  }

  /** Undoes what a failure has changed, adds the entry for the trail, and has the answer remembered. */
  conclude(outcome: Outcome, answers: Answers | null = null): Outcome {
    if (!isSuccess(outcome)) this.unit.rollback(this.#start);
    try {
      addEntryOf(this, outcome);
      answers?.keep(this.unit, outcome, this.asked.found);
      return outcome;
    } catch (error) {
      // What is not audited or not remembered is not done: a title that throws, say, of a subject that the handler changed.
      this.unit.rollback(this.#start);
      return this.#toFailure(error);
    }
  }

  /** What it has changed. */
  changes(): ReturnType<UnitOfWork["recorded"]> {
    return this.unit.recorded(this.#start);
  }

  /** Leaves the unit as it was before. */
  undo(): void {
    this.unit.rollback(this.#start);
  }

  get frozenParams(): JsonObject | undefined {
    // What makes frozen JSON of the parameters makes one object of them.
    return this.action.params.makesFrozenJson ? (this.params as JsonObject) : undefined;
  }

  get traceparent(): string | undefined {
    return this.execution.traceparent;
  }

  get key(): string {
    return this.action.key;
  }

  get returns(): Action["returns"] {
    return this.action.returns;
  }

  get message(): Action["message"] {
    return this.action.message;
  }

  /** A result that was read or put here is a record of its class; one that brings no title is taken for the subject. */
  showResult(result: object): JsonObject | null {
    const collection = this.unit.collectionOf(result);
    if (collection === undefined) return this.action.subject === null || "title" in result ? null : this.show(this.action.subject, toJsonObject(result));
    const subject = this.ports.catalog.subject(collection);
    // What has a collection is what the store or put() has made of it: JSON.
    return subject === null ? null : this.show(subject, result as JsonObject);
  }

  /** A record as clients see it. The same one is mostly asked for twice: for the answer and for the trail. */
  show(subject: SubjectClass, record: JsonObject): JsonObject {
    if (record === this.#record && this.#shown !== null) return this.#shown;
    this.#record = record;
    return (this.#shown = present(subject, record));
  }

  /** The subject's record: null for an action without one; undefined when it is not there for this identity. */
  #findSubject(): MaybePromise<JsonObject | null | undefined> {
    const { subject } = this.action;
    if (subject === null || this.id === null) return null;
    const found = readSubject(this.unit, subject, this.id);
    return isPromiseLike(found) ? found.then((record) => this.#ifVisible(subject, record)) : this.#ifVisible(subject, found);
  }

  #ifVisible(subject: SubjectClass, record: JsonObject | undefined): JsonObject | undefined {
    return record !== undefined && subject.visible({ identity: this.identity, record: asRecord(record) }) === true ? record : undefined;
  }

  #toOutcome(result: unknown): Outcome {
    const outcome = toOutcome(result, this);
    if (this.action.effect === "read" && this.changes().length > 0) throw new TypeError(`action "${this.key}" has the effect "read" and changed something`);
    return outcome;
  }

  /** Data must be what the action says of it: programs were told so. */
  async #checkData(outcome: Outcome, declared: DataCheck): Promise<Outcome> {
    const misfit = outcome.kind === "data" ? await declared.misfit(outcome.data) : undefined;
    if (misfit !== undefined) throw new TypeError(`action "${this.key}": its data is not what "returns" declares: ${misfit}`);
    return outcome;
  }

  /** The error, or what is wrong: its details are not what the action declares, or that could not be told (in time). */
  async #checkError(error: ActionError, declared: DeclaredErrors): Promise<unknown> {
    try {
      const misfit = await this.#inTime(misfitOf(declared, error));
      return misfit === undefined ? error : new TypeError(`action "${this.key}": ${misfit}`, { cause: error });
    } catch (failure) {
      return failure;
    }
  }

  #codeTaken(error: ActionError): TypeError {
    return new TypeError(`action "${this.key}": "${error.code}" is a failure code of every action; give the ActionError a code of its own`, { cause: error });
  }

  #toFailure(error: unknown): Outcome {
    if (error instanceof TimedOut || endsCall(error)) throw error;
    if (error instanceof ActionError) return hasTakenCode(error) ? this.#toFailure(this.#codeTaken(error)) : refused(error);
    if (error instanceof OverQuota) return error.failure;
    this.#report(error);
    return failed("internal_error");
  }
}

/** In plain JavaScript: a precondition that answers no, or an error, has refused nothing. */
function refuseAnswer(key: string, answer: unknown): void {
  if (answer !== false && !(answer instanceof Error)) return;
  throw new TypeError(`action "${key}": preconditions() must throw an ActionError when something is not so, and answer nothing, not ${answer === false ? "false" : kindOf(answer)}`);
}
