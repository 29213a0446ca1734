import type { Socket } from "node:net";
import type { Observe } from "../../../domain/ports.ts";
import { toAddressKey } from "../../http/address-key.ts";
import { Places } from "../../http/places.ts";
import type { ServerLimits } from "./limits.ts";
import type { Listener } from "../listener.ts";

/** Options of {@link closeIdle}. */
export interface IdleOptions {
  readonly listener: Listener;
  readonly limits: ServerLimits;
  readonly observe: Observe;
}

/**
 * Of the connections on which nothing runs, closes those that are too many. Called again and again: the ones that were
 * found idle most often go first, and none that was not idle before, since a client that has just come needs a moment to ask.
 */
export function closeIdle(sockets: ReadonlySet<Socket>, { listener, limits, observe }: IdleOptions): void {
  const idle = [...sockets].filter((socket) => !listener.connectionOf(socket).isRunning);
  const looksAt = (socket: Socket): number => listener.connectionOf(socket).idleLooks;
  const byAddress = new Places({ overall: Infinity, perHolder: limits.maxIdleConnectionsPerAddress });
  let kept = 0;
  for (const socket of idle.sort((one, other) => looksAt(one) - looksAt(other))) {
    const { remoteAddress } = socket;
    const hasPlace = listener.addresses.isProxy(remoteAddress) || byAddress.take(toAddressKey(remoteAddress)) === undefined;
    if (looksAt(socket) > 0 && (!hasPlace || kept >= limits.maxIdleConnections)) {
      observe({ event: "connection_dropped", reason: "idle" });
      socket.destroy();
    } else {
      kept++;
      listener.connectionOf(socket).idleLooks++;
    }
  }
}
