import { Agent } from "node:http";
import { actionName, createAmendment, subjectId } from "../job/order.ts";
import { ask, askForStatus } from "./call.ts";

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

/** What came of many bulk calls at once. */
export interface CrowdTurn {
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
  const text = await ask({ ...load, action: actionName(number), route: "bulk", agent }, body);
  const ms = performance.now() - startedAt;
  const { succeeded, results } = JSON.parse(text);
  if (succeeded !== subjects || results.length !== subjects || results[subjects - 1].data.title !== `Order #${ids.at(-1)}`) throw new Error(text.slice(0, 300));
  return { ms };
}

function idsOf(subjects: number): readonly number[] {
  return Array.from({ length: subjects }, (_, index) => subjectId(index));
}

/** So many bulk calls of all kinds at once, half of them answered by lines. */
async function takeCrowdTurn(load: BulkLoad, crowd: number): Promise<CrowdTurn> {
  const startedAt = performance.now();
  const ids = idsOf(load.subjects);
  let refused = 0;
  const calls = Array.from({ length: crowd }, async (_, at) => {
    const accept = Math.floor(at / CROWD_INPUTS.length) % 2 === 0 ? "application/json" : "application/x-ndjson";
    const call = { ...load, action: actionName(at), route: "bulk", accept, agent };
    const status = await askForStatus(call, JSON.stringify({ ids, params: createAmendment(at), ...CROWD_INPUTS[at % CROWD_INPUTS.length] }));
    if (status !== 200) refused++;
  });
  await Promise.all(calls);
  return { refused, ms: performance.now() - startedAt };
}
