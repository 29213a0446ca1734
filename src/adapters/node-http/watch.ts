import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { NewId, Observe } from "../../domain/ports.ts";
import type { Listener } from "./listener.ts";
import { findFailure, rejectConnection } from "./reject.ts";

/**
 * Looks after what happens on connections outside of requests: what is no HTTP, and
 * what is one connection too many. Answers the set of open ones.
 */
export function watchConnections(server: Server, listener: Listener, newId: NewId, observe: Observe): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const rejected = new WeakSet<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("drop", () => observe({ event: "connection_dropped" }));
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
  return sockets;
}
