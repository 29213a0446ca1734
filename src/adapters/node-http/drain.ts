import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Listener } from "./listener.ts";

/** How often connections that have become idle are looked for while a server stops, in milliseconds. */
const SWEEP_INTERVAL_MS = 50;

/** Stops a server as `RunningServer.close()` promises. */
export async function closeGently(server: Server, listener: Listener, sockets: ReadonlySet<Socket>, drainTimeoutMs: number): Promise<void> {
  const handlersDone = listener.drain();
  await readWhatHasArrived();
  const connectionsClosed = new Promise<void>((resolve) => server.close(() => resolve()));
  // To Node, a connection on which nothing was ever sent is not idle.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
  await within(drainTimeoutMs, Promise.all([handlersDone, connectionsClosed]));
  clearInterval(sweep);
  server.closeAllConnections();
}

/** Two turns of the event loop: requests that the system holds for us already get their 503 instead of a reset. */
function readWhatHasArrived(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
