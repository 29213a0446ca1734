import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileStore } from "../../../src/adapters/file/index.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Change, Observation, TrailEntry } from "../../../src/domain/ports.ts";
import { encodeFileHeader, seedOf } from "../../../src/adapters/file/disk/file-header.ts";
import type { FileHeader } from "../../../src/adapters/file/disk/file-header.ts";
import { encodeChanges } from "../../../src/adapters/file/log/encode-commit.ts";
import { sealFrame } from "../../../src/adapters/file/log/frame.ts";
import { entryOf } from "../../../src/app/testing/contracts/record-store/trail.ts";
import { crashStates } from "./crash-states.ts";
import { EMPTY_DISK, createDisk, systemError } from "./simulated-disk.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";
import { DIRECTORY, openOn, put } from "./workload.ts";

/** A large commit, written ahead in some twenty parts. */
const COUNT = 60;
const large: readonly Change[] = Array.from({ length: COUNT }, (_, n) => put(`large-${n}`, ABSENT, { n, text: "x".repeat(30) }));
const largeEntries: readonly TrailEntry[] = Array.from({ length: 40 }, (_, n) => ({ ...entryOf(1000 + n), value: { n: 1000 + n, text: "y".repeat(20) } }));
const PLAIN = { trail: {}, minLogBytes: 1e6, large: { maxBytes: 1000, partBytes: 500 } };

/** How many of the large commit's records there are, the small records' versions, and what the trail has. */
async function shown(store: FileStore): Promise<readonly [number, readonly (number | undefined)[], readonly unknown[]]> {
  const records = await store.read("things", large.map(({ id }) => id));
  const small = await store.read("things", ["a", "b"]);
  const { entries } = await store.trail({ limit: 500 });
  return [records.filter((record) => record !== undefined).length, small.map((record) => record?.version), entries.map(({ value }) => value["n"])];
}

async function shownBy(disk: SimulatedDisk): Promise<Awaited<ReturnType<typeof shown>>> {
  const store = await openOn(disk, PLAIN);
  const found = await shown(store);
  await store.close();
  return found;
}

/** Commits the large one with small ones between its parts. */
async function commitAmongOthers(disk: SimulatedDisk, store: FileStore): Promise<void> {
  let isDone = false;
  const committing = Promise.resolve(store.commit(large, largeEntries)).finally(() => (isDone = true));
  let between = 0;
  for (let version = ABSENT as number, seen = 0; !isDone; await new Promise((resolve) => setImmediate(resolve))) {
    if (disk.operations.length === seen || between === 4) continue;
    seen = disk.operations.length;
    const result = await store.commit([put("a", version, { n: ++between })], [entryOf(between)]);
    assert.ok(result.committed);
    version = result.version;
  }
  assert.equal((await committing).committed, true);
  assert.equal(between, 4);
}

const WHOLE = [1, 2, 3, 4, ...largeEntries.map(({ value }) => value["n"])];

test("Small commits get between the parts of a large one, and all of it is there at the next opening", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  await commitAmongOthers(disk, store);
  await store.close();
  const [records, [a], entries] = await shownBy(disk);
  assert.deepEqual([records, a], [COUNT, 4]);
  assert.deepEqual(entries, WHOLE);
});

test("A power cut anywhere leaves all of a large commit or nothing, and of the small ones between its parts those that were safe", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  await commitAmongOthers(disk, store);
  await store.durable();
  const seen = new Set<number>();
  for (let cut = 1; cut <= disk.operations.length; cut++) {
    for (const image of crashStates(EMPTY_DISK, disk.operations.slice(0, cut), 3)) {
      const [records, [a = 0], entries] = await shownBy(createDisk(image));
      seen.add(records);
      assert.ok(records === 0 || a === 4, `${records} records and commit ${a} after operation ${cut}`);
      assert.deepEqual(entries, records === COUNT ? WHOLE : WHOLE.slice(0, a), `after operation ${cut}`);
    }
  }
  assert.deepEqual([...seen], [0, COUNT]);
  await store.close();
});

test("Parts of a commit that came to nothing are nothing at the next opening, and another may follow them", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  disk.fault = (operation) => {
    if (operation.kind === "write" && operation.bytes.includes("large-0")) void store.commit([put("large-59", ABSENT, { n: 0 })]);
    return undefined;
  };
  assert.deepEqual(await store.commit(large, largeEntries), { committed: false, conflicts: [{ collection: "things", id: "large-59" }] });
  disk.fault = () => undefined;
  await store.durable();
  assert.deepEqual(await shownBy(createDisk(disk.image())), [1, [undefined, undefined], []]);
  const others = large.slice(0, 50);
  assert.deepEqual(await store.commit(others, largeEntries), { committed: true, version: 2 });
  await store.close();
  assert.deepEqual(await shownBy(disk), [51, [undefined, undefined], WHOLE.slice(4)]);
});

test("What cannot be made at the outset is not written at all", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  await store.commit([put("large-7", ABSENT)]);
  await store.durable();
  const before = disk.operations.length;
  assert.deepEqual(await store.commit(large, largeEntries), { committed: false, conflicts: [{ collection: "things", id: "large-7" }] });
  assert.equal(disk.operations.length, before);
  await store.close();
});

