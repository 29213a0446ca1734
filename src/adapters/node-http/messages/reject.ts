import { STATUS_CODES } from "node:http";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { renderFailure } from "../../http/failure.ts";
import type { HttpFailure } from "../../http/failure.ts";
import type { Connection } from "../connection.ts";
import { HEADERS_TOO_LARGE, NOT_HTTP, TOO_SLOW, VERSION } from "../failures.ts";
import type { NodeRequest } from "./request.ts";
import { LINGER_MS } from "./write.ts";

/** What node:http could not make a request of, by the code of its error. Other `HPE_` codes are {@link NOT_HTTP}. */
const FAILURES: ReadonlyMap<string, HttpFailure> = new Map([
  ["HPE_HEADER_OVERFLOW", HEADERS_TOO_LARGE],
  // What a client of HTTP/2 says first.
  ["HPE_PAUSED_H2_UPGRADE", VERSION],
  ["ERR_HTTP_REQUEST_TIMEOUT", TOO_SLOW],
]);

/** Of the reasons for `HPE_INVALID_VERSION` the one for a version that is written as one. */
const UNKNOWN_VERSION = "Invalid HTTP version";

/** The answer for an error that node:http met; undefined when it is only that the connection is lost. */
export function findFailure(error: Error): HttpFailure | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if ("reason" in error && error.reason === UNKNOWN_VERSION) return VERSION;
  return FAILURES.get(code) ?? (code.startsWith("HPE_") ? NOT_HTTP : undefined);
}

/**
 * Closes a connection on which something came that is no request, or no whole one: nothing behind
 * it can be trusted. Says so if that answer is the one that the client waits for, and answers
 * whether it did; what came before in good order is answered first.
 */
export function rejectConnection(failure: HttpFailure, socket: Socket, connection: Connection, requestId: string): boolean {
  const { latest } = connection;
  if (latest !== undefined && connection.isAnswered) {
    // It may linger over a body of which the parser has given up the rest.
    if (socket.readableEnded) latest.outgoing.end();
    else socket.once("end", () => latest.outgoing.end());
    closeBehind(latest.outgoing, socket);
    return false;
  }
  const owesNothing = latest === undefined || latest.outgoing.writableFinished;
  connection.stopTaking();
  if (owesNothing || isInTheMiddleOf(latest, connection)) {
    connection.end();
    closeWith(toRawAnswer(failure, requestId), socket);
    return true;
  }
  if (latest.incoming.complete) closeBehind(latest.outgoing, socket);
  else socket.destroy();
  return false;
}

function closeBehind(outgoing: ServerResponse, socket: Socket): void {
  if (outgoing.writableFinished) socket.destroySoon();
  else outgoing.once("finish", () => socket.destroySoon());
}

/** Is the fault in the body of the one request that runs, and is its answer not begun? */
function isInTheMiddleOf({ incoming, outgoing }: NodeRequest, connection: Connection): boolean {
  return !incoming.complete && !connection.hasWaiting && outgoing.socket !== null && !outgoing.headersSent;
}

/** Throws away for a while what still comes, for the reason that `lingerBefore` gives. */
function closeWith(text: string, socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.once("end", () => socket.destroySoon());
  socket.end(text);
}

/** An answer for a socket that has no response object. Echoes nothing of what was sent. */
function toRawAnswer(failure: HttpFailure, requestId: string): string {
  const { status, headers, body } = renderFailure(failure);
  const text = typeof body === "string" ? body : "";
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`),
    `content-length: ${Buffer.byteLength(text)}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${text}`;
}
