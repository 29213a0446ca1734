import { actionName, createAmendment, SUBJECTS, subjectId } from "../job/order.ts";
import { WIRES } from "./wire.ts";
import type { Call, WireName } from "./wire.ts";

/** Whole HTTP requests, to be sent one after the other and from the beginning again. */
export class Requests {
  readonly #buffers: readonly Buffer[];
  #next = 0;

  constructor(buffers: readonly Buffer[]) {
    this.#buffers = buffers;
  }

  next(): Buffer {
    const buffer = this.#buffers[this.#next];
    this.#next = (this.#next + 1) % this.#buffers.length;
    if (buffer === undefined) throw new TypeError("there are no requests");
    return buffer;
  }
}

/**
 * One request for each subject, in an order of chance, each with a token, an action and parameters by chance. Chance
 * is the same in every run and for every server.
 */
export function createRequests(wire: WireName, tokens: readonly string[]): Requests {
  const random = createRandom();
  const order = Array.from({ length: SUBJECTS }, (_, index) => ({ index, rank: random(2 ** 32) })).sort((one, other) => one.rank - other.rank);
  return new Requests(
    order.map(({ index }) => {
      const call: Call = { action: actionName(random(1_000)), id: subjectId(index), amendment: createAmendment(random(1_000)) };
      return toRequest(wire, call, tokens[random(tokens.length)] ?? "");
    }),
  );
}

function toRequest(wire: WireName, call: Call, token: string): Buffer {
  const body = JSON.stringify(WIRES[wire].toBody(call));
  const head = [
    `POST ${WIRES[wire].toPath(call)} HTTP/1.1`,
    "Host: 127.0.0.1",
    "User-Agent: bench",
    "Accept: application/json",
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: keep-alive",
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Whole numbers from 0 to below the given one (xorshift32). */
function createRandom(): (below: number) => number {
  let state = 2_463_534_242;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
