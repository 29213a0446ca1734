import { ActionError } from "../../errors.ts";
import { toJson, type Json } from "../../json.ts";

/** Why a step failed, as it is kept: what the error said, never where. */
export interface StepFailure {
  readonly message: string;
  /** It was an ActionError. */
  readonly refused: boolean;
  readonly code?: string;
  readonly details?: Json;
}

/** What is kept of an error. Anything may be thrown, and a step that has thrown what cannot be read has failed like any other. */
export function toFailure(error: unknown): StepFailure {
  try {
    return error instanceof ActionError ? toRefusal(error) : { message: messageOf(error), refused: false };
  } catch {
    return { message: "What was thrown cannot be kept.", refused: false };
  }
}

function toRefusal({ message, code, details }: ActionError): StepFailure {
  if (code !== undefined && typeof code !== "string") throw new TypeError("code must be a text");
  return { message: String(message), refused: true, ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details: toJson(details) }) };
}

/** An error without a message says what it is: Node has none for several that failed together, as when a server is down at all of its addresses. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = String(error.message ?? "");
  const each = own === "" && error instanceof AggregateError ? error.errors.map(messageOf).join("; ") : own;
  return each === "" ? String(error.name) : each;
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
