import type { Expected } from "./harness.ts";

/** The failure's status, body and headers, in its usual words unless others are given. */
export function failure(status: number, code: string, message: string, headers: Expected["headers"] = {}): Expected {
  return { status, headers, body: { success: false, message, code } };
}

/** `invalid_params`, for one sentence or several. */
export function invalid(errors: Readonly<Record<string, readonly string[]>>): Expected {
  const sentences = Object.values(errors).flat();
  const more = sentences.length > 1 ? ` (and ${sentences.length - 1} more error${sentences.length > 2 ? "s" : ""})` : "";
  return { status: 422, body: { success: false, message: `${sentences[0]}${more}`, code: "invalid_params", errors } };
}

export const UNAUTHENTICATED = { success: false, message: "Unauthenticated.", code: "unauthenticated" } as const;
export const NO_TOKEN: Expected = { status: 401, headers: { "www-authenticate": 'Bearer realm="actionport"' }, body: UNAUTHENTICATED };
export const BAD_TOKEN: Expected = { status: 401, headers: { "www-authenticate": 'Bearer realm="actionport", error="invalid_token"' }, body: UNAUTHENTICATED };
export const FORBIDDEN = failure(403, "forbidden", "You may not do this.");
export const UNKNOWN_ACTION = failure(404, "unknown_action", "There is no such action.");
export const NO_SUBJECT = failure(404, "subject_not_found", "There is no such subject.");
export const NOT_FOUND = failure(404, "not_found", "There is nothing here.");
export const SUBJECT_REQUIRED = failure(422, "subject_required", "This action needs a subject: put its ID into the URL.");
export const SUBJECT_NOT_ACCEPTED = failure(422, "subject_not_accepted", "This action takes no subject: leave the ID out of the URL.");
export const MEDIA_TYPE = failure(415, "unsupported_media_type", "Send the body as Content-Type: application/json.");
export const ENCODED = failure(415, "unsupported_media_type", "Send the body without a Content-Encoding.");
export const NOT_JSON = failure(400, "malformed_request", "The body must be JSON, with no name twice in one object and at most 32 levels deep.");
export const NOT_OBJECT = failure(400, "malformed_request", "The body must be a JSON object.");
export const NOT_UTF8 = failure(400, "malformed_request", "The body must be UTF-8 without a byte order mark.");
/** The unforeseen, with one entry in the log. */
export const INTERNAL_ERROR: Expected = { ...failure(500, "internal_error", "Server error."), failures: 1 };
