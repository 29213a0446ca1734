import { setTimeout as delay } from "node:timers/promises";
import { Connection } from "./connection.ts";
import { createRequests } from "./requests.ts";
import type { Requests } from "./requests.ts";
import type { Load, Turn } from "./target.ts";
import { quantile } from "../statistics.ts";

/*
 * The load, in a process of its own: each message is a turn, answered with what came of it.
 */

const CONNECTIONS = 32;
/** So long at the beginning of a turn latencies do not count: connecting is none of them. */
const RAMP_MS = 100;
/** A turn ends after so long, however few the answers. */
const MAX_SECONDS = 30;

/** Made once for each server, by its port. */
const known = new Map<number, Requests>();

process.on("message", async (load: Load) => {
  process.send?.(await takeTurn(load));
});
process.on("disconnect", () => process.exit());

async function takeTurn({ port, tokens, wire, seconds, leastAnswers }: Load): Promise<Turn> {
  const requests = known.get(port) ?? createRequests(wire, tokens);
  known.set(port, requests);
  const latencies: number[] = [];
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const note = (latencyMs: number): void => {
    if (elapsed() > RAMP_MS) latencies.push(latencyMs);
  };
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection(port, requests, note));
  const count = (): number => connections.reduce((sum, connection) => sum + connection.answers, 0);
  do await delay(seconds * 1_000);
  while (count() < leastAnswers && elapsed() < MAX_SECONDS * 1_000);
  const answers = count();
  const perSecond = (answers * 1_000) / elapsed();
  for (const connection of connections) connection.close();
  return { answers, perSecond, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
}
