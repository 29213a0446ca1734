import { createHash, timingSafeEqual } from "node:crypto";
import { requireMethods } from "../../../domain/check-option.ts";
import type { Clock, NewId } from "../../../domain/ports.ts";
import { renderFailure } from "../../http/failure.ts";
import { createGuard, type GuardedRequest } from "../../http/guard.ts";
import { namesType } from "../../http/media/accept.ts";
import type { HttpHandler, HttpHeaders, HttpResponse } from "../../http/message.ts";
import { noContent } from "../../http/response.ts";
import type { Metrics } from "./metrics.ts";

/** Options of {@link createMetricsHandler}. */
export interface MetricsHandlerOptions {
  readonly metrics: Metrics;
  /** What a reader must send, as `Authorization: Bearer …`: 16 to 1,024 printable ASCII characters without spaces. Default: whoever reaches the handler may read. */
  readonly token?: string | undefined;
  /** Epoch milliseconds. */
  readonly clock: Clock;
  /** Makes the request IDs. */
  readonly newId: NewId;
}

/** Where the figures are. */
const METRICS_PATH = "/metrics";

const TOKEN = /^[!-~]{16,1024}$/;
const ALLOW = "GET, HEAD, OPTIONS";
const NOT_FOUND = { status: 404, code: "not_found", message: `There is nothing here. The figures are at ${METRICS_PATH}.` };
const NOT_ALLOWED = { status: 405, code: "method_not_allowed", message: "Use GET here.", headers: { allow: ALLOW } };
const UNAUTHENTICATED = { status: 401, code: "unauthenticated", message: "Unauthenticated.", headers: { "www-authenticate": 'Bearer realm="metrics"' } };

/**
 * Answers `GET /metrics` with the figures: in Prometheus' text format 0.0.4, or in that of OpenMetrics to who asks for it. Reading them is
 * neither logged nor counted.
 *
 * @throws TypeError on a token that is too short, or has characters that no header can carry.
 */
export function createMetricsHandler({ metrics, token, clock, newId }: MetricsHandlerOptions): HttpHandler {
  requireMethods("metrics", metrics, ["render"], "give what createMetrics() answers");
  if (token !== undefined && !TOKEN.test(token)) throw new TypeError("token must be 16 to 1,024 printable ASCII characters without spaces, such as `openssl rand -hex 32` prints");
  const mayRead = token === undefined ? () => true : createCheck(token);
  return createGuard({ newId, clock })((guarded) => answer(metrics, mayRead, guarded));
}

async function answer(metrics: Metrics, mayRead: (authorization: string | undefined) => boolean, { path, request, headers }: GuardedRequest): Promise<HttpResponse> {
  if (path !== METRICS_PATH) return renderFailure(NOT_FOUND);
  if (request.method === "OPTIONS") return noContent(204, { allow: ALLOW });
  if (request.method !== "GET" && request.method !== "HEAD") return renderFailure(NOT_ALLOWED);
  if (!mayRead(headers.authorization)) return renderFailure(UNAUTHENTICATED);
  const { contentType, text } = await metrics.render(namesType(headers.get("accept") ?? "", "application/openmetrics-text") ? "openmetrics" : "prometheus");
  const own: HttpHeaders = { "content-type": contentType, vary: "Accept, Authorization" };
  return { status: 200, headers: own, body: text };
}

/** Compares digests, all of the same length, in a time that says nothing of how far a guess is right. */
function createCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(`Bearer ${token}`);
  return (authorization) => authorization !== undefined && timingSafeEqual(digest(authorization.replace(/^bearer +/i, "Bearer ")), expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
