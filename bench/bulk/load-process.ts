import { Agent, request, type IncomingMessage } from "node:http";
import { quantile } from "../statistics.ts";
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
  /** Absent: all results in one JSON. */
  readonly accept?: string;
}

/** What came of it. */
export interface BulkTurn {
  readonly ms: number;
}

/** What single calls met while many bulk calls ran. */
export interface CrowdTurn {
  readonly singleCalls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  /** How many of the bulk calls were answered with another status than 200. */
  readonly refused: number;
  /** Until the last bulk call was answered. */
  readonly ms: number;
}

/** A connection for each call: between two calls to one server there may be more time than it keeps an idle one. */
const agent = new Agent({ keepAlive: false });
const CROWD_INPUTS = [{ mode: "each" }, { mode: "atomic" }, { mode: "stop" }, { mode: "each", preview: true }] as const;

process.on("message", async (load: BulkLoad & { readonly crowd?: number }) => process.send?.(await (load.crowd === undefined ? takeTurn(load) : takeCrowdTurn(load, load.crowd))));
process.on("disconnect", () => process.exit());

async function takeTurn(load: BulkLoad): Promise<BulkTurn> {
  const { subjects, mode, number } = load;
  const ids = idsOf(subjects);
  const body = JSON.stringify({ ids, params: createAmendment(number), mode });
  const startedAt = performance.now();
  const text = await send(load, "bulk", body);
  const ms = performance.now() - startedAt;
  const { succeeded, results } = JSON.parse(text);
  if (succeeded !== subjects || results.length !== subjects || results[subjects - 1].data.title !== `Order #${ids.at(-1)}`) throw new Error(text.slice(0, 300));
  return { ms };
}

function idsOf(subjects: number): readonly number[] {
  return Array.from({ length: subjects }, (_, index) => subjectId(index));
}

/** So many bulk calls of all kinds at once, half of them answered by lines, and single calls one after the other for as long as they run. */
async function takeCrowdTurn(load: BulkLoad, crowd: number): Promise<CrowdTurn> {
  const startedAt = performance.now();
  const ids = idsOf(load.subjects);
  let left = crowd;
  let refused = 0;
  const calls = Array.from({ length: crowd }, async (_, at) => {
    const accept = Math.floor(at / CROWD_INPUTS.length) % 2 === 0 ? "application/json" : "application/x-ndjson";
    const status = await askFor({ ...load, number: at, accept }, "bulk", JSON.stringify({ ids, params: createAmendment(at), ...CROWD_INPUTS[at % CROWD_INPUTS.length] }));
    if (status !== 200) refused++;
    left--;
  });
  const latencies: number[] = [];
  while (left > 0) {
    const askedAt = performance.now();
    await send(load, `execute/${subjectId(9_999)}`, JSON.stringify(createAmendment(latencies.length)));
    latencies.push(performance.now() - askedAt);
  }
  await Promise.all(calls);
  return { singleCalls: latencies.length, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99), mostMs: quantile(latencies, 1), refused, ms: performance.now() - startedAt };
}

/** The text of the answer. */
async function send(load: BulkLoad, route: string, body: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of await open(load, route, body)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** The status, when the answer has come; to keep those of a crowd would hold up the load itself. */
async function askFor(load: BulkLoad, route: string, body: string): Promise<number | undefined> {
  const response = await open(load, route, body);
  for await (const _ of response) continue;
  return response.statusCode;
}

function open({ port, token, number, accept = "application/json" }: BulkLoad, route: string, body: string): Promise<IncomingMessage> {
  const headers = { "content-type": "application/json", accept, authorization: `Bearer ${token}`, "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: "127.0.0.1", method: "POST", path: `/api/v1/actions/orders/${actionName(number)}/${route}`, headers }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}
