import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import { requireFunction, requireObject, requireOptionalFunction, requireOptionalText } from "../../domain/check-option.ts";
import type { HttpHandler } from "../http/message.ts";
import type { RequestTracing } from "../http/tracing.ts";
import { shieldObserver } from "../../domain/observation/shield-observer.ts";
import { closeGently } from "./drain.ts";
import { resolveServerLimits } from "./limits/limits.ts";
import type { ServerLimits } from "./limits/limits.ts";
import { Listener } from "./listener.ts";
import { watchConnections } from "./limits/watch.ts";

/** Where a server listens. */
export interface ServerAddress {
  /** Such as `http://127.0.0.1:3000`; no slash behind it. */
  readonly url: string;
  readonly host: string;
  /** The port that was taken, when any was asked for. */
  readonly port: number;
}

/** What to serve, where, and at what cost at most. */
export interface ServerOptions extends Partial<ServerLimits> {
  /** Made once the address is known and before the first request: what a server says of itself may name its port. */
  readonly createHandler: (address: ServerAddress) => HttpHandler;
  /**
   * Handlers by target, such as `/healthz`, for whoever asks how the server is: they answer whatever the load, take no place of a request that runs, and still
   * answer on open connections while the server stops. Default: none.
   */
  readonly probes?: Readonly<Record<string, HttpHandler>>;
  /** The address to listen on. Default 127.0.0.1: nobody outside this machine. */
  readonly host?: string;
  /** 0 to 65,535; 0 takes a free one. */
  readonly port: number;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly clock?: Clock;
  /** Request ids for the answers that no handler gives. Default: random UUIDs. */
  readonly newId?: NewId;
  /** Told `request` for each of this adapter's own answers, `request_rejected`, `connection_dropped` (with the `reason`: `overall`, `address` or `idle`), `connection_stalled`, `internal_error`. Default: unforeseen failures are written to stderr. */
  readonly observe?: Observe;
  /** Follows the requests that this adapter answers itself, as that of the handler's own options follows the others. Default: nobody does. */
  readonly tracing?: RequestTracing;
  /** Proxies whose X-Forwarded-For is believed: addresses, or networks such as `10.0.0.0/8`. Default: none. */
  readonly trustedProxies?: readonly string[];
  /**
   * What stands before a failure's code in the `type` of problem details, where this adapter answers itself: as `createRest` has it.
   * Default `/api/v1/openapi.json#`.
   */
  readonly problemTypeBase?: string | ((address: ServerAddress) => string);
}

/** A server that listens. */
export interface RunningServer extends ServerAddress {
  /**
   * Stops: takes no more connections, closes idle ones, answers what runs, answers 503 to what still
   * comes, and cuts off what is left after `drainTimeoutMs`. Settles when all that is done; never rejects.
   */
  close(): Promise<void>;
  /** Settles when the server has stopped, whoever stopped it. */
  readonly stopped: Promise<void>;
}

/**
 * Starts a server in front of a handler.
 *
 * @throws TypeError on an option out of range; rejects with the system's error when it cannot listen there.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  requireFunction("createHandler", options.createHandler, "it gets the address and answers the handler, such as () => createRest(…)");
  requireOptionalFunction("observe", options.observe, "it gets what happened");
  requireOptionalFunction("clock", options.clock, "give one that answers epoch milliseconds, such as Date.now");
  requireOptionalFunction("newId", options.newId, "give one that answers a fresh ID, such as crypto.randomUUID");
  requireOptionalText("host", options.host, "the address to listen on, such as 127.0.0.1");
  const { probes = {} } = options;
  requireObject("probes", probes, 'handlers by target, such as { "/healthz": handler }');
  for (const [target, probe] of Object.entries(probes)) requireFunction(`probes[${JSON.stringify(target)}]`, probe, "it answers how the server is");
  const limits = resolveServerLimits(options);
  const server = createLimitedServer(limits);
  const address = await listen(server, options.host ?? "127.0.0.1", requirePort(options.port));
  try {
    return serve(server, address, limits, options);
  } catch (error) {
    server.close();
    throw error;
  }
}

function createLimitedServer(limits: ServerLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.connectionsCheckingIntervalMs,
    // The listener refuses it itself, in the form that all refusals have.
    requireHostHeader: false,
    insecureHTTPParser: false,
  });
  // No limit: beyond one, Node drops headers and tells nobody. The listener counts them.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.maxConnections;
  return server;
}

function serve(server: Server, address: ServerAddress, limits: ServerLimits, options: ServerOptions): RunningServer {
  const { clock = Date.now, newId = randomUUID, trustedProxies, problemTypeBase: base } = options;
  const observe = shieldObserver(options.observe);
  const problemTypeBase = typeof base === "function" ? base(address) : base;
  const handler = options.createHandler(address);
  requireFunction("what createHandler answers", handler, "answer a handler, such as that of createRest()");
  const listener = new Listener({ handler, probes: options.probes, limits, clock, newId, observe: options.observe, tracing: options.tracing, trustedProxies, problemTypeBase });
  const sockets = watchConnections(server, { listener, limits, newId, observe });
  const receiveExpecting = listener.receiveExpecting.bind(listener);
  server.on("request", listener.receive.bind(listener)).on("checkContinue", receiveExpecting).on("checkExpectation", receiveExpecting);
  let closing: Promise<void> | undefined;
  let tellStopped = () => {};
  const stopped = new Promise<void>((resolve) => (tellStopped = resolve));
  const close = () => (closing ??= closeGently(server, listener, sockets, limits.drainTimeoutMs).then(tellStopped));
  return { ...address, close, stopped };
}

function listen(server: Server, host: string, port: number): Promise<ServerAddress> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      const taken = toPort(server.address(), port);
      resolve({ host, port: taken, url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}` });
    });
  });
}

function toPort(address: string | AddressInfo | null, asked: number): number {
  return address === null || typeof address === "string" ? asked : address.port;
}

function requirePort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new TypeError(`port: ${String(port)} is out of range; give a whole number from 0 (any free port) to 65535`);
}
