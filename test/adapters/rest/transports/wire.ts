import { once } from "node:events";
import { connect } from "node:net";
import { bytesOf, headersOf, type Sent } from "./sent.ts";
import type { Received } from "./transports.ts";

/** Writes the bytes themselves to a server on this machine: `fetch` would repair what is being tested. */
export async function sendOverWire(port: number, sent: Sent): Promise<Received> {
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
  return receive(Buffer.concat(chunks));
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
