import { Agent } from "node:http";
import { actionName, createAmendment, subjectId } from "../job/order.ts";
import { quantile } from "../statistics.ts";
import { ask } from "./call.ts";

/*
 * Single calls, one after the other on one connection, in a process of their own: that of the bulk calls reads hundreds of megabytes, and their
 * answers would wait there too. The first message says whom to call; at the next one it answers what they met.
 */

/** Who is called. */
export interface SinglesLoad {
  readonly port: number;
  readonly token: string;
}

/** What single calls met. */
export interface SinglesTurn {
  readonly singleCalls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let isWanted = false;

process.on("message", async (load: SinglesLoad | "end") => {
  isWanted = load !== "end";
  if (load !== "end") process.send?.(await callUntilTheEnd(load));
});
process.on("disconnect", () => process.exit());

/** They amend a subject that the bulk calls leave alone: who writes to the same one takes turns with them. */
async function callUntilTheEnd(load: SinglesLoad): Promise<SinglesTurn> {
  const latencies: number[] = [];
  for (let number = 0; isWanted; number++) {
    const askedAt = performance.now();
    await ask({ ...load, action: actionName(number), route: `execute/${subjectId(9_999)}`, agent }, JSON.stringify(createAmendment(number)));
    latencies.push(performance.now() - askedAt);
  }
  return { singleCalls: latencies.length, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99), mostMs: quantile(latencies, 1) };
}
