import { failed, type Failed, type Outcome } from "../../domain/outcome.ts";
import type { HttpHeaders, HttpResponse } from "../http/message.ts";
import { json } from "../http/response.ts";
import { toStatusAndBody } from "./status.ts";

/** Seconds after which a client that met `unavailable` may come again. */
const RETRY_AFTER_SECONDS = 1;

/** Answers differ by who asks (RFC 9110 section 12.5.5). */
const VARY: HttpHeaders = { vary: "Authorization" };
const RETRY: HttpHeaders = { ...VARY, "retry-after": String(RETRY_AFTER_SECONDS) };

/** The answer to an outcome. */
export function respond(outcome: Outcome, headers: HttpHeaders = VARY): HttpResponse {
  const { status, body } = toStatusAndBody(outcome);
  return json(status, body, outcome.kind === "failed" && outcome.code === "unavailable" ? { ...headers, ...RETRY } : headers);
}

/** The answer of 200 with this JSON. */
export function respondWith(value: unknown): HttpResponse {
  return json(200, value, VARY);
}

/** A refusal on the way to the action. */
export function refuse(code: Failed["code"], message?: string, headers?: HttpHeaders): HttpResponse {
  return respond(message === undefined ? failed(code) : failed(code, message), headers === undefined ? VARY : { ...VARY, ...headers });
}
