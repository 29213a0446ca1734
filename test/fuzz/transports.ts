import { once } from "node:events";
import { connect } from "node:net";
import type { HttpHandler, HttpResponse } from "../../src/adapters/http/message.ts";

/** What a client sends. */
export interface Call {
  readonly method: string;
  /** `{run}` stands for the workflow that was started last, `{next}` for the `next` that was answered last. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
  /** The action that is called with parameters that its schema can be asked about; null when what is sent may not even come so far. */
  readonly asks: { readonly key: string; readonly how: "execute" | "preview" | "bulk" } | null;
}

/** An answer as a client has it. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Brings a call to a server. */
export type Transport = (call: Call) => Promise<Answer>;

/** A stream of events in which nothing has happened by then is read no further, in milliseconds. */
const SILENCE_MS = 50;

/** Longer than this no call may take. */
const MAX_CALL_MS = 5000;

/** Rejects when the answer does not come. */
export async function inTime(send: Transport, call: Call): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not answered within ${MAX_CALL_MS} ms: ${describe(call)}`)), MAX_CALL_MS);
  });
  try {
    return await Promise.race([send(call), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with an answer, together with the call. */
export function describeFault(call: Call, { status, text }: Answer, cause: unknown): Error {
  return new Error(`${describe(call)}\n-> ${status} ${text.slice(0, 2000)}`, { cause });
}

function describe({ method, target, headers, body }: Call): string {
  return `${method} ${target} ${JSON.stringify(headers)} ${typeof body === "string" ? body.slice(0, 2000) : `bytes ${body.join(" ")}`}`;
}

/** By the handler itself. Of what never ends the first piece is enough. */
export function inProcess(handler: HttpHandler): Transport {
  return async ({ method, target, headers, body }) => {
    const bytes = Buffer.from(body);
    const response = await handler({ method, target, rawHeaders: headers.flat(), body: (maxBytes) => (bytes.length > maxBytes ? null : bytes) });
    return { status: response.status, headers: flatten(response), text: await readText(response, method) };
  };
}

async function readText({ headers, body }: HttpResponse, method: string): Promise<string> {
  if (body === null || method === "HEAD") return "";
  if (typeof body === "string") return body;
  if (String(headers["content-type"]).startsWith("text/event-stream")) return readFirst(body[Symbol.asyncIterator]());
  let text = "";
  for await (const piece of body) text += piece;
  return text;
}

/** The first piece, if there is one soon. */
async function readFirst(pieces: AsyncIterator<string>): Promise<string> {
  const silence = setTimeout(() => void pieces.return?.(), SILENCE_MS);
  const first = await pieces.next();
  clearTimeout(silence);
  await pieces.return?.();
  return first.done === true ? "" : first.value;
}

function flatten({ headers }: HttpResponse): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : value.join(", ")]));
}

/** Over a connection of its own, as it would be typed: what node:http would refuse to send is sent all the same. */
export function overSocket(port: number): Transport {
  return async (call) => {
    const socket = connect(port, "127.0.0.1");
    try {
      socket.on("error", () => undefined);
      socket.write(headOf(call), "latin1");
      socket.write(Buffer.from(call.body));
      return parse(await receive(socket));
    } finally {
      socket.destroy();
    }
  };
}

function headOf({ method, target, headers, body }: Call): string {
  const length = Buffer.byteLength(body);
  const lines = [...headers, ...(length > 0 ? [["Content-Length", String(length)] as const] : []), ["Connection", "close"] as const];
  return `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** All that comes; of a stream of events the first, if there is one soon. */
async function receive(socket: ReturnType<typeof connect>): Promise<string> {
  let text = "";
  socket.setEncoding("latin1").on("data", (piece: string) => {
    text += piece;
    if (!/\r\ncontent-type: text\/event-stream/i.test(text)) return;
    if (text.includes("\n\n")) socket.destroy();
    else setTimeout(() => socket.destroy(), SILENCE_MS);
  });
  await once(socket, "close");
  return text;
}

function parse(text: string): Answer {
  const split = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, Math.max(split, 0)).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    headers[name] = headers[name] === undefined ? line.slice(colon + 1).trim() : `${headers[name]}, ${line.slice(colon + 1).trim()}`;
  }
  const rest = text.slice(split + 4);
  const body = headers["transfer-encoding"] === "chunked" ? joinChunks(rest) : rest;
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0), headers, text: Buffer.from(body, "latin1").toString() };
}

function joinChunks(text: string): string {
  const size = Number.parseInt(text, 16);
  if (!(size > 0)) return "";
  const start = text.indexOf("\r\n") + 2;
  return text.slice(start, start + size) + joinChunks(text.slice(start + size + 2));
}
