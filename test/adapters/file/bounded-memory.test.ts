import assert from "node:assert/strict";
import { test } from "node:test";
import { isPromiseLike } from "../../../src/domain/maybe-promise.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Observation } from "../../../src/domain/ports.ts";
import { measureHeap } from "../../../src/adapters/file/high-water.ts";
import { entryOf } from "../../../src/app/testing/contracts/record-store/trail.ts";
import { createDisk } from "./simulated-disk.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";
import { DIRECTORY, idle, openOn, put } from "./workload.ts";

const MEBIBYTE = 1_048_576;
const LOG = `${DIRECTORY}/0000000001.log`;

test("what is cached is answered at once, and what is not by a promise, alone and in a list", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6 });
  await store.commit([put("a", ABSENT, { n: 1 }), put("b", ABSENT, { n: 2 }), put("c", ABSENT, { n: 3 })]);
  assert.equal(isPromiseLike(store.read("things", ["a", "none"])), false);
  await store.close();
  const again = await openOn(disk, { minLogBytes: 1e6 });
  const reading = again.read("things", ["b", "none", "b"]);
  assert.equal(isPromiseLike(reading), true);
  assert.deepEqual((await reading).map((record) => record?.value), [{ n: 2 }, undefined, { n: 2 }]);
  assert.equal(isPromiseLike(again.read("things", ["b"])), false, "now it is cached");
  const listing = again.list("things", { limit: 2 });
  assert.equal(isPromiseLike(listing), true);
  assert.deepEqual((await listing).records.map(({ id, value }) => [id, value]), [["a", { n: 1 }], ["b", { n: 2 }]]);
  assert.equal(isPromiseLike(again.list("things", { limit: 2 })), false);
  await again.close();
});

test("what is read in passing is answered like anything else, and takes no place from what is cached", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6 });
  await store.commit(["a", "b", "c"].map((id) => put(id, ABSENT, { id })));
  await store.close();
  const again = await openOn(disk, { minLogBytes: 1e6 });
  await again.read("things", ["c"]);
  const passing = await again.list("things", { limit: 3, passing: true });
  assert.deepEqual(passing.records.map(({ value }) => value), [{ id: "a" }, { id: "b" }, { id: "c" }]);
  assert.equal(isPromiseLike(again.read("things", ["c"])), false, "it was cached before");
  for (const id of ["a", "b"]) assert.equal(isPromiseLike(again.read("things", [id])), true);
  await idle(disk);
  await again.close();
});

test("values that are not safe yet are answered although nothing is cached", async () => {
  const store = await openOn(createDisk(), { maxCachedBytes: 0, minLogBytes: 1e6 });
  await store.commit(["a", "b", "c", "d"].map((id) => put(id, ABSENT, { id })));
  const answer = store.read("things", ["a", "b", "c", "d"]);
  assert.equal(isPromiseLike(answer), false);
  assert.deepEqual((await answer).map((record) => record?.value), ["a", "b", "c", "d"].map((id) => ({ id })));
  await store.durable();
  assert.deepEqual((await store.read("things", ["a", "d"])).map((record) => record?.value), [{ id: "a" }, { id: "d" }]);
  await store.close();
});

test("a read answers what was so when it was asked, whatever is committed and compacted meanwhile", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { maxCachedBytes: 0, minLogBytes: 2048 });
  let versions: number[] = [];
  const write = async (round: number) => {
    const result = await store.commit(Array.from({ length: 20 }, (_, n) => put(String(n), versions[n] ?? ABSENT, { round, n, filler: "x".repeat(90) })));
    versions = Array.from({ length: 20 }, () => (result.committed ? result.version : 0));
    await store.durable();
  };
  await write(0);
  const ids = Array.from({ length: 20 }, (_, n) => String(n));
  for (let round = 1; round < 15; round++) {
    const reads = [store.read("things", ids), store.list("things", { limit: 100 })] as const;
    await write(round);
    const [one, all] = await Promise.all(reads);
    assert.deepEqual(one.map((record) => record?.value["round"]), ids.map(() => round - 1));
    assert.deepEqual(all.records.map(({ value }) => value["round"]), ids.map(() => round - 1));
  }
  await idle(disk);
  assert.ok([...disk.image().files.keys()].some((path) => path.endsWith(".snapshot")));
  assert.deepEqual((await store.read("things", ids)).map((record) => record?.value["round"]), ids.map(() => 14));
  await store.close();
});

