import type { FailureCode } from "../../domain/errors.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Failed, Outcome, Refused } from "../../domain/execution/answer/outcome.ts";
import type { Preview } from "../../domain/execution/preview.ts";

/** The one place where an outcome gets its HTTP status. */
export const FAILURE_STATUS: Readonly<Record<FailureCode, number>> = {
  malformed_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  unknown_action: 404,
  subject_not_found: 404,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_params: 422,
  subject_required: 422,
  subject_not_accepted: 422,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  internal_error: 500,
  unavailable: 503,
};

const SUCCESS = 200;
const REFUSED = 422;

/** An answer before it is text. */
export interface StatusAndBody {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The status and the body of an outcome: exactly the keys that docs/http.md gives, in its order. A preview's has its changes besides. */
export function toStatusAndBody(outcome: Outcome | Preview): StatusAndBody {
  const answer = toAnswer(outcome);
  return "changes" in outcome ? { ...answer, body: { ...answer.body, changes: outcome.changes } } : answer;
}

function toAnswer(outcome: Outcome): StatusAndBody {
  switch (outcome.kind) {
    case "message":
      return { status: SUCCESS, body: { success: true, message: outcome.message } };
    case "data":
      return { status: SUCCESS, body: { success: true, message: outcome.message, data: outcome.data } };
    case "workflow":
      return { status: SUCCESS, body: { success: true, workflow_id: outcome.workflow_id } };
    case "nothing":
      return { status: SUCCESS, body: { success: true } };
    case "refused":
      return { status: REFUSED, body: toRefusalBody(outcome) };
    case "failed":
      return { status: FAILURE_STATUS[outcome.code], body: toFailureBody(outcome) };
  }
}

function toRefusalBody({ message, code, details }: Refused): JsonObject {
  return { success: false, message, ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) };
}

function toFailureBody({ message, code, errors }: Failed): JsonObject {
  return errors === undefined ? { success: false, message, code } : { success: false, message, code, errors };
}
