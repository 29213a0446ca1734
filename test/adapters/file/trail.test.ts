import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFileHeader, seedOf } from "../../../src/adapters/file/disk/file-header.ts";
import type { FileHeader } from "../../../src/adapters/file/disk/file-header.ts";
import { FileStoreError } from "../../../src/adapters/file/index.ts";
import { encodeChanges } from "../../../src/adapters/file/log/encode-commit.ts";
import { sealFrame } from "../../../src/adapters/file/log/frame.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { KeptEntry, Observation, RecordStore, TrailEntry, TrailQuery } from "../../../src/domain/ports.ts";
import { entryOf } from "../../../src/app/testing/contracts/record-store/trail.ts";
import { crashStates } from "./crash-states.ts";
import { createDisk, systemError } from "./simulated-disk.ts";
import type { DiskImage, SimulatedDisk } from "./simulated-disk.ts";
import { DIRECTORY, idle, listEverything, openOn, put } from "./workload.ts";

const LOG = `${DIRECTORY}/0000000001.log`;
const FIRST = `${DIRECTORY}/0000000001.trail`;
const SECOND = `${DIRECTORY}/0000000002.trail`;
const HEADER_BYTES = 64;

test("whatever is asked of a trail of many segments, it answers what looking at every entry would, before and after opening it anew", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6, trail: { maxSegmentEntries: 7, flushBytes: 1000 } });
  const told: TrailEntry[] = [];
  for (let n = 0; n < 120; n++) {
    const entries = Array.from({ length: n % 4 }, (_, at) => mixed(told.length + at));
    told.push(...entries);
    await store.commit([], entries);
    if (n % 3 === 0) await store.durable();
    if (n % 60 === 59) await compareAll(store, told);
  }
  await store.close();
  const again = await openOn(disk, { trail: { maxSegmentEntries: 7 } });
  await compareAll(again, told);
  await again.commit([], [mixed(told.length)]);
  await compareAll(again, [...told, mixed(told.length)]);
  await again.close();
  assert.ok(segmentsOf(disk).length > 20, segmentsOf(disk).join(", "));
});

test("an entry costs no sync of its own, and the trail is synced when a segment is full or a log goes", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6, trail: { maxSegmentEntries: 100, flushBytes: 1 } });
  const start = disk.operations.length;
  for (let n = 0; n < 20; n++) {
    await store.commit([put(String(n), ABSENT)], [entryOf(n)]);
    await store.durable();
    await idle(disk);
  }
  const syncs = disk.operations.slice(start).filter(({ kind }) => kind === "sync").length;
  assert.equal(syncs, 21, "one for each commit, and one for the segment's header");
  await store.close();
});

test("IDs go on where they were, even when everything before has expired and gone", async () => {
  const time = { now: 0 };
  const disk = createDisk();
  const ids: string[] = [];
  for (let round = 1; round <= 3; round++) {
    const store = await openOn(disk, { clock: () => time.now });
    await store.commit([], [brief(1, time.now + 10), brief(2, time.now + 10)]);
    ids.push(...(await store.trail({ limit: 9 })).entries.map(({ id }) => id));
    await store.durable();
    time.now += 10;
    assert.deepEqual(await store.trail({ limit: 9 }), { entries: [], next: null });
    await idle(disk);
    await store.close();
  }
  assert.deepEqual(ids, ["0000000000000001", "0000000000000002", "0000000000000003", "0000000000000004", "0000000000000005", "0000000000000006"]);
});

test("segments whose entries have all expired leave the disk, from the oldest on, but never the last one", async () => {
  const time = { now: 0 };
  const disk = createDisk();
  const store = await openOn(disk, { clock: () => time.now });
  for (let n = 0; n < 12; n++) {
    await store.commit([], [brief(n, n === 4 ? 100 : 10)]);
    await store.durable();
    await idle(disk);
  }
  assert.deepEqual(segmentsOf(disk), [1, 2, 3, 4]);
  time.now = 10;
  await store.commit([], [brief(12, 200)]);
  await store.durable();
  await idle(disk);
  assert.deepEqual(segmentsOf(disk), [2, 3, 4, 5], "the second has one that is alive, and what is behind it waits");
  assert.deepEqual(numbersOf(await readAll(store)), [4, 12]);
  time.now = 100;
  await store.commit([], [brief(13, 200)]);
  await store.durable();
  await idle(disk);
  assert.deepEqual(segmentsOf(disk), [5]);
  await store.close();
  const again = await openOn(disk, { clock: () => time.now });
  assert.deepEqual(numbersOf(await readAll(again)), [12, 13]);
  const behind = async (number: number) => again.trail({ after: String(number).padStart(16, "0"), limit: 9 });
  assert.deepEqual([await behind(11), numbersOf((await behind(12)).entries)], [{ entries: [], next: null, lost: true }, [12, 13]]);
  await again.close();
});

