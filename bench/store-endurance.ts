import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileStore } from "../src/adapters/file/index.ts";
import { memoryUsed } from "./memory-used.ts";

/*
 * What a file store needs over 90 days, or fewer, of calls with idempotency keys, at a time that runs faster:
 *
 *   node --expose-gc --import tsx bench/store-endurance.ts [actions a second] [days] [directory]
 *
 * Each action changes one of 1,000 subjects, leaves a remembered answer that expires after a day, and
 * an entry of the trail that expires after 30 days. Memory, on the heap and beside it, has to be the
 * same from the second day on, and the disk from the thirty-first.
 */

const RATE = Number(process.argv[2] ?? 0.2);
const DAYS = Number(process.argv[3] ?? 90);
const DIRECTORY = await mkdtemp(join(process.argv[4] ?? tmpdir(), "actionport-endurance-"));
const DAY_MS = 86_400_000;
const SUBJECTS = 1000;
/** A SHA-256. */
const FINGERPRINT = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
/** The identity that a remembered answer is kept for, as it stands in the record's ID. */
const WHOSE = JSON.stringify(["http://127.0.0.1:3000", "client", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"]);
const time = { now: Date.UTC(2026, 0, 1) };

try {
  await run();
} finally {
  await rm(DIRECTORY, { recursive: true });
}

async function run(): Promise<void> {
  const before = memoryUsed();
  const store = await openFileStore({ directory: DIRECTORY, clock: () => time.now, maxCachedBytes: 16 * 1024 * 1024 });
  const versions = Array.from({ length: SUBJECTS }, () => 0);
  const perDay = Math.round(RATE * 86_400);
  for (let day = 1; day <= DAYS; day++) {
    for (let n = 0; n < perDay; n++) {
      time.now += DAY_MS / perDay;
      const subject = (n * 7) % SUBJECTS;
      const id = JSON.stringify([WHOSE, randomUUID()]);
      const result = await store.commit([
        { kind: "put", collection: "northwind.Order", id: String(subject), basedOn: versions[subject] ?? 0, value: { id: subject, n, day } },
        { kind: "put", collection: "actionport.idempotency", id, basedOn: 0, value: { fingerprint: FINGERPRINT, outcome: { kind: "message", message: "Order approved." } }, expiresAt: time.now + DAY_MS },
      ], [{
        at: time.now, expiresAt: time.now + 30 * DAY_MS, action: "orders/approve-order", identity: "alice",
        subject: { class: "northwind.Order", id: String(subject) }, value: { day, n, changes: [{ before: { n: n - 1 }, after: { n } }] },
      }]);
      if (!result.committed) throw new Error("there is nobody to conflict with");
      versions[subject] = result.version;
      if (n % 512 === 0) await store.durable();
    }
    await store.durable();
    if ([1, 2, 10, 30, 45, 60, 75, 90].includes(day)) await tell(day, before, day * perDay);
  }
  await store.close();
}

async function tell(day: number, before: number, actions: number): Promise<void> {
  const memory = (memoryUsed() - before) / 1e6;
  process.stdout.write(`day ${String(day).padStart(2)}: ${String(actions).padStart(10)} actions, ${memory.toFixed(1).padStart(6)} MB of memory, ${(await diskBytes() / 1e6).toFixed(1).padStart(7)} MB of disk\n`);
}

async function diskBytes(): Promise<number> {
  let bytes = 0;
  // A file may go between its being listed and looked at.
  for (const name of await readdir(DIRECTORY)) bytes += (await stat(join(DIRECTORY, name)).catch(() => ({ size: 0 }))).size;
  return bytes;
}