test("a file that a compaction replaces is closed and removed when those who read it have done so, and not before", async () => {
  const disk = createDisk();
  const first = await openOn(disk, { minLogBytes: 1e6 });
  await first.commit([put("old", ABSENT, { text: "x".repeat(3000) })]);
  await first.close();
  const held = holdReads(disk, LOG);
  const store = await openOn({ ...disk, files: held.files }, { maxCachedBytes: 0, minLogBytes: 2048 });
  held.hold();
  const reading = store.read("things", ["old"]);
  await store.commit([put("new", ABSENT)]);
  await store.durable();
  await idle(disk);
  assert.deepEqual([held.isClosed(), disk.image().files.has(LOG), disk.image().files.has(`${DIRECTORY}/0000000002.snapshot`)], [false, true, true]);
  held.letGo();
  assert.deepEqual((await reading)[0]?.value, { text: "x".repeat(3000) });
  await idle(disk);
  assert.deepEqual([held.isClosed(), disk.image().files.has(LOG)], [true, false]);
  assert.deepEqual((await store.read("things", ["old"]))[0]?.value, { text: "x".repeat(3000) });
  await store.close();
});

test("a value that is no longer what was written is never answered, nor put into a snapshot", async () => {
  const disk = createDisk();
  const observed: Observation[] = [];
  const store = await openOn(disk, { maxCachedBytes: 0, minLogBytes: 4000, observe: (observation) => observed.push(observation) });
  await store.commit([put("a", ABSENT, { text: "it was so" }), put("b", ABSENT, { n: 1 })]);
  await store.durable();
  const at = (disk.image().files.get(LOG) ?? Buffer.alloc(0)).indexOf("it was so");
  const file = await disk.files.open(LOG, "update");
  await file.write(Buffer.from("it is not"), at);
  const message = `${LOG} is damaged at byte ${at - '{"text":"'.length}: a value is not what was written. Nothing was changed; restore the directory from a backup.`;
  await assert.rejects(async () => store.read("things", ["a"]), { code: "store_damaged", message });
  await assert.rejects(async () => store.list("things", { limit: 9 }), { code: "store_damaged", message });
  assert.deepEqual((await store.read("things", ["b"]))[0]?.value, { n: 1 });
  await store.commit([put("large", ABSENT, { text: "x".repeat(3000) })]);
  await store.durable();
  await idle(disk);
  assert.deepEqual(observed.map(({ event }) => event), ["store_opened", "store_compaction_failed"]);
  assert.equal(disk.image().files.has(LOG), true);
  await store.close();
});

test("however much expires at once, all of it leaves memory when the store next looks after itself", async () => {
  const disk = createDisk();
  const time = { now: 0 };
  const upkeep = createUpkeep();
  const store = await openOn(disk, { clock: () => time.now, minLogBytes: 1e8, repeat: upkeep.repeat });
  for (let n = 0; n < 10; n++) await store.commit(Array.from({ length: 1000 }, (_, at) => ({ ...put(`${n}-${at}`, ABSENT), expiresAt: 1000 })));
  await store.commit([put("lasting", ABSENT)]);
  time.now = 1000;
  upkeep.run();
  await idle(disk);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  time.now = 0;
  assert.deepEqual((await store.list("things", { limit: 20_000 })).records.map(({ id }) => id), ["lasting"], "none comes back with the clock");
  await store.close();
});