test("a segment spans a day at the most, so that what has expired does not stay for what has not", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { trail: { flushBytes: 1 } });
  const day = 86_400_000;
  for (const [n, at] of [0, 1, day - 1, day, day + 1, 2 * day, day].entries()) {
    await store.commit([], [{ ...brief(n, 1e12), at }]);
    await store.durable();
    await idle(disk);
  }
  assert.deepEqual(segmentsOf(disk), [1, 2, 3, 4], "the clock going back begins a new one as well");
  assert.deepEqual(numbersOf(await readAll(store)), [0, 1, 2, 3, 4, 5, 6]);
  await store.close();
});

test("every flipped bit of a segment that the log does not repeat is found when it is opened or read", async () => {
  const { image, expected } = await writeSegments();
  for (const path of [FIRST, SECOND]) {
    const bytes = image.files.get(path) ?? Buffer.alloc(0);
    for (let bit = 0; bit < 8 * bytes.length; bit += bit < 8 * 200 || bit > 8 * (bytes.length - 64) ? 3 : 29) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await showsNothingElse(createDisk({ ...image, files: new Map([...image.files, [path, flipped]]) }), expected, `bit ${bit} of ${path}`);
    }
  }
});

test("a segment that is cut off or missing, or of another store, refuses to open when the log does not repeat it", async () => {
  const { image } = await writeSegments();
  const first = image.files.get(FIRST) ?? Buffer.alloc(0);
  const second = image.files.get(SECOND) ?? Buffer.alloc(0);
  const without = (path: string) => new Map([...image.files].filter(([name]) => name !== path));
  await refuses({ ...image, files: without(SECOND) }, `${DIRECTORY} is damaged at byte 0: 0000000002.trail is missing. `);
  for (const length of [HEADER_BYTES, first.length - 1]) {
    await refuses({ ...image, files: new Map([...image.files, [FIRST, first.subarray(0, length)]]) }, `${FIRST} is damaged at byte `);
  }
  await refuses({ ...image, files: new Map([...image.files, [SECOND, first]]) }, `${SECOND} is damaged at byte 0: its name and its header say different things. `);
  const other = (await writeSegments()).image.files.get(SECOND) ?? second;
  await refuses({ ...image, files: new Map([...image.files, [SECOND, other]]) }, `${SECOND} is damaged at byte 0: it belongs to another store. `);
  const none = [...image.files].filter(([name]) => !name.endsWith(".trail"));
  await refuses({ ...image, files: new Map(none) }, `${DIRECTORY} is damaged at byte 0: the snapshot has seen entry 8 of the trail, and there is no segment. `);
});

test("a log that ends before an entry that a segment has refuses to open", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6 });
  for (let n = 0; n < 2; n++) {
    await store.commit([], [entryOf(n)]);
    await store.durable();
    await idle(disk);
  }
  await store.close();
  const image = disk.image();
  const log = image.files.get(LOG) ?? Buffer.alloc(0);
  await refuses({ ...image, files: new Map([...image.files, [LOG, log.subarray(0, log.length - 1)]]) }, `${LOG} is damaged at byte `);
});

test("what of the last segment is not whole is taken from the log again", async () => {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6, trail: { flushBytes: 1 } });
  for (let n = 0; n < 5; n++) await store.commit([], [entryOf(n)]);
  await store.durable();
  await idle(disk);
  await store.close();
  const image = disk.image();
  const segment = image.files.get(FIRST) ?? Buffer.alloc(0);
  for (let length = HEADER_BYTES; length < segment.length; length++) {
    for (const tail of [Buffer.alloc(0), Buffer.alloc(40), Buffer.alloc(40, 0xa5)]) {
      const cut = createDisk({ ...image, files: new Map([...image.files, [FIRST, Buffer.concat([segment.subarray(0, length), tail])]]) });
      const again = await openOn(cut, { minLogBytes: 1e6, trail: { flushBytes: 1 } });
      assert.deepEqual(numbersOf(await readAll(again)), [0, 1, 2, 3, 4], `cut to ${length}`);
      await again.commit([], [entryOf(5)]);
      await again.durable();
      await idle(cut);
      await again.close();
      assert.deepEqual(cut.image().files.get(FIRST)?.subarray(0, segment.length), segment, `cut to ${length}`);
    }
  }
});

