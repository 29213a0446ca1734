import { Agent, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { SoakCall } from "./calls.ts";

/** An answer that came whole, or null for one that was given up on purpose. */
export interface SoakAnswer {
  readonly status: number;
  readonly text: string;
}

/** Where a client goes away in the middle of a call. */
export const STAGES = ["in the head", "in the body", "before the answer", "within the answer"] as const;
export type Stage = (typeof STAGES)[number];

/** The connection was closed by the time that the call was written. */
class ConnectionClosed extends Error {}

/** A client's way to the server: one connection that is kept, and others for what goes wrong. */
export class SoakConnection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #port: number;
  readonly #tokens: Readonly<Record<string, string>>;
  /** How often a kept connection was closed under a call. */
  closedWhileIdle = 0;

  constructor(port: number, tokens: Readonly<Record<string, string>>) {
    this.#port = port;
    this.#tokens = tokens;
  }

  /**
   * Rejects when the answer does not come whole. `pauseMs`: between the pieces of the answer, for a slow reader. Tried once more on another
   * connection, as clients do, when the server has just closed the one that nothing was asked on for a while (RFC 9112 section 9.3.1).
   */
  async send(call: SoakCall, pauseMs = 0): Promise<SoakAnswer> {
    try {
      return await this.#sendOnce(call, pauseMs);
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) throw error;
      this.closedWhileIdle++;
      return this.#sendOnce(call, pauseMs);
    }
  }

  #sendOnce(call: SoakCall, pauseMs: number): Promise<SoakAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port: this.#port, method: call.method, path: call.path, agent: this.#agent, headers: this.#headersOf(call) }, (response) => {
        response.on("error", reject).on("aborted", () => reject(new Error("the answer was cut off")));
        void readAll(response, pauseMs).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      sent.on("error", (error: NodeJS.ErrnoException) => reject(sent.reusedSocket && error.code === "ECONNRESET" ? new ConnectionClosed() : error)).end(call.body);
    });
  }

  /** Begins a call and goes away. */
  async abort(call: SoakCall, stage: Stage): Promise<void> {
    const headers = { host: "127.0.0.1", "content-length": String(Buffer.byteLength(call.body)), ...this.#headersOf(call) };
    const head = `${call.method} ${call.path} HTTP/1.1\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
    const socket = connect(this.#port, "127.0.0.1");
    socket.on("error", () => undefined);
    const whole = head + call.body;
    socket.write(stage === "in the head" ? head.slice(0, head.length / 2) : stage === "in the body" ? whole.slice(0, -1) : whole);
    if (stage === "within the answer") await new Promise((resolve) => socket.once("data", resolve).once("close", resolve));
    else await delay(5);
    socket.destroy();
  }

  /** Gives up a call that is not answered within this time. Answers null then. */
  async giveUpAfter(call: SoakCall, ms: number): Promise<SoakAnswer | null> {
    const own = new SoakConnection(this.#port, this.#tokens);
    const answer = await Promise.race([own.send(call).catch(() => null), delay(ms, null)]);
    own.close();
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  #headersOf({ as, accept, key, body }: SoakCall): Record<string, string> {
    return {
      ...(as === null ? {} : { authorization: `Bearer ${this.#tokens[as] ?? ""}` }),
      ...(body === "" ? {} : { "content-type": "application/json" }),
      ...(accept === undefined ? {} : { accept }),
      ...(key === undefined ? {} : { "idempotency-key": key, "x-request-id": key }),
    };
  }
}

async function readAll(response: AsyncIterable<Buffer>, pauseMs: number): Promise<string> {
  let text = "";
  for await (const piece of response) {
    text += piece.toString("latin1");
    if (pauseMs > 0) await delay(pauseMs);
  }
  return Buffer.from(text, "latin1").toString();
}
