import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileStore } from "../../../src/adapters/file/index.ts";
import { isPromiseLike } from "../../../src/domain/maybe-promise.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Change, TrailEntry } from "../../../src/domain/ports.ts";
import { entryOf } from "../../../src/app/testing/contracts/record-store/trail.ts";
import { EMPTY_DISK, createDisk } from "./simulated-disk.ts";
import type { DiskOperation } from "./simulated-disk.ts";
import { DIRECTORY, openOn, put } from "./workload.ts";

/** So many that a commit of them is encoded in pieces, and sealed in pieces. */
const MANY = 1100;

const many: readonly Change[] = Array.from({ length: MANY }, (_, n) => put(`many-${n}`, ABSENT, { n, text: n % 100 === 0 ? "日本 \ud800" : "x".repeat(1000) }));
const manyEntries: readonly TrailEntry[] = Array.from({ length: 10 }, (_, n) => entryOf(1000 + n));

/** Small segments of the trail are another test's; with so many entries they would only be slow. */
const PLAIN = { trail: {}, minLogBytes: 1e6 };

async function countOf(store: FileStore): Promise<number> {
  const { records } = await store.list("things", { limit: 2 * MANY });
  assert.ok(records.every(({ value, id }) => !id.startsWith("many-") || id === `many-${value["n"]}`));
  return records.filter(({ id }) => id.startsWith("many-")).length;
}

async function numbersOf(store: FileStore): Promise<readonly unknown[]> {
  return (await store.trail({ limit: 100 })).entries.map(({ value }) => value["n"]);
}

test("a commit of many is encoded while small ones come in between, and then kept whole behind them", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  const committing = store.commit(many, manyEntries);
  assert.ok(isPromiseLike(committing), "it is not encoded at once");
  assert.deepEqual(store.commit([put("small", ABSENT)], [entryOf(1)]), { committed: true, version: 1 });
  assert.deepEqual(store.commit([put("small", 1)], [entryOf(2)]), { committed: true, version: 2 });
  assert.equal(await countOf(store), 0, "nothing of it is to be seen");
  assert.deepEqual(await committing, { committed: true, version: 3 });
  assert.deepEqual(store.commit([put("small", 2)], [entryOf(3)]), { committed: true, version: 4 });
  await store.close();
  const again = await openOn(disk, PLAIN);
  assert.equal(await countOf(again), MANY);
  assert.deepEqual((await again.read("things", ["many-0", "many-1099", "small"])).map((record) => record?.version), [3, 3, 4]);
  assert.deepEqual((await again.read("things", ["many-0"]))[0]?.value, { n: 0, text: "日本 \ud800" });
  assert.deepEqual(await numbersOf(again), [1, 2, ...manyEntries.map(({ value }) => value["n"]), 3]);
  await again.close();
});

test("a commit of many is a conflict, and leaves no trace, when a small one was faster", async () => {
  const store = await openOn(createDisk(), PLAIN);
  const committing = store.commit(many, manyEntries);
  await store.commit([put("many-7", ABSENT, { n: 7 })], [entryOf(1)]);
  assert.deepEqual(await committing, { committed: false, conflicts: [{ collection: "things", id: "many-7" }] });
  assert.equal(await countOf(store), 1);
  assert.deepEqual(await numbersOf(store), [1]);
  assert.deepEqual(store.commit([put("small", ABSENT)]), { committed: true, version: 2 });
  await store.close();
});

test("durable() waits for what was kept: while many are encoded for those before, and then for them", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  const committing = store.commit(many, manyEntries);
  assert.equal(store.durable(), undefined, "nothing is kept yet");
  await store.commit([put("small", ABSENT)]);
  await store.durable();
  assert.deepEqual((await showAfterCrash(disk.operations))[0], 1, "the small one is safe");
  await committing;
  await store.durable();
  assert.deepEqual(await showAfterCrash(disk.operations), [1, MANY, manyEntries.length]);
  await store.close();
});

test("whatever the operation at which the process dies, a commit of many is there whole or not at all", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  const committing = store.commit(many, manyEntries);
  await store.commit([put("small", ABSENT)]);
  await committing;
  await store.close();
  const seen = new Set<number>();
  for (let count = 1; count <= disk.operations.length; count++) {
    const done = disk.operations.slice(0, count);
    for (const operations of [done, cutOff(done)]) {
      const [small, found, entries] = await showAfterCrash(operations);
      assert.ok(found === 0 || (found === MANY && small === 1), `${found} of ${MANY} after operation ${count}`);
      assert.equal(entries, found === 0 ? 0 : manyEntries.length);
      seen.add(found);
    }
  }
  assert.deepEqual([...seen], [0, MANY]);
});

test("a commit of a few large values is encoded in pieces as well, and small ones come in between", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { ...PLAIN, minLogBytes: 1e7 });
  const large = (n: number) => put(`many-${n}`, ABSENT, { n, text: "x".repeat(100_000) });
  const least = store.commit([0, 1, 2, 3, 4, 5, 6, 7, 8].map(large), manyEntries);
  assert.ok(!isPromiseLike(least), "less than a megabyte is not worth it");
  const committing = store.commit([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20].map(large), manyEntries);
  assert.ok(isPromiseLike(committing));
  assert.deepEqual(store.commit([put("small", ABSENT)]), { committed: true, version: 2 });
  assert.deepEqual(await committing, { committed: true, version: 3 });
  await store.close();
  const again = await openOn(disk, { ...PLAIN, minLogBytes: 1e7 });
  assert.deepEqual([await countOf(again), (await numbersOf(again)).length], [20, 2 * manyEntries.length]);
  await again.close();
});