test("when the trail alone cannot be written, commits go on for a while and are then refused; with room again all goes on", async () => {
  const observed: Observation[] = [];
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6, observe: (observation) => observed.push(observation), trail: { flushBytes: 1, maxPendingBytes: 1000 } });
  disk.fault = (operation, path) => {
    if (operation.kind === "write" && path.includes(".trail")) throw systemError("ENOSPC", path);
    return undefined;
  };
  const refusal = { code: "store_unavailable", message: `${FIRST} could not be written to` };
  let committed = 0;
  await assert.rejects(async () => {
    for (; committed < 100; committed++) {
      await store.commit([], [entryOf(committed)]);
      await store.durable();
      await idle(disk);
    }
  }, refusal);
  assert.ok(committed > 5 && committed < 30, `${committed} commits`);
  assert.deepEqual(numbersOf(await readAll(store)), Array.from({ length: committed }, (_, n) => n), "reads go on");
  assert.deepEqual(observed.map(({ event }) => event), ["store_opened", "store_write_failed"]);
  disk.fault = () => undefined;
  await assert.rejects(async () => store.commit([]), refusal, "which tries again");
  await idle(disk);
  await store.commit([], [entryOf(committed)]);
  await store.close();
  const again = await openOn(createDisk(disk.image()));
  assert.equal((await readAll(again)).length, committed + 1);
  await again.close();
});

test("entries that an earlier release kept as records are moved into the trail, once, in the order of their IDs", async () => {
  const disk = createDisk(earlierStore());
  const store = await openOn(disk);
  assert.deepEqual(await moved(store), MOVED);
  await store.commit([], [entryOf(9)]);
  await store.close();
  const again = await openOn(disk);
  assert.deepEqual((await readAll(again)).map(({ id }) => Number(id)), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(numbersOf((await again.trail({ subject: "northwind.Order:7", limit: 9 })).entries), [0, 4]);
  assert.deepEqual(numbersOf((await again.trail({ action: "b", identity: "someone", limit: 9 })).entries), [1, 3]);
  await again.close();
});

test("a power cut or a failure at any point of that move loses nothing and shows nothing twice", async () => {
  const initial = earlierStore();
  const disk = createDisk(initial);
  await (await openOn(disk)).close();
  for (let cut = 0; cut <= disk.operations.length; cut++) {
    for (const image of crashStates(initial, disk.operations.slice(0, cut), 4)) {
      const store = await openOn(createDisk(image));
      assert.deepEqual(await moved(store), MOVED, `cut after operation ${cut}`);
      await store.close();
    }
  }
  for (let nth = 0; nth < disk.operations.length; nth++) {
    const failing = createDisk(initial);
    let count = 0;
    failing.fault = (_, path) => {
      if (count++ === nth) throw systemError("EIO", path);
      return undefined;
    };
    await openOn(failing).then((store) => store.close(), () => undefined);
    const store = await openOn(createDisk(failing.image()));
    assert.deepEqual(await moved(store), MOVED, `operation ${nth} failed`);
    await store.close();
  }
});

/** What a store shows of {@link earlierStore}. */
async function moved(store: RecordStore): Promise<unknown> {
  return { old: (await store.list("actionport.audit", { limit: 9 })).records, things: (await listEverything(store)).map(({ id, version }) => [id, version]), trail: (await readAll(store)).map(({ value }) => value) };
}

const MOVED = { old: [], things: [["kept", 2]], trail: [0, 1, 2, 3, 4].map(oldEntry) };

function oldEntry(n: number) {
  return {
    when: new Date(Date.UTC(2026, 0, 1) + n).toISOString(), request_id: null, identity: { kind: "user", id: "someone" }, action: n % 2 === 0 ? "a" : "b",
    subject: n % 4 === 0 ? { class: "northwind.Order", id: "7" } : null, n,
  };
}

/** A directory as the release before the trail left it: one log of two commits. */
function earlierStore(): DiskImage {
  const header: FileHeader = { version: 1, kind: "log", storeId: "0123456789abcdef0123456789abcdef", generation: 1, sequence: 0 };
  // Not in the order of their IDs, nor all in one commit.
  const audit = [3, 0, 4, 1, 2].map((n) => ({ collection: "actionport.audit", id: `old-${n}`, text: JSON.stringify({ id: `old-${n}`, ...oldEntry(n) }), expiresAt: 1e13 }));
  const thing = { collection: "things", id: "kept", text: "{}", expiresAt: undefined };
  const frames = [encodeChanges(1, audit.slice(0, 2)), encodeChanges(2, [...audit.slice(2), thing])];
  for (const frame of frames) sealFrame(frame, 0, frame.length, 0, seedOf(header));
  return { directories: new Set(["/", "/data", DIRECTORY]), files: new Map([[LOG, Buffer.concat([encodeFileHeader(header), ...frames])]]) };
}

/** Three segments, the last one not full, and a snapshot, so that no log has the entries. */
async function writeSegments(): Promise<{ readonly image: DiskImage; readonly expected: readonly KeptEntry[] }> {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6 });
  for (let n = 0; n < 8; n++) {
    await store.commit([], [mixed(n)]);
    await store.durable();
    await idle(disk);
  }
  await store.close();
  const compacting = await openOn(disk, { minLogBytes: 64 });
  await compacting.commit([put("one", ABSENT)]);
  await compacting.durable();
  await idle(disk);
  const expected = await readAll(compacting);
  await compacting.close();
  assert.deepEqual(segmentsOf(disk), [1, 2, 3]);
  assert.equal(disk.image().files.has(LOG), false);
  return { image: disk.image(), expected };
}

