import type { HttpFailure } from "../http/failure.ts";

/** What this adapter answers on its own, before or instead of any handler. */
export const HOST_MISSING = malformed(400, "The Host header is missing or was sent more than once; send it once.");
export const TRANSFER_ENCODING = malformed(400, "The only Transfer-Encoding understood is chunked.");
export const EXPECTATION = malformed(417, "The only expectation understood is 100-continue.");
export const NOT_HTTP = malformed(400, "The request is not well-formed HTTP.");
export const TOO_SLOW = malformed(408, "The request took too long to arrive; send it again.");
export const OVERLOADED = unavailable("The server is busy; try again in a second.", "1");
export const DRAINING = unavailable("The server is shutting down; try again in a few seconds.", "5");

/** Too many headers, or too long ones. */
export const HEADERS_TOO_LARGE = malformed(431, "The request's headers are too many or too long; send fewer and shorter ones.");

function malformed(status: number, message: string): HttpFailure {
  return { status, code: "malformed_request", message };
}

function unavailable(message: string, retryAfterSeconds: string): HttpFailure {
  return { status: 503, code: "unavailable", message, headers: { "retry-after": retryAfterSeconds } };
}
