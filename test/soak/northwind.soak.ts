import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { checkTrail } from "../crash/books.ts";
import { fetchToken } from "../crash/api-client.ts";
import { SoakConnection } from "./connection.ts";
import type { CrowdNews, CrowdOrder } from "./crowd.ts";
import { Ledger } from "./ledger.ts";
import { median } from "./percentiles.ts";
import { readSeconds } from "./seconds.ts";
import type { Measurement } from "./watched-process.ts";
import { callWitness } from "./witness.ts";
import { forkScript, startWatchedServer, type WatchedServer } from "./watched-server.ts";

const MIB = 1_048_576;
const CROWDS = 4;
const CLIENTS = 64;
const MAX_PAUSE_MS = 200;
const MEASURE_EVERY_MS = 2000;
/** Every so many measurements a crowd is killed, and another comes in its place. */
const MEASUREMENTS_A_KILL = 3;
/** A server with a call in flight waits nine seconds for it. */
const MAX_STOP_MS = 4000;
/** In a short run the store's cache of 8 MiB may still be filling up meanwhile. */
const MAX_GROWTH_BYTES = 12 * MIB;
/** A remembered answer has its place in the store's index for a day: docs/operations.md. */
const BYTES_A_KEY = 300;
const seconds = readSeconds("SOAK_SECONDS", 600);
/** What the ten minutes must show; one minute on a machine that does other things as well is judged less strictly. */
const MAX_BUSY_P99_MS = seconds >= 600 ? 25 : 50;

/** Clients in processes of their own, and what they told. */
class Crowds {
  readonly ledger = new Ledger();
  readonly wrong: string[] = [];
  readonly #order: CrowdOrder;
  readonly #running: ChildProcess[] = [];
  readonly #counts = new Map<ChildProcess, Readonly<Record<string, number>>>();

  constructor(order: CrowdOrder) {
    this.#order = order;
    for (let crowd = 0; crowd < CROWDS; crowd++) this.#add();
  }

  #add(): void {
    const crowd = forkScript("crowd", this.#order);
    this.#running.push(crowd);
    crowd.on("message", (news: CrowdNews) => {
      if ("begun" in news) this.ledger.begin(news.begun);
      else if ("ended" in news) this.ledger.end(news.ended, news.answer);
      else if ("wrong" in news) this.wrong.push(news.wrong);
      else this.#counts.set(crowd, news.counts);
    });
  }

  /** Ends the oldest as the kernel ends a process; what it had told is still heard. */
  async kill(): Promise<void> {
    const crowd = this.#running.shift();
    if (crowd === undefined) return;
    const closed = once(crowd, "close");
    crowd.kill("SIGKILL");
    await closed;
  }

  async replaceOne(): Promise<void> {
    await this.kill();
    this.#add();
  }

  async killAll(): Promise<void> {
    while (this.#running.length > 0) await this.kill();
  }

  /** How many of each kind, of all that ever were. */
  count(): Readonly<Record<string, number>> {
    const sum: Record<string, number> = {};
    for (const counts of this.#counts.values()) for (const [what, times] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + times;
    return sum;
  }
}

test(`${CLIENTS} clients do everything for ${seconds} s, and the server is as it was`, { timeout: (seconds + 240) * 1000 }, async (context) => {
  const server = await startWatchedServer();
  context.after(() => server.remove());
  const { tokens, order } = await toOrder(server);
  const crowds = new Crowds(order);
  const askWitness = callWitness();
  context.after(() => crowds.killAll());
  const measurements = await watch(server, crowds);
  const witness = askWitness();
  await crowds.killAll();
  const connection = new SoakConnection(server.port, tokens);
  const repeated = await crowds.ledger.repeatOpen(connection);
  connection.close();
  const atRest = heapOf(await server.measure());
  const stopped = await server.stop();
  const compared = crowds.ledger.compare(await checkTrail(join(server.dataDirectory, "store")));
  const busy = measurements.map(({ busyP99Ms }) => busyP99Ms);
  const heaps = [0, 1, 2].map((third) => Math.min(...heapsOf(measurements, third)));
  context.diagnostic(JSON.stringify(crowds.count()));
  context.diagnostic(`heap by thirds, least: ${heaps.map((bytes) => (bytes / MIB).toFixed(1)).join(", ")} MiB; at rest ${(atRest / MIB).toFixed(1)} MiB`);
  context.diagnostic(`event loop kept for p99 ${median(busy).toFixed(1)} ms (worst ${Math.max(...busy).toFixed(1)} ms, longest ${Math.max(...measurements.map(({ busyMaxMs }) => busyMaxMs)).toFixed(0)} ms); late by p99 ${median(measurements.map(({ delayP99Ms }) => delayP99Ms)).toFixed(1)} ms, and who does nothing by ${witness.p99Ms.toFixed(1)} ms${witness.isCalm ? "" : ": too busy a machine to judge by"}`);
  context.diagnostic(`${compared} keyed calls compared with the trail, ${repeated} asked for again; stopped in ${stopped.tookMs.toFixed(0)} ms`);
  assert.deepEqual(crowds.wrong.slice(0, 5), []);
  assert.deepEqual(server.log().filter((line) => !EXPECTED_EVENTS.test(line)), []);
  assert.equal(stopped.code, 0);
  assert.ok(stopped.tookMs < MAX_STOP_MS, "nothing is in flight any more that a stop would wait for");
  assert.ok(!witness.isCalm || median(busy) < MAX_BUSY_P99_MS, `the event loop was kept for ${median(busy)} ms`);
  const [first = 0] = heaps;
  assert.ok(atRest - first < MAX_GROWTH_BYTES + BYTES_A_KEY * compared, `the heap went from ${first} to ${atRest} bytes`);
});

async function watch(server: WatchedServer, crowds: Crowds): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const until = performance.now() + seconds * 1000; performance.now() < until; ) {
    await delay(MEASURE_EVERY_MS);
    measurements.push(await server.measure());
    if (measurements.length % MEASUREMENTS_A_KILL === 0) await crowds.replaceOne();
  }
  return measurements;
}

/** What the log may say without anything being wrong: an order whose goods are gone ends its workflow. */
const EXPECTED_EVENTS = /"event":"(store_opened|stopping|stopped|request_rejected|refusal_budget_spent|refusals_not_listed|handler_timed_out|workflow_failed|oauth\.token_issued|store_compacted)"/;

/** The first, second or last of the thirds. Calls that are under way hold what they read, a report all orders: so the least counts. */
function heapsOf(measurements: readonly Measurement[], third: number): readonly number[] {
  const size = Math.floor(measurements.length / 3);
  return measurements.slice(third * size, (third + 1) * size).map(heapOf);
}

function heapOf({ heapBytes, bufferBytes }: Measurement): number {
  return heapBytes + bufferBytes;
}

async function toOrder({ port, clients }: WatchedServer): Promise<{ readonly tokens: Readonly<Record<string, string>>; readonly order: CrowdOrder }> {
  const tokens: Record<string, string> = {};
  for (const [name, { client_id, client_secret }] of Object.entries(clients)) {
    if (client_secret !== undefined) tokens[name] = await fetchToken(port, { client_id, client_secret });
  }
  const { client_id = "", client_secret = "" } = clients["orders"] ?? {};
  return { tokens, order: { port, tokens, secrets: { client_id, client_secret }, clients: CLIENTS / CROWDS, maxPauseMs: MAX_PAUSE_MS } };
}
