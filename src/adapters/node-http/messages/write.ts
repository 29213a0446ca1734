import { ServerResponse, validateHeaderValue } from "node:http";
import type { BodyStream, HttpResponse } from "../../http/message.ts";
import { abandon, stopBody } from "../../http/response.ts";

/** For how long a client that still sends is listened to after it was answered, in milliseconds. */
export const LINGER_MS = 1_000;

/** An answer that comes piece by piece. */
export interface StreamedResponse extends HttpResponse {
  readonly body: BodyStream;
}

/** How an answer goes out. */
export interface WriteMode {
  /** HEAD: the headers of the answer, without its body. */
  readonly headOnly: boolean;
  /** The connection closes behind this answer. */
  readonly close: boolean;
  /** The client is still sending; see {@link lingerBefore}. */
  readonly linger: boolean;
  /** For how long the client may leave an answer unread. */
  readonly writeTimeoutMs: number;
  /** Told when it left it for longer; the connection is cut off then. */
  readonly onStalled: () => void;
}

/**
 * Writes an answer whose body is whole. Headers go out with it, in one write.
 * @throws TypeError when a header holds what no header may hold; nothing is written then.
 */
export function writeWhole(outgoing: ServerResponse, response: HttpResponse, body: string | null, mode: WriteMode): void {
  const length = body === null ? 0 : Buffer.byteLength(body);
  writeHead(outgoing, response.status, toRawHeaders(response, mode.close, length));
  if (body !== null && !mode.headOnly) writeTogether(outgoing, body);
  else if (mode.linger) outgoing.flushHeaders();
  if (mode.linger) lingerBefore(outgoing);
  else outgoing.end();
  // Nearly every answer is with the system by now, and needs no timer.
  if (outgoing.writableLength > 0) limitStalling(outgoing, mode).start();
}

/**
 * Gives head and body to the system in one piece. Left alone, Node holds them back until `end()`, which
 * adds an empty piece: two are a `writev`, which costs more than the `write` of one.
 */
function writeTogether(outgoing: ServerResponse, body: string): void {
  outgoing.cork();
  outgoing.write(body);
  outgoing.uncork();
}

/**
 * Writes an answer piece by piece: waits while the client is slower than we are, and stops asking
 * for more once it is gone. Rejects with what the body throws.
 */
export async function writeStream(outgoing: ServerResponse, response: StreamedResponse, mode: WriteMode): Promise<void> {
  writeHead(outgoing, response.status, toRawHeaders(response, mode.close, undefined));
  if (mode.headOnly) {
    abandon(response.body);
    return void outgoing.end();
  }
  outgoing.flushHeaders();
  const iterator = response.body[Symbol.asyncIterator]();
  outgoing.once("close", () => void stopBody(iterator));
  const stalling = limitStalling(outgoing, mode);
  const flush = flushOf(outgoing);
  const drained = watchDrain(outgoing);
  for (;;) {
    const piece = await iterator.next();
    if (outgoing.destroyed) return;
    if (piece.done === true) break;
    const goesOn = outgoing.write(piece.value);
    flush();
    if (goesOn) continue;
    stalling.start();
    await drained();
    stalling.stop();
  }
  if (mode.linger) lingerBefore(outgoing);
  else outgoing.end();
  if (outgoing.writableLength > 0) stalling.start();
}

/** Cuts off a client that leaves what was written unread for too long: it would hold the memory and the connection forever. */
function limitStalling(outgoing: ServerResponse, { writeTimeoutMs, onStalled }: WriteMode): { start(): void; stop(): void } {
  // Nothing stalls that a framework's tests have injected: no connection is behind it.
  if (outgoing.socket !== null && !("setTimeout" in outgoing.socket)) return { start: () => undefined, stop: () => undefined };
  outgoing.on("timeout", () => {
    onStalled();
    outgoing.destroy();
  });
  // Before Node's own listener, which starts the timer for the next request.
  outgoing.prependOnceListener("finish", () => outgoing.socket?.setTimeout(0));
  return { start: () => outgoing.setTimeout(writeTimeoutMs), stop: () => outgoing.setTimeout(0) };
}

/** Waits until what was written is on its way. Listens once for all times: middleware that compresses hands listeners on, and takes none back. */
function watchDrain(outgoing: ServerResponse): () => Promise<void> {
  let wake = (): void => undefined;
  outgoing.on("drain", () => wake());
  outgoing.on("close", () => wake());
  return () => new Promise((resolve) => (wake = resolve));
}

/**
 * The answer is written whole, but the client is still sending. To close now would make its system
 * reset the connection, and it would never read the answer. So what comes is read and thrown away
 * until it stops, or a second has passed.
 */
function lingerBefore(outgoing: ServerResponse): void {
  const incoming = outgoing.req;
  const end = () => {
    clearTimeout(timer);
    outgoing.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  incoming.once("end", end).once("close", end).resume();
}

/** Whoever has put something else in the place of Node's `writeHead()`, to see the headers or to add one, may know no flat list (on-headers before 1.1, serverless-http), and gets them one by one. */
function writeHead(outgoing: ServerResponse, status: number, raw: string[]): void {
  if (outgoing.writeHead === ServerResponse.prototype.writeHead) return void outgoing.writeHead(status, raw);
  for (let at = 0; at < raw.length; at += 2) outgoing.removeHeader(raw[at] ?? "");
  for (let at = 0; at < raw.length; at += 2) outgoing.appendHeader(raw[at] ?? "", raw[at + 1] ?? "");
  outgoing.writeHead(status);
}

/** Middleware that compresses holds back what is written until its `flush()`. Node's own, in the prototype, is another and deprecated. */
function flushOf(outgoing: ServerResponse): () => void {
  const own: unknown = Object.getOwnPropertyDescriptor(outgoing, "flush")?.value;
  return typeof own === "function" ? () => void Reflect.apply(own, outgoing, []) : () => undefined;
}

/** As node:http takes them fastest: name, value, name, value, … */
function toRawHeaders({ status, headers }: HttpResponse, close: boolean, length: number | undefined): string[] {
  const raw: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === "string") raw.push(name, value);
    else for (const each of value ?? []) raw.push(name, each);
  }
  if (status === 204 || status === 304) requireValid(raw);
  else if (length !== undefined) raw.push("content-length", String(length));
  if (close) raw.push("connection", "close");
  return raw;
}

/** Node checks too, but for an answer without a body too late: the 500 that stands in for it would lose its own. */
function requireValid(raw: readonly string[]): void {
  for (let at = 0; at < raw.length; at += 2) validateHeaderValue(raw[at] ?? "", raw[at + 1] ?? "");
}
