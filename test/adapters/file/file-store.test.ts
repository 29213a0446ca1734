import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { crc32c } from "../../../src/adapters/file/disk/crc32c.ts";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import type { FileStore } from "../../../src/adapters/file/index.ts";
import { isPromiseLike } from "../../../src/domain/maybe-promise.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Clock, Observation } from "../../../src/domain/ports.ts";
import { entryOf } from "../../../src/app/testing/contracts/record-store/trail.ts";
import { testRecordStore } from "../../../src/app/testing/contracts/record-store.ts";
import { openSmallStore } from "./real-store.ts";
import { createDisk } from "./simulated-disk.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";
import { DIRECTORY, openOn, put } from "./workload.ts";

const ROOT = await mkdtemp(join(tmpdir(), "actionport-file-store-"));
after(() => rm(ROOT, { recursive: true }));

const clock = () => 0;

const SMALL = { minLogBytes: 4096, maxLogMultiple: 2 };
const KINDS = [
  ["file", (directory: string, clock: Clock) => openFileStore({ directory, clock })],
  ["file, compacting all the time", (directory: string, clock: Clock) => openFileStore({ directory, clock, ...SMALL })],
  ["file, reading every value from the disk", (directory: string, clock: Clock) => openFileStore({ directory, clock, ...SMALL, maxCachedBytes: 0 })],
  ["file, with a trail of many segments", (directory: string, clock: Clock) => openSmallStore(directory, clock, { maxSegmentEntries: 3, flushBytes: 1 })],
  ["file, with all commits in parts", (directory: string, clock: Clock) => openSmallStore(directory, clock, {}, { maxBytes: 0, partBytes: 50 })],
] as const;

for (const [name, open] of KINDS) {
  testRecordStore({
    name,
    test,
    async open(clock) {
      const directory = await mkdtemp(join(tmpdir(), "actionport-store-"));
      const store = await open(directory, clock);
      return {
        store,
        async close() {
          await store.close();
          await rm(directory, { recursive: true });
        },
      };
    },
  });
}

test("a checksum is CRC-32C: the check value of the standard, whole and in parts", () => {
  const bytes = Buffer.from("123456789");
  assert.equal(crc32c(bytes), 0xe3069283);
  assert.equal(crc32c(bytes, 5, 9, crc32c(bytes, 0, 5)), 0xe3069283);
  assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
  assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8ab43);
});

test("what was committed is there after closing and opening, with its versions, and the versions go on", async () => {
  const directory = join(ROOT, "reopened");
  const first = await openFileStore({ directory, clock: () => 1000 });
  await first.commit([put("one", ABSENT, { n: 1 }), { ...put("brief", ABSENT), expiresAt: 1500 }]);
  await first.commit([put("one", 1, { n: 2 }), put("\ud800 é", ABSENT, { text: "日本" })]);
  await first.close();
  const second = await openFileStore({ directory, clock: () => 1000 });
  assert.deepEqual((await second.list("things", { limit: 9 })).records, [
    { collection: "things", id: "brief", version: 1, value: {}, expiresAt: 1500 },
    { collection: "things", id: "one", version: 2, value: { n: 2 } },
    { collection: "things", id: "\ud800 é", version: 2, value: { text: "日本" } },
  ]);
  assert.deepEqual(await second.commit([put("one", 2)]), { committed: true, version: 3 });
  await second.close();
});

test("everything is answered at once; only what is not yet safe is waited for", async () => {
  const store = await openOn(createDisk());
  assert.equal(store.durable(), undefined);
  for (const answer of [store.commit([put("one", ABSENT)]), store.read("things", ["one"]), store.list("things", { limit: 1 })]) assert.equal(isPromiseLike(answer), false);
  const pending = store.durable();
  assert.equal(isPromiseLike(pending), true);
  assert.equal(store.durable(), pending, "those who wait for the same wait together");
  await pending;
  assert.equal(store.durable(), undefined);
  await store.close();
});

