import { createGuard } from "../../adapters/http/guard.ts";
import type { HttpHandler, HttpResponse } from "../../adapters/http/message.ts";
import { json } from "../../adapters/http/response.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import type { Readiness } from "./readiness.ts";

/** Options of {@link createHealthHandlers}. */
export interface HealthOptions {
  readonly askReadiness: () => Promise<Readiness>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly observe: Observe;
}

/**
 * `GET /healthz` says that the process answers; `GET /readyz` whether it should get requests: 200, or 503, with a word for each part. Neither needs a token
 * or tells anything from inside, and neither is observed as a request, since somebody asks every few seconds.
 */
export function createHealthHandlers({ askReadiness, clock, newId, observe }: HealthOptions): Readonly<Record<"/healthz" | "/readyz", HttpHandler>> {
  const guard = createGuard({ clock, newId, observe: (observation) => (observation.event === "request" ? undefined : observe(observation)) });
  const toHandler = (answer: () => MaybePromise<HttpResponse>) => guard(({ request }) => (request.method === "GET" || request.method === "HEAD" ? answer() : NOT_ALLOWED));
  return {
    "/healthz": toHandler(() => json(200, { alive: true })),
    "/readyz": toHandler(async () => {
      const parts = await askReadiness();
      const ready = Object.values(parts).every((isReady) => isReady);
      return json(ready ? 200 : 503, { ready, parts }, ready ? undefined : { "retry-after": "1" });
    }),
  };
}

const NOT_ALLOWED = json(405, { success: false, message: "Use one of GET, HEAD here.", code: "method_not_allowed" }, { allow: "GET, HEAD" });