test("A disk that takes no more in the midst of the parts refuses the commit, and keeps what others do when there is room again", async () => {
  const disk = createDisk();
  const observed: Observation[] = [];
  const store = await openOn(disk, { ...PLAIN, observe: (observation) => observed.push(observation) });
  await store.commit([put("a", ABSENT)]);
  await store.durable();
  disk.fault = (operation, path) => {
    if (operation.kind === "write" && operation.position > 3_000) throw systemError("ENOSPC", path);
    return undefined;
  };
  await assert.rejects(async () => store.commit(large, largeEntries), { code: "store_unavailable" });
  disk.fault = () => undefined;
  assert.deepEqual(observed.map(({ event }) => event).filter((event) => event === "store_write_failed"), ["store_write_failed"]);
  assert.deepEqual(await untilTaken(() => store.commit([put("b", ABSENT)], [entryOf(1)])), { committed: true, version: 2 });
  assert.deepEqual(await store.commit(large, largeEntries), { committed: true, version: 3 });
  await store.close();
  assert.deepEqual(await shownBy(disk), [COUNT, [1, 2], [1, ...WHOLE.slice(4)]]);
});

test("Whichever operation fails, a large commit is there whole or not at all, and whole when it was answered", async () => {
  for (let nth = 0, isEnough = false; !isEnough; nth++) {
    const disk = createDisk();
    const store = await openOn(disk, PLAIN);
    const first = disk.operations.length;
    disk.fault = (_, path) => {
      if (disk.operations.length >= first + nth) throw systemError("EIO", path);
      return undefined;
    };
    const isSafe = await Promise.resolve(store.commit(large, largeEntries)).then(() => store.durable()).then(() => true, () => false);
    await store.close().catch(() => undefined);
    const [records, , entries] = await shownBy(createDisk(disk.image()));
    assert.ok(records === COUNT || (records === 0 && !isSafe), `operation ${nth}: ${records} records, ${isSafe}`);
    assert.deepEqual(entries, records === COUNT ? WHOLE.slice(4) : []);
    isEnough = isSafe;
  }
});

test("A log stays until all of a large commit is in it, and its values are read from there until a snapshot has them", async () => {
  const disk = createDisk();
  const observed: Observation[] = [];
  const store = await openOn(disk, { ...PLAIN, minLogBytes: 8_000, maxCachedBytes: 0, observe: (observation) => observed.push(observation) });
  await store.commit([put("a", ABSENT, { text: "x".repeat(900) })]);
  await commitAll(store);
  for (let version = 1; !observed.some(({ event }) => event === "store_compacted"); ) {
    const result = await store.commit([put("a", version, { text: "x".repeat(900) })]);
    if (result.committed) version = result.version;
    await store.durable();
  }
  const [records] = await shown(store);
  assert.equal(records, COUNT);
  await store.close();
  const [again, , entries] = await shownBy(disk);
  assert.deepEqual([again, entries], [COUNT, WHOLE.slice(4)]);
  assert.ok(disk.operations.some(({ kind }) => kind === "rename"));
});

test("A large commit whose parts are not all there refuses to open", async () => {
  const disk = createDisk();
  const store = await openOn(disk, PLAIN);
  await commitAll(store);
  await store.close();
  const log = `${DIRECTORY}/0000000001.log`;
  const bytes = disk.image().files.get(log) ?? Buffer.alloc(0);
  const damaged = Buffer.from(bytes);
  damaged[500] = (damaged[500] ?? 0) ^ 1;
  const broken = createDisk({ ...disk.image(), files: new Map([...disk.image().files, [log, damaged]]) });
  await assert.rejects(openOn(broken, PLAIN), { code: "store_damaged" });
});

async function commitAll(store: FileStore): Promise<void> {
  assert.equal((await store.commit(large, largeEntries)).committed, true);
}

/** A store goes on by itself when the disk does, but whoever asks too early is refused. */
async function untilTaken<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

test("A directory of the format without parts is brought to this one at its first opening, and never has both in one log", async () => {
  const header: FileHeader = { version: 2, kind: "log", storeId: "0123456789abcdef0123456789abcdef", generation: 1, sequence: 0 };
  const frame = encodeChanges(1, [{ collection: "things", id: "a", text: "{}", expiresAt: undefined }]);
  sealFrame(frame, 0, frame.length, 0, seedOf(header));
  const earlier = createDisk({ directories: new Set(["/", "/data", DIRECTORY]), files: new Map([[`${DIRECTORY}/0000000001.log`, Buffer.concat([encodeFileHeader(header), frame])]]) });
  const store = await openOn(earlier, PLAIN);
  await commitAll(store);
  await store.close();
  const { files } = earlier.image();
  assert.deepEqual([...files.keys()].filter((path) => /log$|snapshot$/.test(path)).map((path) => [path, files.get(path)?.readUInt32LE(8)]).toSorted(), [
    [`${DIRECTORY}/0000000002.log`, 3], [`${DIRECTORY}/0000000002.snapshot`, 3],
  ]);
  assert.deepEqual(await shownBy(earlier), [COUNT, [1, undefined], WHOLE.slice(4)]);
  assert.equal(earlier.image().files.size, files.size, "there is nothing to be done at the second");
});
