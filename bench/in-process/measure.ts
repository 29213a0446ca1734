import { quantile } from "../statistics.ts";
import { TABLES } from "./cases.ts";
import type { Table, Work } from "./cases.ts";

/*
 * One process measures one case: either its time, in turns with the baseline, or its garbage. It sends
 * its numbers to the process that forked it, or prints them: microseconds a call of the case and of the baseline, or bytes a call.
 *
 *     node measure.js TABLE CASE time SECONDS
 *     node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256 measure.js TABLE CASE bytes
 */

/** Until the compiler has seen enough. */
const WARM_UP_CALLS = 20_000;
/** Long enough that collecting the garbage falls into most of them. */
const BATCH_CALLS = 2_000;
const LEAST_BATCHES = 10;
const BYTES_RUNS = 9;
/** After a collection that was asked for V8 compiles anew what it had optimized, and until then allocates more. */
const SETTLING_CALLS = 4_000;

const [tableName = "", name = "", what, seconds = "2"] = process.argv.slice(2);
const tables: Readonly<Record<string, Table>> = TABLES;
const table = tables[tableName];
const createWork = table?.cases[name];
const createBaseline = table?.cases[table.baseline];
if (createWork === undefined || createBaseline === undefined) throw new TypeError(`there is no ${tableName} "${name}"`);
tell(what === "bytes" ? [await measureBytes(await createWork())] : await measureTimes(await createWork(), await createBaseline(), Number(seconds)));

function tell(numbers: readonly number[]): void {
  if (process.send === undefined) return console.log(...numbers);
  process.send(numbers);
  process.disconnect();
}

async function measureTimes(own: Work, baseline: Work, seconds: number): Promise<readonly [own: number, baseline: number]> {
  await repeat(own, 0, WARM_UP_CALLS);
  await repeat(baseline, 0, WARM_UP_CALLS);
  let least = Infinity;
  let leastOfBaseline = Infinity;
  const endsAt = performance.now() + seconds * 1_000;
  for (let batch = 0; batch < LEAST_BATCHES || performance.now() < endsAt; batch++) {
    const from = WARM_UP_CALLS + batch * BATCH_CALLS;
    leastOfBaseline = Math.min(leastOfBaseline, await timeOf(baseline, from));
    least = Math.min(least, await timeOf(own, from));
  }
  return [least, leastOfBaseline];
}

/** Microseconds a call. */
async function timeOf(work: Work, from: number): Promise<number> {
  const startedAt = performance.now();
  await repeat(work, from, BATCH_CALLS);
  return ((performance.now() - startedAt) * 1_000) / BATCH_CALLS;
}

/**
 * Bytes that a call allocates, whether they are garbage at once or kept: how far the heap grows while
 * nothing is collected. The new space is so large that nothing need be; the median leaves out a run that was.
 */
async function measureBytes(work: Work): Promise<number> {
  await repeat(work, 0, WARM_UP_CALLS);
  const runs: number[] = [];
  for (let run = 0; run < BYTES_RUNS; run++) {
    const from = WARM_UP_CALLS + run * (SETTLING_CALLS + BATCH_CALLS);
    globalThis.gc?.();
    await repeat(work, from, SETTLING_CALLS);
    const before = process.memoryUsage().heapUsed;
    await repeat(work, from + SETTLING_CALLS, BATCH_CALLS);
    runs.push((process.memoryUsage().heapUsed - before) / BATCH_CALLS);
  }
  return quantile(runs, 0.5);
}

async function repeat(work: Work, from: number, calls: number): Promise<void> {
  if (work.waits) for (let index = from; index < from + calls; index++) await work.call(index);
  else for (let index = from; index < from + calls; index++) work.call(index);
}
