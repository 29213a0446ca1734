import { after } from "node:test";
import { startServer, type RunningServer } from "../../../../src/adapters/node-http/index.ts";
import type { HttpHandler, HttpResponse } from "../../../../src/adapters/http/message.ts";
import { canClientSay, sendByClient } from "./by-client.ts";
import { sendByFetch, WITHOUT_FETCH } from "./by-fetch.ts";
import { toRequest, type Sent } from "./sent.ts";
import { sendOverWire } from "./wire.ts";

/** An answer as a client has it. */
export interface Received {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** One way to reach a handler. */
export type Transport = (handler: HttpHandler, sent: Sent) => Promise<Received>;

/** Which rows a transport is for. */
export interface TransportOptions {
  /** By the row's sentence, why this transport cannot have it; such a row is shown as skipped, with the reason. */
  readonly without?: ReadonlyMap<string, string>;
  /** For a transport that can say only some requests: it gets just those rows, and no test that is not a row of a table. Default: all. */
  readonly canSay?: (sent: Sent) => boolean;
}

/** A way to reach a handler, with the name that its tests bear. */
export interface NamedTransport extends TransportOptions {
  readonly name: string;
  readonly send: Transport;
}

/** Every way, for the rows of the tables. */
export const ROW_TRANSPORTS: NamedTransport[] = [];
/** Those that can say everything, for tests that are more than a row. */
export const TRANSPORTS: (readonly [name: string, send: Transport, without: ReadonlyMap<string, string> | undefined])[] = [];

const checks: ((sent: Sent, received: Received) => void)[] = [];

/** One more way. To be added before the files with the tests are imported, which register theirs as they are read. */
export function addTransport(name: string, transport: Transport, options: TransportOptions = {}): void {
  const send: Transport = async (handler, sent) => {
    const received = await transport(handler, sent);
    for (const check of checks) check(sent, received);
    return received;
  };
  ROW_TRANSPORTS.push({ name, send, ...options });
  if (options.canSay === undefined) TRANSPORTS.push([name, send, options.without]);
}

/** Takes away those there are so far, so that a folder with transports of its own does not repeat what the root's tests run. */
export function clearTransports(): void {
  ROW_TRANSPORTS.length = 0;
  TRANSPORTS.length = 0;
}

/** Shows every answer that any transport brings, whichever test asked for it; a check that throws fails that test. */
export function addCheck(check: (sent: Sent, received: Received) => void): void {
  checks.push(check);
}

addTransport("in process", async (handler, sent) => {
  const response = await handler(toRequest(sent));
  return { status: response.status, headers: flatten(response), text: sent.method === "HEAD" ? "" : await readAll(response.body) };
});

addTransport("over a socket", async (handler, sent) => {
  const { port } = await serve(handler);
  return sendOverWire(port, sent);
});

addTransport("through fetch", sendByFetch, { without: WITHOUT_FETCH });

addTransport("through the typed client", sendByClient, { canSay: canClientSay });

function flatten({ headers }: HttpResponse): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : value.join(", ")]));
}

async function readAll(body: HttpResponse["body"]): Promise<string> {
  if (body === null || typeof body === "string") return body ?? "";
  const pieces: string[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces.join("");
}

let current: HttpHandler = () => ({ status: 500, headers: {}, body: null });
let server: Promise<RunningServer> | undefined;

/** One server for all rows of a file; what it serves changes from row to row. */
function serve(handler: HttpHandler): Promise<RunningServer> {
  current = handler;
  return (server ??= startServer({ port: 0, createHandler: () => (request) => current(request) }));
}

after(async () => (await server)?.close());