test("what has expired leaves memory without anybody's writes, and the trail's segments leave the disk", async () => {
  const disk = createDisk();
  const time = { now: 0 };
  const upkeep = createUpkeep();
  const store = await openOn(disk, { clock: () => time.now, minLogBytes: 1e6, repeat: upkeep.repeat });
  for (let n = 0; n < 30; n++) await store.commit(Array.from({ length: 100 }, (_, at) => ({ ...put(`${n}-${at}`, ABSENT), expiresAt: 1000 })), [{ ...entryOf(n), at: 0, expiresAt: 1000 }]);
  await store.durable();
  await idle(disk);
  assert.equal([...disk.image().files.keys()].filter((path) => path.endsWith(".trail")).length, 10);
  time.now = 1000;
  for (let turn = 0; turn < 8; turn++) upkeep.run();
  await idle(disk);
  assert.equal([...disk.image().files.keys()].filter((path) => path.endsWith(".trail")).length, 1);
  const before = disk.operations.length;
  upkeep.run();
  await idle(disk);
  assert.equal(disk.operations.length, before, "there is nothing left to do");
  await store.close();
  assert.equal(upkeep.isEnded(), true);
});

test("after 90 days of calls with keys there is on disk and in the index what one day leaves, and the trail of 30", async () => {
  const disk = createDisk();
  const day = 86_400_000;
  const time = { now: 0 };
  const upkeep = createUpkeep();
  const store = await openOn(disk, { clock: () => time.now, minLogBytes: 4096, repeat: upkeep.repeat, trail: { maxSegmentEntries: 1000, flushBytes: 1000 } });
  let version = 0;
  let largest = 0;
  for (let n = 0; n < 90 * 24; n++) {
    time.now += day / 24;
    const result = await store.commit(
      [put("subject", version, { n }), { ...put(`key-${n}`, ABSENT, { answer: "x".repeat(50) }), expiresAt: time.now + day }],
      [{ ...entryOf(n), at: time.now, expiresAt: time.now + 30 * day }],
    );
    version = result.committed ? result.version : 0;
    await store.durable();
    if (n % 24 !== 0) continue;
    upkeep.run();
    await idle(disk);
    if (n > 40 * 24) largest = Math.max(largest, bytesOf(disk));
  }
  assert.ok(largest < 31 * 24 * 250 + 4 * 4096, `${largest} bytes`);
  assert.equal((await store.trail({ limit: 10_000 })).entries.length, 30 * 24);
  await store.close();
  const observed: Observation[] = [];
  await (await openOn(disk, { clock: () => time.now, observe: (observation) => observed.push(observation) })).close();
  assert.ok(Number(observed[0]?.["records"]) < 3 * 24, `${String(observed[0]?.["records"])} records`);
});

test("with hardly any room in the heap commits are refused and reads go on, until there is more; the log is told once of each", async () => {
  const observed: Observation[] = [];
  const heap = { bytes: 500 };
  const upkeep = createUpkeep();
  const disk = createDisk();
  const store = await openOn(disk, { heapBytes: () => heap.bytes, repeat: upkeep.repeat, minLogBytes: 1e6, observe: (observation) => observed.push(observation) });
  await store.commit([put("one", ABSENT, { n: 1 })]);
  await store.durable();
  heap.bytes = 1001;
  await upkeep.runAndSettle(disk);
  await store.commit([put("two", ABSENT)]);
  await store.durable();
  assert.equal(isPromiseLike(store.read("things", ["one"])), true, "at first what is cached goes");
  await upkeep.runAndSettle(disk);
  const refusal = { name: "FileStoreError", code: "store_full", message: "1001 bytes of the heap are in use, and 1000 is the most; commits are refused until there is room" };
  for (const changes of [[], [put("three", ABSENT)]]) await assert.rejects(async () => store.commit(changes), refusal);
  assert.deepEqual((await store.read("things", ["one", "three"])).map((record) => record?.value), [{ n: 1 }, undefined]);
  heap.bytes = 950;
  await upkeep.runAndSettle(disk);
  await assert.rejects(async () => store.commit([]), refusal, "not at once: else it would go to and fro");
  heap.bytes = 850;
  await upkeep.runAndSettle(disk);
  await store.commit([put("three", ABSENT)]);
  assert.deepEqual(observed.map(({ event, lacking }) => [event, lacking]), [["store_opened", undefined], ["store_full", "heap"], ["store_has_room", undefined]]);
  await store.close();
});

