import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import { requireFunction, requireOptionalFunction } from "../../domain/check-option.ts";
import type { HttpHandler } from "../http/message.ts";
import type { RequestTracing } from "../http/tracing.ts";
import { createPrefix } from "../http/target.ts";
import { resolveRequestLimits } from "./limits/limits.ts";
import type { RequestLimits } from "./limits/limits.ts";
import { Listener } from "./listener.ts";

/** How a handler behaves in a server that is not ours. */
export interface RequestListenerOptions extends Partial<RequestLimits> {
  /** What stands in the path before the handler's own: `/backend` serves `/backend/api/v1/…`. Default: nothing. */
  readonly prefix?: string;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly clock?: Clock;
  /** Request ids for the answers that no handler gives. Default: random UUIDs. */
  readonly newId?: NewId;
  /** As in `ServerOptions`. Default: unforeseen failures are written to stderr. */
  readonly observe?: Observe;
  /** Follows the requests that this adapter answers itself, as that of the handler's own options follows the others. Default: nobody does. */
  readonly tracing?: RequestTracing;
  /** Proxies whose X-Forwarded-For is believed: addresses, or networks such as `10.0.0.0/8`. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** What stands before a failure's code in the `type` of problem details, where this adapter answers itself: as `createRest` has it. Default `/api/v1/openapi.json#`. */
  readonly problemTypeBase?: string;
}

/**
 * Puts a handler into a server of your own: `http.createServer(toRequestListener(handler))`, or `app.use("/api", toRequestListener(handler))`
 * in Express: where a framework has taken a mount path off, what is left counts if that is a path of ours, else such a path in what was asked
 * for (`originalUrl`), or all of that. Of a body that a parser has read before, what it left in `request.body` is taken, if that is bytes, text or JSON.
 * Timeouts, the size of headers, the number of connections and stopping are that server's business.
 *
 * @throws TypeError on a limit out of range, and on any other option that is wrong.
 */
export function toRequestListener(handler: HttpHandler, options: RequestListenerOptions = {}): RequestListener {
  requireFunction("handler", handler, "give what createRest() answers");
  requireOptionalFunction("observe", options.observe, "it gets what happened");
  requireOptionalFunction("clock", options.clock, "give one that answers epoch milliseconds, such as Date.now");
  requireOptionalFunction("newId", options.newId, "give one that answers a fresh ID, such as crypto.randomUUID");
  const { prefix = "", clock = Date.now, newId = randomUUID, observe, tracing, trustedProxies, problemTypeBase } = options;
  const listener = new Listener({ handler, limits: resolveRequestLimits(options), clock, newId, observe, tracing, trustedProxies, problemTypeBase });
  const strip = createPrefix(prefix);
  const targetOf = prefix === "" ? findTarget : askedFor;
  // With the third parameter of a middleware, h3 (Nitro, Nuxt) waits until it has answered, and does not answer itself at once.
  return (incoming: IncomingMessage, outgoing: ServerResponse, _next?: unknown) => listener.receive(incoming, outgoing, strip(targetOf(incoming)));
}

/** Under a mount path, Express and its like show only the rest of it as `url`. */
function askedFor(incoming: IncomingMessage): string {
  return "originalUrl" in incoming && typeof incoming.originalUrl === "string" ? incoming.originalUrl : (incoming.url ?? "");
}

/** What our own handlers serve begins with one of these. */
const OWN_ROOT = /^\/(?:api\/v1|oauth|\.well-known)(?=[/?]|$)/;

/** Mounted at `/backend`, what is left of the path is what a handler knows; mounted at `/api` or `/api/v1`, that begins within what was taken off. */
function findTarget(incoming: IncomingMessage): string {
  const left = incoming.url ?? "";
  return OWN_ROOT.test(left) ? left : ownPartOf(askedFor(incoming), left);
}

/** All of what was asked for, unless a router in front has a mount path of its own: of `/shops/7/api/v1/x` it is `/api/v1/x`. */
function ownPartOf(asked: string, left: string): string {
  if (!asked.endsWith(left)) return asked;
  for (let at = asked.length - left.length; at > 0; ) {
    at = asked.lastIndexOf("/", at - 1);
    if (OWN_ROOT.test(asked.slice(at))) return asked.slice(at);
  }
  return asked;
}