test("a lone commit pays for one sync, and those that come while a sync runs share the next", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6 });
  const syncs = countSyncs(disk);
  await commitAndWait(store, "alone");
  assert.equal(syncs(), 1);
  await Promise.all(Array.from({ length: 64 }, (_, n) => commitAndWait(store, `together-${n}`)));
  assert.equal(syncs(), 2);
  disk.fault = (operation) => {
    // While the sync of the first runs, the others come.
    if (operation.kind === "sync") disk.fault = () => undefined;
    if (operation.kind === "sync") for (let n = 0; n < 10; n++) store.commit([put(`meanwhile-${n}`, ABSENT)]);
    return undefined;
  };
  await commitAndWait(store, "first");
  assert.equal(syncs(), 3);
  await store.durable();
  assert.equal(syncs(), 4);
  await store.close();
});

test("a commit of checks alone writes nothing and takes no version", async () => {
  const disk = createDisk();
  const store = await openOn(disk);
  await commitAndWait(store, "one");
  const before = disk.operations.length;
  assert.deepEqual(store.commit([{ kind: "check", collection: "things", id: "one", basedOn: 1 }]), { committed: true, version: 1 });
  assert.deepEqual(store.commit([]), { committed: true, version: 1 });
  assert.equal(store.durable(), undefined);
  await store.close();
  assert.equal(disk.operations.length, before);
});

test("a commit that is too large says so by an error of its own and leaves no trace", async () => {
  const store = await openOn(createDisk());
  const text = "x".repeat(33 * 1024 * 1024);
  const refusal = { name: "CommitTooLarge", message: /^a commit of 692\d{5} bytes is too large; 67108864 is the most$/ };
  await assert.rejects(async () => store.commit([put("one", ABSENT, { text }), put("two", ABSENT, { text })]), refusal);
  await assert.rejects(async () => store.commit([put("one", ABSENT, { text })], [entryOf(1, { value: { text } })]), refusal);
  assert.deepEqual(await store.read("things", ["one"]), [undefined]);
  assert.deepEqual(await store.trail({ limit: 1 }), { entries: [], next: null });
  assert.equal(store.durable(), undefined);
  await store.close();
});

test("a compaction leaves alone the segment that the trail is making at that moment", async () => {
  const disk = createDisk();
  const making = `${DIRECTORY}/0000000009.trail.tmp`;
  const observed: Observation[] = [];
  let isOpen = false;
  const list: typeof disk.files.list = async (directory) => {
    if (isOpen) await disk.files.open(making, "create");
    return disk.files.list(directory);
  };
  const store = await openOn({ ...disk, files: { ...disk.files, list } }, { observe: (observation) => observed.push(observation) });
  isOpen = true;
  while (!observed.some(({ event }) => event === "store_compacted")) {
    const [record] = await store.read("things", ["one"]);
    await store.commit([put("one", record?.version ?? ABSENT, { text: "x".repeat(500) })]);
    await store.durable();
  }
  assert.ok(disk.image().files.has(making));
  assert.ok(!disk.image().files.has(`${DIRECTORY}/0000000001.log`));
  await store.close();
  isOpen = false;
  const again = await openOn(disk);
  assert.ok(!disk.image().files.has(making), "it is nobody's when a store is opened");
  await again.close();
});

test("the log never takes more than the configured multiple of the live data, on a disk that is as fast for a snapshot as for a commit", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 65_536, maxLogMultiple: 3 });
  let largest = 0;
  await writeOverAndOver(store, () => {
    const logs = [...disk.image().files].filter(([path]) => path.startsWith(DIRECTORY) && path.endsWith(".log"));
    largest = Math.max(largest, logs.reduce((sum, [, content]) => sum + content.length, 0));
  });
  await store.close();
  // 200 records of about 470 bytes; and the few commits that were made while the snapshot was being synced.
  assert.ok(largest < 3 * 200 * 470 + 4 * 10 * 470, `${largest} bytes of logs`);
});

test("the log is replaced again and again, and old files go", async () => {
  const observed: Observation[] = [];
  const directory = join(ROOT, "bounded");
  const store = await openFileStore({ directory, clock, minLogBytes: 65_536, maxLogMultiple: 3, observe: (observation) => observed.push(observation) });
  const versions = await writeOverAndOver(store);
  await store.close();
  assert.ok(observed.filter(({ event }) => event === "store_compacted").length > 5);
  const again = await openFileStore({ directory, clock });
  assert.deepEqual(new Map((await again.list("things", { limit: 1000 })).records.map(({ id, version }) => [id, version])), versions);
  assert.ok((await readdir(directory)).length <= 4, (await readdir(directory)).join(", "));
  await again.close();
});

