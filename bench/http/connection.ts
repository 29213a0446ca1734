import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Requests } from "./requests.ts";

const BUFFER_BYTES = 64 * 1024;
const END_OF_HEAD = "\r\n\r\n";

/** One connection that asks again as soon as it was answered. It understands as much of HTTP as the answers need. */
export class Connection {
  answers = 0;
  readonly #socket: Socket;
  readonly #requests: Requests;
  readonly #note: (latencyMs: number) => void;
  #text = "";
  #askedAt = 0;

  /** `note` is told how long each answer took. */
  constructor(port: number, requests: Requests, note: (latencyMs: number) => void) {
    this.#requests = requests;
    this.#note = note;
    const buffer = Buffer.alloc(BUFFER_BYTES);
    const onread = { buffer, callback: (bytes: number) => this.#take(buffer.toString("latin1", 0, bytes)) };
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true, onread }, () => this.#ask());
    this.#socket.once("end", () => this.#fail("The server closed a connection."));
  }

  close(): void {
    this.#socket.removeAllListeners("end").destroy();
  }

  #ask(): void {
    this.#askedAt = performance.now();
    this.#socket.write(this.#requests.next());
  }

  #take(piece: string): true {
    this.#text += piece;
    if (!isWhole(this.#text)) return true;
    if (!this.#text.startsWith("HTTP/1.1 200 ")) this.#fail(this.#text);
    this.#text = "";
    this.answers++;
    this.#note(performance.now() - this.#askedAt);
    this.#ask();
    return true;
  }

  #fail(what: string): never {
    this.#socket.destroy();
    throw new Error(what);
  }
}

/** Is it an answer from its head to the last byte of its body? */
function isWhole(text: string): boolean {
  const end = text.indexOf(END_OF_HEAD);
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  if (length === undefined) return text.endsWith("\r\n0\r\n\r\n");
  return text.length >= end + END_OF_HEAD.length + Number(length);
}
