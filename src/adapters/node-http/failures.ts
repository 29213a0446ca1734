import type { HttpFailure } from "../http/failure.ts";

/** What this adapter answers on its own, before or instead of any handler. */
export const HOST_MISSING = malformed(400, "The Host header is missing or was sent more than once; send it once.");
/** RFC 9110 section 15.6.6. The answer itself says which version is spoken. */
export const VERSION = malformed(505, "The HTTP versions understood are 1.1 and 1.0.");
/** RFC 9112 section 6.1. Where the parser sees that chunked is not the last one, it is {@link NOT_HTTP} (section 6.3). */
export const TRANSFER_ENCODING = malformed(501, "The only Transfer-Encoding understood is chunked.");
/** RFC 9112 section 6.1: its framing is faulty, whatever the coding. */
export const TRANSFER_ENCODING_IN_1_0 = malformed(400, "HTTP/1.0 knows no Transfer-Encoding; send the body with a Content-Length.");
export const EXPECTATION = malformed(417, "The only expectation understood is 100-continue.");
export const NOT_HTTP = malformed(400, "The request is not well-formed HTTP.");
export const TOO_SLOW = malformed(408, "The request took too long to arrive; send it again.");
export const TOO_MANY_BODIES = tooMany("Too many requests from this address are still on their way; finish some, then try again.");
export const TOO_MANY_STREAMS = tooMany("Too many streams are open to this address; close some, then try again.");
export const OVERLOADED = unavailable("The server is busy; try again in a second.", "1");
export const DRAINING = unavailable("The server is shutting down; try again in a few seconds.", "5");

/** Too many headers, or too long ones. */
export const HEADERS_TOO_LARGE = malformed(431, "The request's headers are too many or too long; send fewer and shorter ones.");

function malformed(status: number, message: string): HttpFailure {
  return { status, code: "malformed_request", message };
}

function tooMany(message: string): HttpFailure {
  return { status: 429, code: "too_many_requests", message, headers: { "retry-after": "1" } };
}

function unavailable(message: string, retryAfterSeconds: string): HttpFailure {
  return { status: 503, code: "unavailable", message, headers: { "retry-after": retryAfterSeconds } };
}
