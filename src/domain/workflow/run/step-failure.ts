import { ActionError } from "../../errors.ts";
import type { Json } from "../../json.ts";

/** Why a step failed, as it is kept: what the error said, never where. */
export interface StepFailure {
  readonly message: string;
  /** It was an ActionError. */
  readonly refused: boolean;
  readonly code?: string;
  readonly details?: Json;
}

/** What is kept of an error. */
export function toFailure(error: unknown): StepFailure {
  if (!(error instanceof ActionError)) return { message: error instanceof Error ? error.message : String(error), refused: false };
  const { message, code, details } = error;
  return { message, refused: true, ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) };
}

/** The error as the workflow's code gets it, the first time and after a restart. */
export function toError({ message, refused, code, details }: StepFailure): Error {
  if (!refused) return new StepFailed(message);
  return new ActionError(message, { ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) });
}

/** A step failed for good; says what its last error said. */
class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** A failure that another try would not mend. */
export class FinalFailure extends Error {
  override readonly name = "FinalFailure";
}
