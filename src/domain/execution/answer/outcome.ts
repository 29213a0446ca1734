import type { ActionError, FailureCode, FieldErrors } from "../../errors.ts";
import type { Json, JsonObject } from "../../json.ts";

/** What an execution came to: plain JSON data, the same for every transport. */
export type Outcome = Succeeded | Refused | Failed;

/** The handler returned. `kind` says what; see the table in docs/http.md, "Execute". */
export type Succeeded = SucceededWith & {
  /** For web adapters: where to send the browser next. */
  readonly redirect?: string;
  readonly replayed?: Replayed;
};

type SucceededWith =
  | { readonly kind: "message"; readonly message: string }
  | { readonly kind: "data"; readonly message: string; readonly data: JsonObject }
  | { readonly kind: "workflow"; readonly workflow_id: string }
  | { readonly kind: "nothing" };

/** There when this is the answer that an earlier call with the same idempotency key was given; nothing ran. */
export type Replayed = true;

/** The action itself said no, by an ActionError. */
export interface Refused {
  readonly kind: "refused";
  readonly message: string;
  readonly code?: string;
  readonly details?: Json;
  readonly replayed?: Replayed;
}

/** It did not come to an answer of the action's own. */
export interface Failed {
  readonly kind: "failed";
  readonly code: FailureCode;
  readonly message: string;
  /** With `invalid_params`: what is wrong with which field. */
  readonly errors?: FieldErrors;
  /** With `forbidden`: the permissions that were asked for and not held. */
  readonly missing?: readonly string[];
  /** With `too_many_requests`: from when on it may go well again. */
  readonly retryAfterSeconds?: number;
}

/** Did the action do what it was asked? */
export function isSuccess(outcome: Outcome): outcome is Succeeded {
  return outcome.kind !== "refused" && outcome.kind !== "failed";
}

const MESSAGES: Readonly<Record<FailureCode, string>> = {
  conflict: "Somebody else changed this meanwhile. Try again.",
  forbidden: "You may not do this.",
  idempotency_key_reused: "This Idempotency-Key was used for another request. Use a new one.",
  internal_error: "Server error.",
  invalid_params: "The parameters are not valid.",
  malformed_request: "The request is malformed.",
  method_not_allowed: "This method is not allowed here.",
  not_found: "There is nothing here.",
  payload_too_large: "The body is too large.",
  precondition_failed: "What was seen has changed meanwhile, and nothing was done. Look again before you decide.",
  subject_not_accepted: "This action takes no subject: leave the ID out of the URL.",
  subject_not_found: "There is no such subject.",
  subject_required: "This action needs a subject: put its ID into the URL.",
  too_many_requests: "Too many requests. Try again later.",
  unauthenticated: "Unauthenticated.",
  unavailable: "The service is not available right now. Try again later.",
  unknown_action: "There is no such action.",
  unsupported_media_type: "The body must be application/json, without a Content-Encoding.",
};

/** A failure with this code, in its usual words unless others are given. */
export function failed(code: FailureCode, message: string = MESSAGES[code]): Failed {
  return { kind: "failed", code, message };
}

/** What an ActionError says. */
export function refused({ message, code, details }: ActionError): Refused {
  return { kind: "refused", message, ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) };
}

/**
 * `invalid_params`: each sentence names its field, so that it can be read alone. The first is the
 * message, with the number of those that follow.
 */
export function invalidParams(faults: FieldErrors): Failed {
  const named = Object.entries(faults).map(([field, sentences]) => [field, sentences.map((sentence) => nameField(field, sentence))] as const);
  const [first = MESSAGES.invalid_params, ...others] = named.flatMap(([, sentences]) => sentences);
  const more = others.length === 1 ? "1 more error" : `${others.length} more errors`;
  const message = others.length === 0 ? first : `${first} (and ${more})`;
  return { kind: "failed", code: "invalid_params", message, errors: Object.fromEntries(named) };
}

/** `Must be text.` of the field `reason` becomes `reason must be text.`; other sentences stay as they are. */
function nameField(field: string, sentence: string): string {
  return field !== "" && /^(Must|Is) /.test(sentence) ? `${field} ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` : sentence;
}
