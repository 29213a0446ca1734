import { failed, type Failed, type Outcome } from "../../domain/execution/outcome.ts";
import type { HttpHeaders, HttpResponse } from "../http/message.ts";
import { json } from "../http/response.ts";
import { toStatusAndBody } from "./status.ts";

/** Seconds after which a client that met `unavailable` or `too_many_requests` may come again. */
const RETRY_AFTER_SECONDS = 1;

/** Answers differ by who asks (RFC 9110 section 12.5.5). */
const VARY: HttpHeaders = { vary: "Authorization" };
const REPLAYED: HttpHeaders = { ...VARY, "idempotency-replayed": "true" };
const RETRY: HttpHeaders = { ...VARY, "retry-after": String(RETRY_AFTER_SECONDS) };

/** The answer to an outcome. */
export function respond(outcome: Outcome, headers?: HttpHeaders): HttpResponse {
  const { status, body } = toStatusAndBody(outcome);
  const own = headersFor(outcome);
  return json(status, body, headers === undefined ? own : { ...own, ...headers });
}

/** The answer of 200 with this JSON; `replayed` when it was given before. */
export function respondWith(value: unknown, replayed = false): HttpResponse {
  return json(200, value, replayed ? REPLAYED : VARY);
}

function headersFor(outcome: Outcome): HttpHeaders {
  if (outcome.kind === "failed") return outcome.code === "unavailable" || outcome.code === "too_many_requests" ? RETRY : VARY;
  return outcome.replayed === true ? REPLAYED : VARY;
}

/** A refusal on the way to the action. */
export function refuse(code: Failed["code"], message?: string, headers?: HttpHeaders): HttpResponse {
  return respond(failed(code, message), headers);
}
