import { CommitTooLarge, StoreUnavailable, TimedOut } from "../../errors.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { toJson, type Json } from "../../json.ts";
import type { WorkflowHost } from "../host.ts";
import type { Timer } from "../../ports.ts";
import type { EachLoss } from "../flow.ts";
import { FinalFailure, toFailure, type StepFailure } from "./step-failure.ts";
import { StepScope, type StepTry } from "./step-scope.ts";
import { StepStopped, StepTime } from "./step-time.ts";

/** What became of one try of a step. */
export type Tried = { readonly value: Json | undefined } | FailedTry;

/** A try that failed; `cause` is the error as it was thrown, for the log. */
export interface FailedTry {
  readonly failure: StepFailure;
  /** It is no use to try again. */
  readonly isFinal: boolean;
  readonly cause: unknown;
}

/** Does the work in the unit, which it changes only if it succeeds. Throws when the store does not answer, the time is over, or the engine gives it up. */
export async function tryStep(host: WorkflowHost, timer: Timer, step: StepTry, unit: UnitOfWork): Promise<Tried> {
  const start = unit.savepoint();
  const time = new StepTime({ clock: host.clock, newAbortController: host.newAbortController, timer }, step);
  const scope = new StepScope(host, step, unit, time);
  try {
    const value = toValue(await time.wait(scope.run()), step.name);
    scope.auditOwnChanges();
    return { value };
  } catch (error) {
    if (error instanceof StoreUnavailable || error instanceof CommitTooLarge || error instanceof TimedOut || error instanceof StepStopped) throw error;
    unit.rollback(start);
    return toFailedTry(error);
  } finally {
    scope.close();
  }
}

/** Why nothing of a try can be kept, if that says nothing of its work: null for any other failure. */
export function toLoss({ cause }: FailedTry): EachLoss | null {
  if (cause instanceof TimedOut) return "unavailable";
  return cause instanceof FinalFailure && cause.cause instanceof CommitTooLarge ? "payload_too_large" : null;
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
