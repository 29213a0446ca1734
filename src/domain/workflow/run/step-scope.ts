import type { AuditedStep } from "../../audit/audit-step.ts";
import type { SubjectId } from "../../catalog/subject-id.ts";
import { ActionError, type FailureCode } from "../../errors.ts";
import { HandlerUnit } from "../../execution/unit/handler-unit.ts";
import { isSuccess, type Outcome, type Succeeded } from "../../execution/answer/outcome.ts";
import { createSubjects, type Subjects } from "../../execution/unit/subjects.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import { awaitedLater } from "../../awaited-later.ts";
import type { StepCommand } from "./command.ts";
import type { StepTime, TimedTry } from "./step-time.ts";
import type { StepContext } from "../flow.ts";
import type { StepAction, WorkflowHost } from "../host.ts";

/** One try of a step. */
export interface StepTry extends AuditedStep, TimedTry, Pick<StepCommand, "work" | "performs"> {
  /** Names the step in its run. */
  readonly key: string;
  /** Which try it is, from 1. */
  readonly attempt: number;
  /** The workflow's name, for whoever follows the step. */
  readonly workflow?: string;
}

/**
 * One try of a step at work in its unit. The actions that it performs run one after the other, each on what the one
 * before has left; what they change has entries of its own in the trail, and what else changes is the step's.
 */
export class StepScope {
  readonly #host: WorkflowHost;
  readonly #step: StepTry;
  readonly #own: HandlerUnit;
  readonly #time: StepTime;
  #ownSince: number;
  /** Settles when what was begun so far has ended; never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  /** How many actions are under way or wait for others. */
  #acting = 0;
  #isClosed = false;

  constructor(host: WorkflowHost, step: StepTry, unit: UnitOfWork, time: StepTime) {
    this.#host = host;
    this.#step = step;
    this.#time = time;
    this.#own = new HandlerUnit(unit);
    this.#ownSince = unit.savepoint();
  }

  /** Does the step's work; settles when all that it has begun has ended. */
  async run(): Promise<unknown> {
    try {
      const result = await this.#step.work(this.#createContext());
      if (this.#acting > 0) throw new TypeError(`The step "${this.#step.name}" returned while an action of it was under way; await everything inside it.`);
      return result;
    } finally {
      this.close();
      await this.#last;
    }
  }

  /** Adds an entry for what the step has changed by itself since its last action. */
  auditOwnChanges(): void {
    this.#host.audit(this.#step, this.#own.unit, this.#ownSince);
  }

  /** From here on nothing can be changed, and no action begins. */
  close(): void {
    this.#isClosed = true;
    this.#own.close();
  }

  #createContext(): StepContext {
    const { runId, key, attempt, traceparent } = this.#step;
    const time = this.#time;
    const tryToPerform: StepContext["tryToPerform"] = (action, id, params = {}) => this.#perform(action.key, id, params);
    return {
      key: `${runId}/${key}`,
      attempt,
      now: new Date(this.#host.clock()).toISOString(),
      newId: this.#host.newId,
      subjects: this.#createSubjects(),
      perform: (action, id, params) => awaitedLater(tryToPerform(action, id, params).then(mustSucceed)),
      tryToPerform,
      traceparent,
      get signal() {
        return time.signal;
      },
    };
  }

  #inTurn<T>(work: () => MaybePromise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  #perform(key: string, id: SubjectId | null, params: object): Promise<Outcome> {
    const { runId, startedBy, traceparent } = this.#step;
    this.#acting++;
    return this.#inTurn(() => this.#act({ runId, startedBy, key, id: id === null ? undefined : String(id), params, traceparent }));
  }

  async #act(action: StepAction): Promise<Outcome> {
    try {
      if (this.#isClosed) throw new TypeError(`action "${action.key}" was performed after the step had returned; await everything inside it`);
      this.auditOwnChanges();
      return await this.#host.perform(action, this.#own.unit);
    } finally {
      this.#ownSince = this.#own.unit.savepoint();
      this.#acting--;
    }
  }

  /** Reads see what the actions that were begun before have done. */
  #createSubjects(): Subjects {
    const subjects = createSubjects(this.#own, this.#host.newId);
    const behindActions = <T>(read: () => MaybePromise<T>): MaybePromise<T> => (this.#acting === 0 ? read() : this.#last.then(read));
    return {
      get: (subject, id) => behindActions(() => subjects.get(subject, id)),
      getMany: (subject, ids) => behindActions(() => subjects.getMany(subject, ids)),
      all: (subject) => behindActions(() => subjects.all(subject)),
      nextId: (subject) => this.#inTurn(() => subjects.nextId(subject)),
      put: (subject, record) => {
        this.#refuseWhileActing(subject.class, record.id);
        return subjects.put(subject, record);
      },
      delete: (subject, id) => {
        this.#refuseWhileActing(subject.class, id);
        subjects.delete(subject, id);
      },
    };
  }

  #refuseWhileActing(subject: string, id: SubjectId): void {
    if (this.#acting > 0) throw new TypeError(`${subject} ${id} was changed while an action of the step was under way; await the action first`);
  }
}

/** Failures that another try of the step may mend. */
const MAY_PASS: ReadonlySet<FailureCode> = new Set(["internal_error", "too_many_requests"]);

/** A refusal, as an error that the code may catch. */
function mustSucceed(outcome: Outcome): Succeeded {
  if (isSuccess(outcome)) return outcome;
  if (outcome.kind === "failed" && MAY_PASS.has(outcome.code)) throw new Error(outcome.message);
  const details = outcome.kind === "refused" ? outcome.details : undefined;
  throw new ActionError(outcome.message, { ...(outcome.code === undefined ? {} : { code: outcome.code }), ...(details === undefined ? {} : { details }) });
}