test("What lies in buffers counts as the heap does: the index is there", () => {
  const buffers = Array.from({ length: 64 }, () => new Float64Array(MEBIBYTE / 8));
  // Not how much it grows: what other tests have left may be collected meanwhile.
  const beside = measureHeap() - process.memoryUsage().heapUsed;
  assert.ok(beside > 60 * MEBIBYTE, `${beside} bytes of ${buffers.length} MiB`);
});

test("with hardly any room on the disk commits are refused and reads go on, until there is more", async () => {
  const observed: Observation[] = [];
  const upkeep = createUpkeep();
  const disk = createDisk();
  disk.freeBytes = 999;
  const store = await openOn({ ...disk, files: disk.files }, { repeat: upkeep.repeat, observe: (observation) => observed.push(observation) });
  const message = `999 bytes are free on the disk of ${DIRECTORY}, and 1000 is the least; commits are refused until there is room`;
  await assert.rejects(async () => store.commit([put("one", ABSENT)]), { code: "store_full", message });
  assert.deepEqual(await store.read("things", ["one"]), [undefined]);
  disk.freeBytes = 1099;
  await upkeep.runAndSettle(disk);
  await assert.rejects(async () => store.commit([put("one", ABSENT)]), { code: "store_full" });
  disk.freeBytes = 1100;
  await upkeep.runAndSettle(disk);
  await store.commit([put("one", ABSENT)]);
  assert.deepEqual(observed.map(({ event, lacking }) => [event, lacking]), [["store_full", "disk"], ["store_opened", undefined], ["store_has_room", undefined]]);
  await store.close();
});

test("what a compaction has left out as expired does not come back when the clock goes back", async () => {
  const disk = createDisk();
  const time = { now: 0 };
  const store = await openOn(disk, { clock: () => time.now, maxCachedBytes: 0, minLogBytes: 4096 });
  const large = put("large", ABSENT, { text: "x".repeat(3000) });
  // In a collection that no sweep comes to before the compaction does.
  await store.commit([large, put("lasting", ABSENT, { n: 1 }), { ...put("early", ABSENT), collection: "between" }, { ...put("a", ABSENT), collection: "brief", expiresAt: 100 }]);
  time.now = 100;
  await store.commit([{ ...large, basedOn: 1 }]);
  await store.durable();
  await idle(disk);
  assert.equal(disk.image().files.has(LOG), false);
  time.now = 0;
  assert.deepEqual(await store.read("brief", ["a"]), [undefined]);
  assert.deepEqual(await store.list("brief", { limit: 9 }), { records: [], next: null });
  assert.deepEqual((await store.list("things", { limit: 9 })).records.map(({ id }) => id), ["large", "lasting"]);
  await store.close();
});

/** What a store does again and again, when the test says so. */
function createUpkeep() {
  let work: (() => void) | undefined;
  const run = () => work?.();
  return {
    repeat(given: () => void) {
      work = given;
      return () => {
        work = undefined;
      };
    },
    run,
    async runAndSettle(disk: SimulatedDisk) {
      run();
      await idle(disk);
    },
    isEnded: () => work === undefined,
  };
}

function bytesOf(disk: SimulatedDisk): number {
  return [...disk.image().files.values()].reduce((sum, { length }) => sum + length, 0);
}

/** The disk's files, with one read of one of them that waits when told to. */
function holdReads(disk: SimulatedDisk, held: string) {
  let waiting: Promise<void> | undefined;
  let letGo = () => undefined as void;
  let closed = false;
  return {
    hold() {
      closed = false;
      waiting = new Promise((resolve) => {
        letGo = resolve;
      });
    },
    letGo: () => letGo(),
    isClosed: () => closed,
    files: {
      ...disk.files,
      async open(path: string, mode: "create" | "update" | "read") {
        const file = await disk.files.open(path, mode);
        if (path !== held) return file;
        return {
          ...file,
          async read(into: Uint8Array, position: number) {
            const wait = waiting;
            waiting = undefined;
            await wait;
            return file.read(into, position);
          },
          async close() {
            closed = true;
            await file.close();
          },
        };
      },
    },
  };
}
