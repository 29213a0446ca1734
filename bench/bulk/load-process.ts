import { Agent, request } from "node:http";
import { actionName, createAmendment, subjectId } from "../job/order.ts";

/*
 * The load, in a process of its own: each message is a call, answered with how long it took.
 */

/** One bulk call. */
export interface BulkLoad {
  readonly port: number;
  readonly token: string;
  readonly subjects: number;
  readonly mode: string;
  /** Tells calls apart: which action, and with which parameters. */
  readonly number: number;
}

/** What came of it. */
export interface BulkTurn {
  readonly ms: number;
}

const agent = new Agent({ keepAlive: true });

process.on("message", async (load: BulkLoad) => process.send?.(await takeTurn(load)));
process.on("disconnect", () => process.exit());

async function takeTurn(load: BulkLoad): Promise<BulkTurn> {
  const { subjects, mode, number } = load;
  const ids = Array.from({ length: subjects }, (_, index) => subjectId(index));
  const body = JSON.stringify({ ids, params: createAmendment(number), mode });
  const startedAt = performance.now();
  const text = await send(load, body);
  const ms = performance.now() - startedAt;
  const { succeeded, results } = JSON.parse(text);
  if (succeeded !== subjects || results.length !== subjects || results[subjects - 1].data.title !== `Order #${ids.at(-1)}`) throw new Error(text.slice(0, 300));
  return { ms };
}

function send({ port, token, number }: BulkLoad, body: string): Promise<string> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}`, "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: "127.0.0.1", method: "POST", path: `/api/v1/actions/orders/${actionName(number)}/bulk`, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => resolve(Buffer.concat(pieces).toString()));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
