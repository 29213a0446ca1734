import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** An answer as it stood on the wire. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A client that writes what it is told, byte for byte, and reads what comes. */
export class RawClient {
  readonly socket: Socket;
  #text = "";
  #ended = false;
  #wake = () => {};

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1" });
    this.socket.setEncoding("latin1");
    this.socket.on("data", (piece) => {
      this.#text += String(piece);
      this.#wake();
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Writes `lines`, joined and ended as HTTP wants it, then `body`. */
  send(lines: readonly string[], body = ""): this {
    return this.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  }

  write(text: string): this {
    this.socket.write(text, "latin1");
    return this;
  }

  /** The status of the answer that has begun to come. */
  get status(): number {
    return Number(this.#text.split(" ", 2)[1]);
  }

  /** The next whole answer. */
  async read(method = "GET"): Promise<RawAnswer> {
    for (;;) {
      const parsed = parseAnswer(this.#text, method === "HEAD", this.#ended);
      if (parsed !== undefined) {
        this.#text = this.#text.slice(parsed.length);
        return parsed.answer;
      }
      if (this.#ended) throw new Error(`the connection closed behind ${JSON.stringify(this.#text)}`);
      await this.#more();
    }
  }

  /** Waits until this text has come. */
  async readUntil(text: string): Promise<void> {
    while (!this.#text.includes(text)) {
      if (this.#ended) throw new Error(`the connection closed behind ${JSON.stringify(this.#text)}`);
      await this.#more();
    }
  }

  /** Everything that still comes until the connection closes. */
  async readRest(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#text;
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await once(this.socket, "connect");
    return this;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}

function parseAnswer(text: string, headOnly: boolean, ended: boolean): { answer: RawAnswer; length: number } | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  const status = Number(statusLine.split(" ")[1]);
  const body = headOnly || status === 204 || status === 100 ? { text: "", length: 0 } : parseBody(text.slice(headEnd + 4), headers, ended);
  return body && { answer: { status, headers, body: body.text }, length: headEnd + 4 + body.length };
}

function parseBody(text: string, headers: ReadonlyMap<string, string>, ended: boolean): { text: string; length: number } | undefined {
  if (headers.get("transfer-encoding") === "chunked") return parseChunks(text);
  const length = headers.has("content-length") ? Number(headers.get("content-length")) : ended ? text.length : Infinity;
  return text.length < length ? undefined : { text: text.slice(0, length), length };
}

function parseChunks(text: string): { text: string; length: number } | undefined {
  let at = 0;
  let whole = "";
  for (;;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (text.length < lineEnd + 2 + size + 2) return undefined;
    whole += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
    if (size === 0) return { text: whole, length: at };
  }
}