/** Opens a damaged store and asks it everything: it refuses, or shows what is true. */
async function showsNothingElse(disk: SimulatedDisk, expected: readonly KeptEntry[], scene: string): Promise<void> {
  let damages = 0;
  const orDamaged = (error: unknown) => {
    assert.ok(error instanceof FileStoreError && (error.code === "store_damaged" || error.code === "store_newer"), `${scene}: ${String(error)}`);
    damages++;
    return undefined;
  };
  const store = await openOn(disk).catch(orDamaged);
  if (store === undefined) return;
  const queries: readonly Omit<TrailQuery, "limit">[] = [{}, { order: "descending" }, { action: "even" }, { subject: "thing:1" }, { identity: "two", action: "odd" }];
  for (const query of queries) {
    const found: readonly KeptEntry[] | undefined = await readAll(store, query).catch(orDamaged);
    const wanted = expected.filter(({ value }) => isWanted(mixed(Number(value["n"])), query));
    if (found !== undefined) assert.deepEqual(found, query.order === "descending" ? wanted.toReversed() : wanted, scene);
  }
  assert.ok(damages > 0, `${scene}: it was not found`);
  await store.close();
}

async function refuses(image: DiskImage, message: string): Promise<void> {
  await assert.rejects(openOn(createDisk(image)), (error) => {
    assert.ok(error instanceof FileStoreError && error.code === "store_damaged" && error.message.startsWith(message), String(error));
    return true;
  });
}

/** An entry that shares some of what it can be asked for with some others. */
function mixed(n: number): TrailEntry {
  return entryOf(n, {
    action: n % 2 === 0 ? "even" : "odd",
    identity: ["one", "two", "three"][n % 3] ?? "",
    subject: n % 5 === 0 ? null : { class: "thing", id: String(n % 4) },
    expiresAt: 1e13,
  });
}

function brief(n: number, expiresAt: number): TrailEntry {
  return entryOf(n, { at: 0, expiresAt });
}

async function compareAll(store: RecordStore, told: readonly TrailEntry[]): Promise<void> {
  for (const filter of [{}, { action: "odd" }, { identity: "three" }, { subject: "2" }, { subject: "thing:3", action: "even" }, { action: "odd", identity: "one", subject: "1" }, { subject: "4" }]) {
    const wanted = numbers(told.filter((entry) => isWanted(entry, filter)));
    for (const limit of [1, 5, 1000]) {
      assert.deepEqual(numbersOf(await readAll(store, filter, limit)), wanted, JSON.stringify(filter));
      assert.deepEqual(numbersOf(await readAll(store, { ...filter, order: "descending" }, limit)), wanted.toReversed(), `descending ${JSON.stringify(filter)}`);
    }
  }
}

function isWanted({ action, identity, subject }: TrailEntry, wanted: Omit<TrailQuery, "limit">): boolean {
  if (wanted.action !== undefined && action !== wanted.action) return false;
  if (wanted.identity !== undefined && identity !== wanted.identity) return false;
  return wanted.subject === undefined || (subject !== null && [subject.id, `${subject.class}:${subject.id}`].includes(wanted.subject));
}

async function readAll(store: RecordStore, query: Omit<TrailQuery, "limit"> = {}, limit = 4): Promise<readonly KeptEntry[]> {
  const all: KeptEntry[] = [];
  for (let page = await store.trail({ ...query, limit }); ; page = await store.trail({ ...query, after: page.next, limit })) {
    all.push(...page.entries);
    if (page.next === null) return all;
  }
}

function numbersOf(entries: readonly KeptEntry[]): unknown[] {
  return entries.map(({ value }) => value["n"]);
}

function numbers(entries: readonly TrailEntry[]): unknown[] {
  return entries.map(({ value }) => value["n"]);
}

/** The generations of the segments on a disk. */
function segmentsOf(disk: SimulatedDisk): readonly number[] {
  return [...disk.image().files.keys()].flatMap((path) => (path.endsWith(".trail") ? [Number(path.slice(-16, -6))] : [])).sort((a, b) => a - b);
}
