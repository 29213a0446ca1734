import { CommitTooLarge, StoreUnavailable, TimedOut } from "../../errors.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { toJson, type Json } from "../../json.ts";
import type { WorkflowHost } from "../host.ts";
import type { Timer } from "../../ports.ts";
import { FinalFailure, toFailure, type StepFailure } from "./step-failure.ts";
import { StepScope, type StepTry } from "./step-scope.ts";

/** What became of one try of a step. */
export type Tried = { readonly value: Json | undefined } | FailedTry;

/** A try that failed; `cause` is the error as it was thrown, for the log. */
export interface FailedTry {
  readonly failure: StepFailure;
  /** It is no use to try again. */
  readonly isFinal: boolean;
  readonly cause: unknown;
}

/** Does the work in the unit, which it changes only if it succeeds. Throws when the store does not answer, or the time is over. */
export async function tryStep(host: WorkflowHost, timer: Timer, step: StepTry, unit: UnitOfWork): Promise<Tried> {
  const start = unit.savepoint();
  const scope = new StepScope(host, step, unit);
  try {
    const value = toValue(await inTime(host, timer, step, scope.run()), step.name);
    scope.auditOwnChanges();
    return { value };
  } catch (error) {
    if (error instanceof StoreUnavailable || error instanceof CommitTooLarge || error instanceof TimedOut) throw error;
    unit.rollback(start);
    return toFailedTry(error);
  } finally {
    scope.close();
  }
}

/** A try that failed with this. Neither a refusal nor an answer that cannot be kept is mended by another try. */
export function toFailedTry(cause: unknown): FailedTry {
  const failure = toFailure(cause);
  return { failure, isFinal: failure.refused || cause instanceof FinalFailure, cause };
}

/** What a step or a workflow answered, as JSON; undefined for nothing. */
export function toValue(result: unknown, name: string): Json | undefined {
  try {
    return result === undefined ? undefined : toJson(result, `what "${name}" answered`);
  } catch (error) {
    throw new FinalFailure(toFailure(error).message);
  }
}

/** The answer, or an error once its time is over; whatever comes of it after that is ignored. */
async function inTime<T>({ clock }: WorkflowHost, timer: Timer, { name, timeoutMs }: StepTry, answer: Promise<T>): Promise<T> {
  if (timeoutMs === null) return answer;
  let giveUp = (): void => undefined;
  const over = new Promise<never>((_, reject) => {
    giveUp = timer(clock() + timeoutMs, () => reject(new TimedOut(`The step "${name}" took longer than ${timeoutMs} ms.`)));
  });
  try {
    return await Promise.race([answer, over]);
  } finally {
    giveUp();
  }
}
