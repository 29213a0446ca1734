import { ActionError, StoreUnavailable } from "../../domain/errors.ts";
import { isSuccess, type Outcome, type Succeeded } from "../../domain/execution/outcome.ts";
import { isPromiseLike, run, settle, type MaybePromise, type Steps } from "../../domain/steps.ts";
import { createSubjects } from "../../domain/execution/subjects.ts";
import type { UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import type { StepContext } from "../../domain/workflow/flow.ts";
import { OwnChanges, type AuditedStep } from "../../domain/audit/audit-step.ts";
import type { Errand, WorkflowHost } from "../../domain/workflow/host.ts";
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

/** Does the work on top of the unit; what it changes joins the unit when it succeeds. Only a store that is out of order throws. */
export function* tryStep(host: WorkflowHost, timer: Timer, attempt: Try, unit: UnitOfWork): Steps<Tried> {
  const fork = unit.fork();
  const own = new OwnChanges(fork);
  try {
    const result = yield* settle(inTime(host, timer, attempt, () => attempt.work(contextOf(host, attempt, fork, unit, own))));
    const value = toValue(result, attempt.name);
    const { untouched } = fork;
    host.audit(attempt, own.take(), fork);
    fork.merge();
    return { value, untouched };
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return { failure: toFailure(error), cause: error };
  } finally {
    fork.seal();
  }
}

function contextOf(host: WorkflowHost, { runId, startedBy, key, attempt, ...step }: Try, fork: UnitOfWork, refusals: UnitOfWork, own: OwnChanges): StepContext {
  const perform = function* (errand: Errand): Steps<Outcome> {
    host.audit({ runId, startedBy, ...step }, own.take(), fork);
    const outcome = yield* host.perform(errand, fork, refusals);
    own.take();
    return outcome;
  };
  const tryToPerform: StepContext["tryToPerform"] = (action, id, params = {}) => run(perform({ runId, startedBy, key: action.key, id: id === null ? undefined : String(id), params }));
  const subjects = createSubjects(fork, host.newId);
  return {
    key: `${runId}/${key}`,
    attempt,
    now: new Date(host.clock()).toISOString(),
    newId: host.newId,
    get subjects() {
      own.begin();
      return subjects;
    },
    perform: async (action, id, params) => mustSucceed(await tryToPerform(action, id, params)),
    tryToPerform,
  };
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
