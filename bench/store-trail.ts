import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openFileStore } from "../src/adapters/file/index.ts";
import type { FileStore } from "../src/adapters/file/index.ts";
import type { TrailEntry, TrailQuery } from "../src/domain/ports.ts";
import { memoryUsed } from "./memory-used.ts";

/*
 * What the trail of the file store costs, and how long questions to it take:
 *
 *   node --expose-gc --import tsx bench/store-trail.ts [entries] [directory]
 *
 * Each question is asked ten times; the first and the shortest time are told, the least that the event
 * loop was held up at once while one was answered (which other processes can only make more), and the
 * processor time of one answer, on all threads.
 */

const ENTRIES = Number(process.argv[2] ?? 10_000_000);
const DIRECTORY = await mkdtemp(join(process.argv[3] ?? tmpdir(), "actionport-trail-"));
const clock = () => 0;

/** About 400 bytes, as an entry of a small action is. */
const FILLER = "x".repeat(260);

const QUESTIONS: readonly (readonly [string, TrailQuery])[] = [
  ["the latest 50", { limit: 50, order: "descending" }],
  ["50 from the middle", { limit: 50, after: String(ENTRIES >> 1).padStart(16, "0") }],
  ["the history of one subject", { limit: 50, order: "descending", subject: "northwind.Order:123456" }],
  ["the latest 50 of a subject that is in one of 1,000", { limit: 50, order: "descending", subject: "hot" }],
  ["a subject that nothing was done to", { limit: 50, subject: "northwind.Order:none" }],
  ["an action and an identity that never meet, half of all entries each", { limit: 50, action: "orders/approve-order", identity: "bob" }],
];

try {
  const before = memoryUsed();
  await fill();
  const started = performance.now();
  const store = await openFileStore({ directory: DIRECTORY, clock });
  report("opening, ms", performance.now() - started);
  report("memory, MB", (memoryUsed() - before) / 1e6);
  for (const [name, question] of QUESTIONS) await ask(store, name, question);
  report("memory after all questions, MB", (memoryUsed() - before) / 1e6);
  await store.close();
} finally {
  await rm(DIRECTORY, { recursive: true });
}

async function fill(): Promise<void> {
  const store = await openFileStore({ directory: DIRECTORY, clock });
  const started = performance.now();
  for (let n = 0; n < ENTRIES; n += 100) {
    await store.commit([], Array.from({ length: 100 }, (_, at) => entryOf(n + at)));
    if (n % 1000 === 0) await store.durable();
  }
  await store.durable();
  report("entries a second, 100 in each commit", ENTRIES / ((performance.now() - started) / 1000));
  await store.close();
}

function entryOf(n: number): TrailEntry {
  const [action, identity] = n % 2 === 0 ? ["orders/ship-order", "bob"] as const : ["orders/approve-order", "alice"] as const;
  const subject = { class: "northwind.Order", id: n % 1000 === 5 ? "hot" : String(n % 1_000_003) };
  return { at: 0, expiresAt: 1e12, action, identity, subject, value: { when: "2026-01-01T00:00:00.000Z", identity, action, n, filler: FILLER } };
}

async function ask(store: FileStore, name: string, question: TrailQuery): Promise<void> {
  const times: number[] = [];
  const waits: number[] = [];
  const before = process.cpuUsage();
  for (let n = 0; n < 10; n++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const started = performance.now();
    await store.trail(question);
    times.push(performance.now() - started);
    delay.disable();
    waits.push(delay.max / 1e6);
  }
  const { user, system } = process.cpuUsage(before);
  report(`${name}, ms`, Math.min(...times), `   at first ${round(times[0] ?? 0)}, the loop at most ${round(Math.min(...waits))}, ${round((user + system) / 1e4)} of processor time`);
}

function report(what: string, value: number, more = ""): void {
  process.stdout.write(`${what.padEnd(80)} ${round(value).padStart(10)}${more}\n`);
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
