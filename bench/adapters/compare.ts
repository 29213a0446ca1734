import { isWanted, type Options } from "../options.ts";
import { describeMachine } from "../report/machine.ts";
import { spreadOf } from "../statistics.ts";
import { PAIRS, type Calls, type Pair } from "./cases.ts";

const ROUNDS = 11;
const SECONDS = 1;
const BATCH = 200;

/** What an adapter costs beside the least that can be written in its place. Answers the section of the report. */
export async function measureAdapters(options: Options): Promise<string> {
  const { rounds = ROUNDS, seconds = SECONDS } = options;
  const rows: string[] = [];
  for (const [name, pair] of Object.entries(PAIRS)) if (isWanted(options, name)) rows.push(await measurePair(name, pair, rounds, seconds));
  return [
    "## Adapters",
    "",
    `Processor time of a call that parses and answers JSON, client included; ${rounds} turns of ${seconds} s each. ${describeMachine()}`,
    "",
    "| | bare, µs | ours, µs | bare as a share of ours |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

async function measurePair(name: string, { bare, ours }: Pair, rounds: number, seconds: number): Promise<string> {
  const sides = [await bare(), await ours()] as const;
  const costs: [number[], number[]] = [[], []];
  // The first turn warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [side, calls] of sides.entries()) {
      const cost = await costOf(calls, seconds);
      if (round > 0) costs[side === 0 ? 0 : 1].push(cost);
    }
  }
  const [least, own] = [spreadOf(costs[0]), spreadOf(costs[1])];
  const share = spreadOf(costs[0].map((cost, at) => cost / (costs[1][at] ?? Number.NaN)));
  return `| ${name} | ${least.median.toFixed(1)} | ${own.median.toFixed(1)} | ${share.median.toFixed(2)} (${share.least.toFixed(2)} to ${share.most.toFixed(2)}) |`;
}

/** Microseconds of processor time for one call. */
async function costOf(calls: Calls, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const before = process.cpuUsage();
  let count = 0;
  for (; performance.now() < until; count += BATCH) await calls(BATCH);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
