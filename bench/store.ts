import { once } from "node:events";
import * as fs from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openFileStore } from "../src/adapters/file/index.ts";
import type { FileStore } from "../src/adapters/file/index.ts";
import { createMemoryStore } from "../src/adapters/memory/index.ts";
import type { Change, RecordStore } from "../src/domain/ports.ts";
import { memoryUsed } from "./memory-used.ts";

/*
 * What the stores cost, as ratios to the least that the job can cost on the same machine:
 *
 *   node --expose-gc --import tsx bench/store.ts [records] [directory]
 *
 * Opening: against reading the same bytes line by line and parsing each. Commits: against a bare
 * loop of write and fdatasync. Memory, on the heap and beside it: against the records' own JSON. Waiting
 * while the store compacts itself: against waiting while it does not. Rates and times are the median of
 * several runs, taken in turns. The trail is measured by store-trail.ts, what a store needs over 90 days
 * by store-endurance.ts.
 */

const RECORDS = Number(process.argv[2] ?? 1_000_000);
const ROOT = await mkdtemp(join(process.argv[3] ?? tmpdir(), "actionport-bench-"));
const clock = () => 0;
const FROZEN = Object.freeze({ id: 1, name: "one", price: "32.38", tags: Object.freeze(["a", "b"]) });

try {
  report("memory store, reads a second", readsPerSecond(createMemoryStore({ clock })));
  report("memory store, commits a second", commitsPerSecondInMemory(createMemoryStore({ clock })));
  await benchCommits();
  await benchOpening();
} finally {
  await rm(ROOT, { recursive: true });
}

async function benchCommits(): Promise<void> {
  const lone: number[] = [];
  const grouped: number[] = [];
  const floor: number[] = [];
  const bytes = Buffer.alloc(400, 0x20);
  for (let run = 0; run < 5; run++) {
    floor.push(syncsPerSecond(join(ROOT, `floor-${run}`), bytes));
    const store = await openFileStore({ directory: join(ROOT, `commits-${run}`), clock });
    lone.push(await commitsPerSecond(store, 1, 500));
    grouped.push(await commitsPerSecond(store, 64, 200));
    await store.close();
  }
  report("write and fdatasync a second, bare", median(floor));
  report("file store, commits a second, one writer", median(lone), median(floor));
  report("file store, commits a second, 64 writers", median(grouped), median(floor));
}

async function benchOpening(): Promise<void> {
  const directory = join(ROOT, "opening");
  const jsonBytes = await fill(directory);
  const { compacting, otherwise } = await watchWaits(directory);
  report(`longest wait of a commit while ${RECORDS} records are compacted, ms`, Math.max(...compacting), Math.max(...otherwise));
  report("the same, 99 of 100 waits are shorter than, ms", percentile(compacting, 0.99), percentile(otherwise, 0.99));
  const plain = join(ROOT, "plain.jsonl");
  await writePlain(directory, plain);
  const times = { plain: Array<number>(), open: Array<number>() };
  let heapBytes = 0;
  for (let run = 0; run < 3; run++) {
    times.plain.push(await timed(() => readPlain(plain)));
    let store: FileStore | undefined;
    const before = memoryUsed();
    times.open.push(await timed(async () => {
      store = await openFileStore({ directory, clock });
    }));
    heapBytes = memoryUsed() - before;
    await store?.close();
  }
  report(`reading and parsing ${RECORDS} records, ms`, median(times.plain));
  report(`opening the store with ${RECORDS} records, ms`, median(times.open), median(times.plain));
  report("memory after opening, MB", heapBytes / 1e6, jsonBytes / 1e6);
  report("memory for a record after opening, bytes", heapBytes / RECORDS, jsonBytes / RECORDS);
}

/** Fills a store; answers how many bytes of JSON went in. */
async function fill(directory: string): Promise<number> {
  const store = await openFileStore({ directory, clock, maxLogMultiple: 100 });
  let bytes = 0;
  for (let n = 0; n < RECORDS; n += 1000) {
    const changes: Change[] = [];
    for (let at = n; at < Math.min(RECORDS, n + 1000); at++) {
      const value = sample(at);
      bytes += JSON.stringify(value).length;
      changes.push({ kind: "put", collection: "northwind.Order", id: String(at), basedOn: 0, value });
    }
    await store.commit(changes);
    await store.durable();
  }
  for (let n = 0; n < RECORDS / 10; n += 1000) await rewrite(store, n);
  await store.close();
  return bytes;
}

/** So that there is something to compact. */
async function rewrite(store: FileStore, from: number): Promise<void> {
  const ids = Array.from({ length: 1000 }, (_, n) => from + n);
  await store.commit(ids.map((n) => ({ kind: "put", collection: "northwind.Order", id: String(n), basedOn: 1 + from / 1000, value: sample(n) })));
  await store.durable();
}

