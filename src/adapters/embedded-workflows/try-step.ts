import { ActionError, StoreUnavailable } from "../../domain/errors.ts";
import { isSuccess, type Outcome, type Succeeded } from "../../domain/execution/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../domain/maybe-promise.ts";
import { HandlerUnit } from "../../domain/execution/handler-unit.ts";
import { createSubjects } from "../../domain/execution/subjects.ts";
import type { UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import type { StepContext } from "../../domain/workflow/flow.ts";
import type { AuditedStep } from "../../domain/audit/audit-step.ts";
import type { StepAction, WorkflowHost } from "../../domain/workflow/host.ts";
import { toFailure, toValue, type StepFailure } from "./journal.ts";
import type { Json } from "../../domain/json.ts";
import type { Timer } from "../../domain/workflow/port.ts";

/** What became of one try of a step. */
export type Tried = { readonly value: Json | undefined; readonly untouched: boolean } | { readonly failure: StepFailure; readonly cause: unknown };

/** One try of a step. */
export interface Try extends AuditedStep {
  /** The call's key in its run. */
  readonly key: string;
  readonly attempt: number;
  readonly timeoutMs: number | null;
  readonly work: (step: StepContext) => MaybePromise<unknown>;
}

/** Does the work in the unit, which it changes only if it succeeds. Only a store that is out of order throws. */
export async function tryStep(host: WorkflowHost, timer: Timer, attempt: Try, unit: UnitOfWork): Promise<Tried> {
  const start = unit.savepoint();
  const step = new Step(host, attempt, unit);
  try {
    const result = await inTime(host, timer, attempt, () => attempt.work(step.context));
    const value = toValue(result, attempt.name);
    const untouched = unit.isUntouched && unit.savepoint() === start;
    step.auditOwnChanges();
    return { value, untouched };
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    unit.rollback(start);
    return { failure: toFailure(error), cause: error };
  } finally {
    step.close();
  }
}

/** What a step works with, and which of the changes are its own: those of the actions that it performs have entries of their own. */
class Step {
  readonly context: StepContext;
  readonly #host: WorkflowHost;
  readonly #of: Try;
  readonly #unit: UnitOfWork;
  readonly #work: HandlerUnit;
  #ownSince: number;

  constructor(host: WorkflowHost, of: Try, unit: UnitOfWork) {
    this.#host = host;
    this.#of = of;
    this.#unit = unit;
    this.#work = new HandlerUnit(unit);
    this.#ownSince = unit.savepoint();
    const { runId, startedBy, key, attempt } = of;
    const tryToPerform: StepContext["tryToPerform"] = (action, id, params = {}) => this.#perform({ runId, startedBy, key: action.key, id: id === null ? undefined : String(id), params });
    this.context = {
      key: `${runId}/${key}`,
      attempt,
      now: new Date(host.clock()).toISOString(),
      newId: host.newId,
      subjects: createSubjects(this.#work, host.newId),
      perform: async (action, id, params) => mustSucceed(await tryToPerform(action, id, params)),
      tryToPerform,
    };
  }

  auditOwnChanges(): void {
    this.#host.audit(this.#of, this.#unit, this.#ownSince);
  }

  close(): void {
    this.#work.close();
  }

  async #perform(action: StepAction): Promise<Outcome> {
    this.auditOwnChanges();
    const outcome = await this.#host.perform(action, this.#unit);
    this.#ownSince = this.#unit.savepoint();
    return outcome;
  }
}

/** A refusal, as an error that the code may catch. */
function mustSucceed(outcome: Outcome): Succeeded {
  if (isSuccess(outcome)) return outcome;
  if (outcome.kind === "failed" && outcome.code === "internal_error") throw new Error(outcome.message);
  const details = outcome.kind === "refused" ? outcome.details : undefined;
  throw new ActionError(outcome.message, { ...(outcome.code === undefined ? {} : { code: outcome.code }), ...(details === undefined ? {} : { details }) });
}

/** The work, or an error once its time is over; whatever comes of it after that is ignored. */
function inTime(host: WorkflowHost, timer: Timer, { name, timeoutMs }: Try, work: () => MaybePromise<unknown>): MaybePromise<unknown> {
  const result = work();
  if (timeoutMs === null || !isPromiseLike(result)) return result;
  return new Promise((resolve, reject) => {
    const giveUp = timer(host.clock() + timeoutMs, () => reject(new TimedOut(`The step "${name}" took longer than ${timeoutMs} ms.`)));
    const settled = (then: () => void) => {
      giveUp();
      then();
    };
    result.then((value) => settled(() => resolve(value)), (error: unknown) => settled(() => reject(error)));
  });
}

/** A step's try took too long. */
class TimedOut extends Error {
  override readonly name = "TimedOut";
}

/** Is it final, or worth another try? */
export function isFinal(tried: Tried): boolean {
  return "failure" in tried && tried.cause instanceof ActionError;
}
