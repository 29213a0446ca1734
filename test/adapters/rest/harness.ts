import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, test } from "node:test";
import { startServer, type RunningServer } from "../../../src/adapters/node-http/index.ts";
import type { HttpHandler, HttpRequest, HttpResponse } from "../../../src/adapters/http/message.ts";
import { openShop, type Shop, type ShopOptions } from "./shop.ts";

/** What a client sends. */
export interface Sent {
  /** Default: POST. */
  readonly method?: string;
  /** The request target, written as it goes over the wire. */
  readonly path: string;
  /** The token of this name; null sends none. Default: `manager-token`. */
  readonly token?: string | null;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Sent as JSON with its type. */
  readonly json?: unknown;
  /** Sent as it is, with no type but one in `headers`. */
  readonly body?: string | Uint8Array;
}

/** What must come back. */
export interface Expected {
  readonly status: number;
  /** By lower-case name; null: it must not be there. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The whole JSON, compared byte for byte so that the order of the keys counts. Null: no body at all. */
  readonly body: unknown;
  /** How many unforeseen failures the log has. Default: none. */
  readonly failures?: number;
}

/** A row: a sentence, a request, its answer. */
export type Case = readonly [sentence: string, sent: Sent, expected: Expected];

/** An answer as a client has it. */
export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** One way to reach a handler. */
export type Transport = (handler: HttpHandler, sent: Sent) => Promise<Received>;

/** Runs every row in process and over a socket, each in a shop of its own. */
export function testCases(cases: readonly Case[], options?: ShopOptions): void {
  for (const [name, send] of TRANSPORTS) {
    for (const [sentence, sent, expected] of cases) {
      test(`${name}: ${sentence}`, async () => {
        const shop = openShop(options);
        check(await send(shop.handler, sent), expected, shop, sent);
      });
    }
  }
}

/** Compares a whole answer, and sees that nothing unforeseen happened behind it. */
export function check(received: Received, expected: Expected, shop: Shop, sent: Sent): void {
  const { status, headers, text } = received;
  if (expected.body !== null && sent.method !== "HEAD") {
    assert.deepEqual(JSON.parse(text), expected.body);
    assert.equal(text, JSON.stringify(expected.body), "the keys stand in the contract's order");
    assert.equal(headers["content-type"], "application/json; charset=utf-8");
  } else assert.equal(text, "");
  assert.equal(status, expected.status);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.match(headers["x-request-id"] ?? "", /^[A-Za-z0-9._~-]{1,128}$/);
  for (const [name, value] of Object.entries(expected.headers ?? {})) assert.equal(headers[name] ?? null, value, name);
  checkFailures(shop, expected.failures ?? 0);
}

/** An answer of 500 that nobody expected fails the test, wherever it was given. */
export function checkFailures({ failures }: Shop, expected: number): void {
  assert.equal(failures.length, expected, failures.map(({ event, error }) => `${event}: ${String(error)}`).join("\n"));
}

const inProcess: Transport = async (handler, sent) => {
  const response = await handler(toRequest(sent));
  return { status: response.status, headers: flatten(response), text: sent.method === "HEAD" ? "" : await readAll(response.body) };
};

const overSocket: Transport = async (handler, sent) => {
  const { port } = await serve(handler);
  return receive(await exchange(port, sent));
};

/** Each with the name that its tests bear. */
export const TRANSPORTS: readonly (readonly [name: string, transport: Transport])[] = [
  ["in process", inProcess],
  ["over a socket", overSocket],
];

/** The request as a transport hands it over. */
export function toRequest(sent: Sent): HttpRequest {
  const bytes = bytesOf(sent);
  return {
    method: sent.method ?? "POST",
    target: sent.path,
    rawHeaders: headersOf(sent).flat(),
    body: (maxBytes) => (bytes.length > maxBytes ? null : bytes),
  };
}

function bytesOf({ json, body }: Sent): Uint8Array {
  const content = json === undefined ? (body ?? "") : JSON.stringify(json);
  return typeof content === "string" ? Buffer.from(content) : content;
}

function headersOf(sent: Sent): readonly (readonly [string, string])[] {
  const { token = "manager-token", json, headers = [] } = sent;
  return [
    ["Host", "shop.example"],
    ...(token === null ? [] : [["Authorization", `Bearer ${token}`] as const]),
    ...(json === undefined ? [] : [["Content-Type", "application/json"] as const]),
    ...headers,
  ];
}

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
export function serve(handler: HttpHandler): Promise<RunningServer> {
  current = handler;
  return (server ??= startServer({ port: 0, createHandler: () => (request) => current(request) }));
}

after(async () => (await server)?.close());

/** Writes the bytes themselves: `fetch` would repair what is being tested. */
async function exchange(port: number, sent: Sent): Promise<Buffer> {
  const bytes = bytesOf(sent);
  const length = bytes.length > 0 ? [["Content-Length", String(bytes.length)] as const] : [];
  const lines = [...headersOf(sent), ...length, ["Connection", "close"] as const].map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(`${sent.method ?? "POST"} ${sent.path} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
  socket.write(bytes);
  await once(socket, "end");
  socket.destroy();
  return Buffer.concat(chunks);
}

function receive(raw: Buffer): Received {
  const split = raw.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = raw.subarray(0, split).toString("latin1").split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const rest = raw.subarray(split + 4);
  const body = headers["transfer-encoding"] === "chunked" ? joinChunks(rest) : rest;
  return { status: Number(statusLine.split(" ")[1]), headers, text: body.toString() };
}

function joinChunks(raw: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = raw.indexOf("\r\n", at);
    const size = Number.parseInt(raw.subarray(at, lineEnd).toString(), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(raw.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