/** Commits until the store has compacted itself, and as often afterwards; answers how long each commit took, in milliseconds. */
async function watchWaits(directory: string) {
  let isCompacted = false;
  const observe = ({ event }: { readonly event: string }) => {
    isCompacted ||= event === "store_compacted" || event === "store_compaction_failed";
  };
  const store = await openFileStore({ directory, clock, observe, maxLogMultiple: 2 });
  const compacting: number[] = [];
  const otherwise: number[] = [];
  let version = 0;
  while (!isCompacted || otherwise.length < compacting.length) {
    const started = performance.now();
    const result = await store.commit([{ kind: "put", collection: "ticks", id: "tick", basedOn: version, value: {} }]);
    if (result.committed) version = result.version;
    await store.durable();
    const wait = performance.now() - started;
    if (fs.existsSync(join(directory, "0000000002.snapshot.tmp"))) compacting.push(wait);
    else otherwise.push(wait);
  }
  await store.close();
  return { compacting, otherwise };
}

async function writePlain(directory: string, path: string): Promise<void> {
  const store = await openFileStore({ directory, clock });
  const output = fs.createWriteStream(path);
  for (let n = 0; n < RECORDS; n += 1000) {
    const ids = Array.from({ length: Math.min(1000, RECORDS - n) }, (_, at) => String(n + at));
    const lines = (await store.read("northwind.Order", ids)).map((record) => `${JSON.stringify(record)}\n`);
    if (!output.write(lines.join(""))) await once(output, "drain");
  }
  output.end();
  await once(output, "close");
  await store.close();
}

/** The least that a store of JSON lines could do: read, parse, keep. */
async function readPlain(path: string): Promise<number> {
  const records: unknown[] = [];
  if (fs.statSync(path).size < 500_000_000) {
    for (const line of fs.readFileSync(path, "utf8").split("\n")) if (line !== "") records.push(JSON.parse(line));
  } else {
    for await (const line of createInterface({ input: fs.createReadStream(path) })) records.push(JSON.parse(line));
  }
  return records.length;
}

async function commitsPerSecond(store: FileStore, writers: number, each: number): Promise<number> {
  const started = performance.now();
  await Promise.all(Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; n < each; n++) {
      await store.commit([{ kind: "put", collection: "commits", id: `${writers}-${writer}-${n}`, basedOn: 0, value: sample(n) }]);
      await store.durable();
    }
  }));
  return (1000 * writers * each) / (performance.now() - started);
}

/** In a loop without any event loop: nothing could be faster for one writer. */
function syncsPerSecond(path: string, bytes: Buffer): number {
  const descriptor = fs.openSync(path, "w");
  const started = performance.now();
  for (let n = 0; n < 500; n++) {
    fs.writeSync(descriptor, bytes);
    fs.fdatasyncSync(descriptor);
  }
  const seconds = (performance.now() - started) / 1000;
  fs.closeSync(descriptor);
  return 500 / seconds;
}

function commitsPerSecondInMemory(store: RecordStore): number {
  const started = performance.now();
  for (let n = 0; n < 200_000; n++) {
    store.commit([{ kind: "put", collection: "commits", id: String(n), basedOn: 0, value: FROZEN }]);
  }
  return 200_000_000 / (performance.now() - started);
}

function readsPerSecond(store: RecordStore): number {
  const ids = Array.from({ length: 10_000 }, (_, n) => String(n));
  store.commit(ids.map((id) => ({ kind: "put", collection: "reads", id, basedOn: 0, value: FROZEN })));
  const started = performance.now();
  for (let n = 0; n < 2_000_000; n++) store.read("reads", [ids[n % 10_000] ?? ""]);
  return 2_000_000_000 / (performance.now() - started);
}

/** An order as Northwind has it: about 330 bytes of JSON. */
function sample(n: number) {
  return {
    id: n, customer_id: "VINET", employee_id: 5, ordered_at: "1996-07-04T00:00:00.000Z", required_at: "1996-08-01T00:00:00.000Z", shipped_at: null,
    ship_via: 3, freight: "32.38", ship_name: "Vins et alcools Chevalier", ship_address: "59 rue de l'Abbaye", ship_city: "Reims", ship_country: "France",
    lines: [{ product_id: 11, quantity: 12, unit_price: "14.00" }],
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

function report(what: string, value: number, base?: number): void {
  const ratio = base === undefined ? "" : `   ${(value / base).toFixed(2)} of ${round(base)}`;
  process.stdout.write(`${what.padEnd(74)} ${round(value).padStart(12)}${ratio}\n`);
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
