import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";

/** What becomes of a request on its way: it is lost, its answer is lost or cut, something else answers, or it takes its time. */
export type Fault = "none" | "refused" | "request lost" | "answer lost" | "answer cut" | "unavailable" | "bad gateway" | "slow";

/** A proxy that does what it is told with each request. */
export interface FaultyProxy {
  readonly port: number;
  /** How often each was done. */
  readonly done: ReadonlyMap<Fault, number>;
  close(): void;
}

/** Options of {@link startFaultyProxy}. */
export interface FaultyProxyOptions {
  /** Where the server listens by now. */
  readonly target: () => Promise<number>;
  readonly next: () => Fault;
}

const UNAVAILABLE = '{"success":false,"message":"Not now.","code":"unavailable"}';
const RAW: Partial<Record<Fault, string>> = {
  unavailable: `HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 0\r\nContent-Length: ${UNAVAILABLE.length}\r\n\r\n${UNAVAILABLE}`,
  "bad gateway": "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<p>Sorry.</p>\r\n",
};

/** Starts it on a free port. Requests are small: each comes in one piece. */
export async function startFaultyProxy({ target, next }: FaultyProxyOptions): Promise<FaultyProxy> {
  const done = new Map<Fault, number>();
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    sockets.add(client.on("error", () => client.destroy()).on("close", () => sockets.delete(client)));
    client.on("data", (request) => {
      const fault = next();
      done.set(fault, (done.get(fault) ?? 0) + 1);
      const raw = RAW[fault];
      if (raw !== undefined) client.write(raw);
      else if (fault === "refused" || fault === "request lost") client.destroy();
      else void target().then((port) => forward(request, client, port, fault, fault === "answer cut" ? cuts++ : 0));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    done,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Each request over a connection of its own; a cut is a byte later each time, and begins anew behind the longest answer. */
function forward(request: Buffer, client: Socket, port: number, fault: Fault, cut: number): void {
  const server = connect(port, "127.0.0.1", () => server.write(request));
  server.on("error", () => client.destroy()).on("close", () => client.destroy());
  client.on("close", () => server.destroy());
  server.on("data", (answer: Buffer) => {
    if (fault === "answer lost") return void client.destroy();
    if (fault === "answer cut") return void client.write(answer.subarray(0, cut % answer.length), () => client.destroy());
    if (fault === "slow") void dribble(answer, client);
    else client.write(answer);
  });
}

/** A few bytes a turn of the event loop. */
async function dribble(answer: Buffer, client: Socket): Promise<void> {
  for (let at = 0; at < answer.length; at += DRIBBLE_BYTES) {
    client.write(answer.subarray(at, at + DRIBBLE_BYTES));
    await setImmediate();
  }
}

const DRIBBLE_BYTES = 32;
