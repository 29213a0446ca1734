import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import type { HttpHandler } from "../http/message.ts";
import { resolveRequestLimits } from "./limits/limits.ts";
import type { RequestLimits } from "./limits/limits.ts";
import { Listener } from "./listener.ts";

/** How a handler behaves in a server that is not ours. */
export interface RequestListenerOptions extends Partial<RequestLimits> {
  /** Epoch milliseconds. Default: the system's clock. */
  readonly clock?: Clock;
  /** Request ids for the answers that no handler gives. Default: random UUIDs. */
  readonly newId?: NewId;
  /** As in `ServerOptions`. Default: nobody. */
  readonly observe?: Observe;
  /** Proxies whose X-Forwarded-For is believed: addresses, or networks such as `10.0.0.0/8`. Default: none. */
  readonly trustedProxies?: readonly string[];
}

/**
 * Puts a handler into a server of your own: `http.createServer(toRequestListener(handler))`.
 * Timeouts, the size of headers, the number of connections and stopping are that server's business.
 *
 * @throws TypeError on a limit out of range.
 */
export function toRequestListener(handler: HttpHandler, options: RequestListenerOptions = {}): RequestListener {
  const { clock = Date.now, newId = randomUUID, observe, trustedProxies } = options;
  const listener = new Listener({ handler, limits: resolveRequestLimits(options), clock, newId, observe, trustedProxies });
  return (incoming, outgoing) => listener.receive(incoming, outgoing);
}
