import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { NewId, Observe } from "../../../domain/ports.ts";
import { toAddressKey } from "../../http/address-key.ts";
import { Places } from "../../http/places.ts";
import { closeIdle } from "./idle.ts";
import type { ServerLimits } from "./limits.ts";
import type { Listener } from "../listener.ts";
import { findFailure, rejectConnection } from "../messages/reject.ts";

/** Options of {@link watchConnections}. */
export interface WatchOptions {
  readonly listener: Listener;
  readonly limits: ServerLimits;
  readonly newId: NewId;
  readonly observe: Observe;
}

/**
 * Looks after what happens on connections outside of requests: what is no HTTP, what is one connection too many, and what
 * is idle. Answers the set of open ones.
 */
export function watchConnections(server: Server, options: WatchOptions): ReadonlySet<Socket> {
  const sockets = countConnections(server, options);
  const look = setInterval(() => closeIdle(sockets, options), options.limits.connectionsCheckingIntervalMs).unref();
  server.once("close", () => clearInterval(look));
  rejectWhatIsNoRequest(server, options);
  return sockets;
}

function countConnections(server: Server, { listener, limits, observe }: WatchOptions): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const places = new Places({ overall: Infinity, perHolder: limits.maxConnectionsPerAddress });
  server.on("connection", (socket: Socket) => {
    const address = toAddressKey(socket.remoteAddress);
    const counts = !listener.addresses.isProxy(socket.remoteAddress);
    if (counts && places.take(address) !== undefined) {
      observe({ event: "connection_dropped", reason: "address" });
      return void socket.destroy();
    }
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      if (counts) places.leave(address);
    });
  });
  server.on("drop", () => observe({ event: "connection_dropped", reason: "overall" }));
  return sockets;
}

function rejectWhatIsNoRequest(server: Server, { listener, newId, observe }: WatchOptions): void {
  const rejected = new WeakSet<Socket>();
  server.on("clientError", (error: Error, socket: Socket) => {
    // The parser complains again about all that still comes.
    if (rejected.has(socket)) return;
    rejected.add(socket);
    const failure = findFailure(error);
    if (failure === undefined || !socket.writable) return void socket.destroy();
    const requestId = newId();
    const said = rejectConnection(failure, socket, listener.connectionOf(socket), requestId);
    if (said) observe({ event: "request_rejected", requestId, status: failure.status });
  });
}