/** Two hundred records, ten of them in each of four hundred commits; answers the version of each. */
async function writeOverAndOver(store: FileStore, look = () => {}): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for (let n = 0; n < 400; n++) {
    const ids = Array.from({ length: 10 }, (_, at) => String((n * 7 + at) % 200));
    const result = store.commit(ids.map((id) => put(id, versions.get(id) ?? ABSENT, { n, filler: "x".repeat(400) })));
    if (isPromiseLike(result) || !result.committed) assert.fail("there is nobody to conflict with");
    for (const id of ids) versions.set(id, result.version);
    await store.durable();
    look();
  }
  return versions;
}

test("records that have expired leave the disk as well", async () => {
  const disk = createDisk();
  let now = 0;
  const store = await openOn(disk, { clock: () => now });
  for (now = 0; now < 3000; now += 10) {
    store.commit([{ ...put(`session-${now}`, ABSENT, { filler: "x".repeat(200) }), expiresAt: now + 100 }]);
    await store.durable();
  }
  await store.close();
  const bytes = [...disk.image().files].reduce((sum, [path, content]) => sum + (path.startsWith(DIRECTORY) ? content.length : 0), 0);
  assert.ok(bytes < 20_000, `${bytes} bytes for ten living records`);
});

test("close() waits for what was committed, can be called twice, and later calls fail", async () => {
  const directory = join(ROOT, "closed");
  const store = await openFileStore({ directory, clock });
  store.commit([put("one", ABSENT)]);
  await Promise.all([store.close(), store.close()]);
  const refusal = { name: "FileStoreError", code: "store_unavailable", message: `the store in ${directory} is closed` };
  for (const call of [() => store.read("things", ["one"]), () => store.list("things", { limit: 1 }), () => store.trail({ limit: 1 }), () => store.commit([]), () => store.durable()]) {
    await assert.rejects(async () => await call(), refusal);
  }
  const again = await openFileStore({ directory, clock });
  assert.equal((await again.read("things", ["one"]))[0]?.version, 1);
  await again.close();
});

test("the files are for the owner of the process alone", { skip: process.platform === "win32" ? "Windows has no such modes" : false }, async () => {
  const directory = join(ROOT, "private");
  await (await openFileStore({ directory, clock })).close();
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  for (const name of await readdir(directory)) assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  assert.ok((await readFile(join(directory, "0000000001.log"))).length >= 64);
});

test("an observer that throws harms nobody", async () => {
  const store = await openOn(createDisk(), { observe: () => assert.fail("the observer is out of order") });
  await commitAndWait(store, "one");
  await store.close();
});

test("an option that cannot be is a TypeError that names it", async () => {
  const cases: readonly (readonly [object, string])[] = [
    [{ directory: "" }, "directory must be the path of a directory"],
    [{ clock: 0 }, "clock must be a function that answers epoch milliseconds"],
    [{ maxLogMultiple: 1 }, "maxLogMultiple must be between 2 and 100"],
    [{ maxLogMultiple: Number.NaN }, "maxLogMultiple must be between 2 and 100"],
    [{ minLogBytes: 1 }, "minLogBytes must be between 4096 and 1073741824"],
    [{ maxCachedBytes: -1 }, "maxCachedBytes must be between 0 and 17179869184"],
    [{ maxHeapBytes: 1 }, "maxHeapBytes must be between 16777216 and 9007199254740991"],
    [{ minFreeDiskBytes: -1 }, "minFreeDiskBytes must be between 0 and 9007199254740991"],
  ];
  for (const [wrong, message] of cases) {
    await assert.rejects(openFileStore(Object.assign({ directory: join(ROOT, "never"), clock }, wrong)), { name: "TypeError", message });
  }
});

async function commitAndWait(store: FileStore, id: string): Promise<void> {
  await store.commit([put(id, ABSENT)]);
  await store.durable();
}

function countSyncs(disk: SimulatedDisk): () => number {
  const start = disk.operations.length;
  return () => disk.operations.slice(start).filter(({ kind }) => kind === "sync").length;
}
