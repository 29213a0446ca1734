import type { Actions } from "../../domain/actions.ts";
import { isPromiseLike } from "../../domain/maybe-promise.ts";
import { failed, type Failed, type Outcome } from "../../domain/execution/answer/outcome.ts";
import type { BodyStream, HttpHeaders, HttpResponse } from "../http/message.ts";
import { JSON_HEADERS, UNBUFFERED } from "../http/response.ts";
import { toStatusAndBody } from "./status.ts";

/** Seconds after which a client that met `unavailable` or `too_many_requests` may come again, unless the failure says more. */
const RETRY_AFTER_SECONDS = 1;

/** Made once for each kind of answer. Answers differ by who asks (RFC 9110 section 12.5.5). */
const PLAIN: HttpHeaders = { ...JSON_HEADERS, vary: "Authorization" };
const REPLAYED: HttpHeaders = { ...PLAIN, "idempotency-replayed": "true" };
const RETRY: HttpHeaders = { ...PLAIN, "retry-after": String(RETRY_AFTER_SECONDS) };
const LINES = "application/x-ndjson; charset=utf-8";

/** The answer to an outcome. */
export function respond(outcome: Outcome, headers?: HttpHeaders): HttpResponse {
  const { status, body } = toStatusAndBody(outcome);
  const own = headersFor(outcome);
  return { status, headers: headers === undefined ? own : { ...own, ...headers }, body: JSON.stringify(body) };
}

/** The answer of 200 with this JSON; `replayed` when it was given before. */
export function respondWith(value: unknown, replayed = false): HttpResponse {
  return { status: 200, headers: replayed ? REPLAYED : PLAIN, body: JSON.stringify(value) };
}

/** So long a text goes out at once, in UTF-16 code units. */
const WHOLE_TEXT_LENGTH = 524_288;

/** {@link respondWith} for JSON that is text already, in one piece or several: in between those others get their turn. */
export function respondWithText(pieces: readonly string[], actions: Pick<Actions, "breathe">): HttpResponse {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { status: 200, headers: PLAIN, body: length <= WHOLE_TEXT_LENGTH ? pieces.join("") : handOut(pieces, actions) };
}

async function* handOut(pieces: readonly string[], actions: Pick<Actions, "breathe">): AsyncGenerator<string, void, void> {
  for (const piece of pieces) {
    const pausing = actions.breathe();
    if (isPromiseLike(pausing)) await pausing;
    yield piece;
  }
}

/** {@link respondWith} for a text that comes piece by piece. */
export function respondInPieces(pieces: BodyStream, replayed = false): HttpResponse {
  return { status: 200, headers: replayed ? REPLAYED : PLAIN, body: pieces };
}

/** The answer of 200 in lines of JSON. */
export function respondWithLines(lines: BodyStream | string, replayed = false): HttpResponse {
  return { status: 200, headers: { ...(replayed ? REPLAYED : PLAIN), "content-type": LINES, ...UNBUFFERED }, body: lines };
}

function headersFor(outcome: Outcome): HttpHeaders {
  if (outcome.kind === "failed") return outcome.code === "unavailable" || outcome.code === "too_many_requests" ? retryAfter(outcome) : PLAIN;
  return outcome.replayed === true ? REPLAYED : PLAIN;
}

function retryAfter({ retryAfterSeconds = RETRY_AFTER_SECONDS }: Failed): HttpHeaders {
  return retryAfterSeconds === RETRY_AFTER_SECONDS ? RETRY : { ...PLAIN, "retry-after": String(retryAfterSeconds) };
}

/** A refusal on the way to the action. */
export function refuse(code: Failed["code"], message?: string, headers?: HttpHeaders): HttpResponse {
  return respond(failed(code, message), headers);
}
