import { connect, createServer, type Server, type Socket } from "node:net";
import { request } from "node:http";
import { once } from "node:events";

/** Passes connections on to those processes that are ready, to the one with the fewest first. */
export interface Balancer {
  readonly port: number;
  /** There is a process of this name at this port of 127.0.0.1 from now on; null: there is none any more. */
  put(name: string, port: number | null): void;
  /** How many of them are ready. */
  readonly ready: number;
  close(): Promise<void>;
}

interface Backend {
  readonly port: number;
  isReady: boolean;
  connections: number;
}

const HOST = "127.0.0.1";
const CHECK_EVERY_MS = 250;
const CHECK_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const NOBODY_IS_READY = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/** Starts it. Port 0 takes a free one. */
export async function startBalancer(port: number): Promise<Balancer> {
  const backends = new Map<string, Backend>();
  const sockets = new Set<Socket>();
  const server = createServer((client) => void pass(client, [...backends.values()], sockets));
  server.listen(port, HOST);
  await once(server, "listening");
  const timer = setInterval(() => backends.forEach((backend) => void check(backend)), CHECK_EVERY_MS);
  return {
    port: portOf(server),
    put(name, at) {
      if (at === null) return void backends.delete(name);
      const backend = { port: at, isReady: false, connections: 0 };
      backends.set(name, backend);
      void check(backend);
    },
    get ready() {
      return [...backends.values()].filter(({ isReady }) => isReady).length;
    },
    async close() {
      clearInterval(timer);
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Connects a client to the first that takes it. */
async function pass(client: Socket, backends: readonly Backend[], sockets: Set<Socket>): Promise<void> {
  keep(client, sockets);
  const ready = backends.filter(({ isReady }) => isReady).sort((one, other) => one.connections - other.connections);
  for (const backend of ready) {
    const socket = await open(backend.port);
    if (socket === null) {
      backend.isReady = false;
      continue;
    }
    keep(socket, sockets);
    backend.connections++;
    socket.once("close", () => backend.connections--);
    for (const [one, other] of [[client, socket], [socket, client]] as const) one.once("close", () => other.destroy());
    client.pipe(socket).pipe(client);
    return;
  }
  client.end(NOBODY_IS_READY);
}

function keep(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket.setNoDelay(true));
  socket.once("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
}

/** Null when nobody listens there. */
function open(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, timeout: CONNECT_TIMEOUT_MS });
    const fail = () => {
      socket.destroy();
      resolve(null);
    };
    socket.once("error", fail).once("timeout", fail).once("connect", () => {
      socket.off("error", fail).off("timeout", fail).setTimeout(0);
      resolve(socket);
    });
  });
}

/** Asks whether it is ready: one that is draining, or whose database does not answer, says 503. */
function check(backend: Backend): Promise<void> {
  return new Promise((resolve) => {
    const conclude = (isReady: boolean) => {
      backend.isReady = isReady;
      resolve();
    };
    const asking = request({ host: HOST, port: backend.port, path: "/readyz", agent: false, timeout: CHECK_TIMEOUT_MS }, (response) => {
      response.resume().once("error", () => undefined);
      conclude((response.statusCode ?? 500) < 500);
    });
    asking.once("error", () => conclude(false)).once("timeout", () => asking.destroy(new Error("no answer in time"))).end();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the balancer listens on no port");
  return address.port;
}