test("commits of many come one after the other, and one that fails is in nobody's way", async () => {
  const store = await openOn(createDisk(), PLAIN);
  const others = many.map((change) => ({ ...change, collection: "others" }));
  const unwritable: TrailEntry = { ...entryOf(1), value: JSON.parse("[]") };
  const outcomes = await Promise.allSettled([store.commit(many, [unwritable]), store.commit(many, manyEntries), store.commit(others)]);
  assert.deepEqual(outcomes.map((outcome) => (outcome.status === "rejected" ? String(outcome.reason) : outcome.value)), [
    "TypeError: the value of an entry must be a JSON object", { committed: true, version: 1 }, { committed: true, version: 2 },
  ]);
  await store.close();
});

test("a commit of many waits until the one before is on the disk, so that a small one has no more than one of them before it there", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  const others = many.map((change) => ({ ...change, collection: "others" }));
  await Promise.all([store.commit(many), store.commit(others)]);
  const second = disk.operations.findIndex((operation) => operation.kind === "write" && operation.bytes.includes("others"));
  assert.ok(second > 0);
  assert.equal((await showAfterCrash(disk.operations.slice(0, second)))[1], MANY, "the first is there before a part of the second");
  const log = disk.operations[second];
  const ofLog = disk.operations.slice(0, second).filter((operation) => "file" in operation && log !== undefined && "file" in log && operation.file === log.file);
  assert.equal(ofLog.at(-1)?.kind, "sync", "and safe");
  await store.close();
});

test("a store that is closed while many are encoded keeps nothing of them", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  const committing = assert.rejects(async () => store.commit(many, manyEntries), { code: "store_unavailable", message: `the store in ${DIRECTORY} is closed` });
  await store.close();
  await committing;
  assert.deepEqual(await showAfterCrash(disk.operations), [0, 0, 0]);
});

test("while a commit of many is taken in, whoever has to do with what it changes waits until all of it is there", async () => {
  const { disk, store, committing } = await takeIn([entryOf(1)]);
  const [read, listed, trail, changed, durable] = [store.read("things", ["small", "many-1099"]), countOf(store), numbersOf(store), store.commit([put("many-0", 2, { n: 0 })]), store.durable()];
  assert.ok(isPromiseLike(changed));
  assert.equal((await read)[1]?.version, 2);
  assert.equal(await listed, MANY);
  assert.equal((await trail).length, 1 + manyEntries.length);
  assert.deepEqual(await changed, { committed: true, version: 3 });
  await durable;
  await store.durable();
  assert.deepEqual(await showAfterCrash(disk.operations), [1, MANY, 1 + manyEntries.length]);
  assert.deepEqual(await committing, { committed: true, version: 2 });
  await store.close();
});

test("while a commit of many is taken in, nobody waits for it who has to do with other records", async () => {
  const { disk, store, committing } = await takeIn([entryOf(1)]);
  const [read, checked, changed] = [store.read("things", ["small"]), store.commit([{ kind: "check", collection: "things", id: "other", basedOn: ABSENT }]), store.commit([put("small", 1)])];
  assert.ok(!isPromiseLike(read) && !isPromiseLike(checked) && !isPromiseLike(changed) && isPromiseLike(store.collections()));
  assert.equal(changed.committed, true);
  const withEntry = await store.commit([put("small", changed.committed ? changed.version : 0)], [entryOf(2)]);
  assert.equal(withEntry.committed, true);
  await committing;
  await store.close();
  assert.deepEqual(await showAfterCrash(disk.operations), [1, MANY, 2 + manyEntries.length]);
});

test("a store that is closed while many are taken in keeps all of them", async () => {
  const { disk, store, committing } = await takeIn([]);
  await store.close();
  assert.deepEqual(await committing, { committed: true, version: 2 });
  assert.deepEqual(await showAfterCrash(disk.operations), [1, MANY, manyEntries.length]);
});

test("a snapshot that is written while many are taken in never has a part of them alone, wherever the process dies", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { ...PLAIN, minLogBytes: 1 });
  await store.commit([put("small", ABSENT, { text: "x".repeat(100_000) })]);
  const committing = store.commit(many, manyEntries);
  await untilTaking(store);
  await committing;
  await store.close();
  assert.ok(disk.operations.some(({ kind }) => kind === "rename"), "a snapshot was written");
  for (let count = 1; count <= disk.operations.length; count++) {
    const [, found] = await showAfterCrash(disk.operations.slice(0, count));
    assert.ok(found === 0 || found === MANY, `${found} of ${MANY} after operation ${count}`);
  }
});

/** A store that has a small record, and is taking in many. */
async function takeIn(entries: readonly TrailEntry[]) {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  await store.commit([put("small", ABSENT)], entries);
  const committing = store.commit(many, manyEntries);
  await untilTaking(store);
  return { disk, store, committing };
}

/** Settles in the midst of it: only then has to wait who asks for the collections. */
async function untilTaking(store: FileStore): Promise<void> {
  while (!isPromiseLike(store.collections())) await new Promise((resolve) => setImmediate(resolve));
}

/** What a disk shows on which no more than these operations have happened: small records, many, and entries. */
async function showAfterCrash(operations: readonly DiskOperation[]): Promise<readonly [number, number, number]> {
  const store = await openOn(createDisk(EMPTY_DISK, operations), PLAIN);
  const small = (await store.read("things", ["small"]))[0] === undefined ? 0 : 1;
  const shown = [small, await countOf(store), (await numbersOf(store)).length] as const;
  await store.close();
  return shown;
}

/** The same with half of what the last one has written. */
function cutOff(operations: readonly DiskOperation[]): readonly DiskOperation[] {
  const last = operations.at(-1);
  return last?.kind === "write" ? [...operations.slice(0, -1), { ...last, bytes: last.bytes.subarray(0, last.bytes.length >>> 1) }] : operations;
}
