import assert from "node:assert/strict";
import { test } from "node:test";
import { FileStoreError } from "../../../src/adapters/file/index.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Observation } from "../../../src/domain/ports.ts";
import { EMPTY_DISK, createDisk, systemError } from "./simulated-disk.ts";
import type { DiskImage, SimulatedDisk } from "./simulated-disk.ts";
import { DIRECTORY, NOTHING, checkRecovery, contentsOf, openOn, put, runSteps, showAll } from "./workload.ts";
import type { Contents, Run } from "./workload.ts";

const LOG = `${DIRECTORY}/0000000001.log`;
const SECOND_LOG = `${DIRECTORY}/0000000002.log`;
const SNAPSHOT = `${DIRECTORY}/0000000002.snapshot`;
const SEGMENT = `${DIRECTORY}/0000000001.trail`;
const HEADER_BYTES = 64;

test("K5: a log cut off at any byte opens with the records wholly before the cut, and goes on", async () => {
  const { log, ends, run } = await writeSmallLog();
  for (let length = 0; length <= log.length; length++) {
    const whole = ends.filter((end) => end <= length).length;
    const found = await checkRecovery(createDisk(diskWith({ [LOG]: log.subarray(0, length) })), run, 0, `cut to ${length} bytes`);
    assert.equal(found, run.history[whole], `cut to ${length} bytes`);
  }
});

test("K5: what is cut off is kept aside and observed", async () => {
  const { log, ends, run } = await writeSmallLog();
  const observed: Observation[] = [];
  const disk = createDisk(diskWith({ [LOG]: log.subarray(0, log.length - 3) }));
  await (await openOn(disk, { observe: (observation) => observed.push(observation) })).close();
  const offset = ends.at(-2) ?? 0;
  const torn = observed.find(({ event }) => event === "store_torn_tail");
  assert.deepEqual({ ...torn, kept_as: "" }, { event: "store_torn_tail", file: LOG, offset, bytes: log.length - 3 - offset, kept_as: "" });
  assert.deepEqual(disk.image().files.get(`${DIRECTORY}/${String(torn?.["kept_as"])}`), log.subarray(offset, log.length - 3));
  assert.equal(run.history.length, ends.length + 1);
});

test("K6: every flipped bit of a log is found: the last record is cut away, anything before it refuses to open", async () => {
  const { log, ends, run } = await writeSmallLog();
  const lastStart = ends.at(-2) ?? 0;
  for (let bit = 0; bit < 8 * log.length; bit++) {
    const at = bit >> 3;
    const start = at < HEADER_BYTES ? 0 : Math.max(HEADER_BYTES, ...ends.filter((end) => end <= at));
    const disk = createDisk(diskWith({ [LOG]: flip(log, bit) }));
    if (at >= lastStart) assert.equal(await showAll(disk), run.history.at(-2), `bit ${bit}`);
    else await refuses(disk, LOG, start, `bit ${bit}`);
  }
});

test("K6: every flipped bit of a snapshot refuses to open", async () => {
  const { image, snapshot } = await writeSnapshot();
  for (let bit = 0; bit < 8 * snapshot.length; bit += bit < 1200 ? 1 : 7) {
    await refuses(createDisk(diskWith({ ...Object.fromEntries(image.files), [SNAPSHOT]: flip(snapshot, bit) })), SNAPSHOT, undefined, `bit ${bit}`);
  }
});

test("K6: a snapshot cut off anywhere, a missing log and a file of another store refuse to open", async () => {
  const { image, snapshot } = await writeSnapshot();
  const files = Object.fromEntries(image.files);
  for (let length = 0; length < snapshot.length; length += 13) {
    await refuses(createDisk(diskWith({ ...files, [SNAPSHOT]: snapshot.subarray(0, length) })), SNAPSHOT, undefined, `cut to ${length}`);
  }
  const { [SECOND_LOG]: log, ...withoutLog } = files;
  await refuses(createDisk(diskWith(withoutLog)), DIRECTORY, 0, "without its log");
  const { [SNAPSHOT]: dropped, ...withoutSnapshot } = files;
  await refuses(createDisk(diskWith(withoutSnapshot)), DIRECTORY, 0, "without its snapshot");
  const other = await writeSnapshot();
  await refuses(createDisk(diskWith({ ...files, [SNAPSHOT]: other.snapshot })), SEGMENT, 0, "with another store's snapshot");
  const withoutTrail = Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith(".trail")));
  await refuses(createDisk(diskWith({ ...withoutTrail, [SNAPSHOT]: other.snapshot })), DIRECTORY, 0, "with another store's snapshot and without its trail");
  assert.ok(log !== undefined && dropped !== undefined);
});

test("K6: of two logs only the later may be cut off, and neither may end before what the snapshot shows", async () => {
  const disk = createDisk();
  disk.fault = (operation, path) => {
    if (operation.kind === "rename" && path.includes(".snapshot")) throw systemError("EIO", path);
    return undefined;
  };
  assert.equal((await runSteps(disk, ["large", "reopen", "small"])).failure, undefined);
  const files = Object.fromEntries(disk.image().files);
  const [first, second] = [files[LOG], files[SECOND_LOG]];
  if (first === undefined || second === undefined) assert.fail("an interrupted compaction leaves two logs");
  await showAll(createDisk(diskWith(files)));
  for (const tail of [second, Buffer.concat([second.subarray(0, HEADER_BYTES), Buffer.from("half a write")])]) {
    await refuses(createDisk(diskWith({ [LOG]: first.subarray(0, -1), [SECOND_LOG]: tail })), LOG, HEADER_BYTES, "the first cut off");
  }

  const overtaken = createDisk();
  await runSteps(overtaken, ["large", "three", "reopen"]);
  const later = Object.fromEntries(overtaken.image().files);
  const cut = later[SECOND_LOG]?.subarray(0, HEADER_BYTES) ?? Buffer.alloc(0);
  await refuses(createDisk(diskWith({ ...later, [SECOND_LOG]: cut })), SECOND_LOG, HEADER_BYTES, "the snapshot has seen more");
});

test("K11: zeros, garbage or half a character behind the last record are cut away", async () => {
  const { log, run } = await writeSmallLog();
  const half = Buffer.from("é").subarray(0, 1);
  for (const [name, tail] of [["zeros", Buffer.alloc(5000)], ["garbage", Buffer.alloc(5000, 0xa5)], ["half a character", half], ["a line end", Buffer.from("\r\n")]] as const) {
    const disk = createDisk(diskWith({ [LOG]: Buffer.concat([log, tail]) }));
    assert.equal(await checkRecovery(disk, run, run.history.length - 1, name), run.history.at(-1));
    assert.equal([...disk.image().files.keys()].some((path) => path.includes(".torn-")), name !== "zeros", name);
  }
});

test("K11: intact records of another store, as a reused block of the disk may hold, are cut away", async () => {
  const [one, other] = [await writeSmallLog(), await writeSmallLog()];
  const mixed = Buffer.concat([one.log.subarray(0, HEADER_BYTES), other.log.subarray(HEADER_BYTES)]);
  assert.equal(await showAll(createDisk(diskWith({ [LOG]: mixed }))), NOTHING);
});

test("K11: a log whose line ends were converted refuses to open", async () => {
  const { log } = await writeSmallLog();
  await refuses(createDisk(diskWith({ [LOG]: Buffer.from(log.toString("latin1").replaceAll("\n", "\r\n"), "latin1") })), LOG, 0, "CRLF");
});

test("K11: a log of a later format refuses to open and stays as it is", async () => {
  const { log } = await writeSmallLog();
  const later = Buffer.from(log);
  later.writeUInt32LE(4, 8);
  const disk = createDisk(diskWith({ [LOG]: later }));
  await assert.rejects(openOn(disk), {
    code: "store_newer",
    message: `${LOG} has format version 4, and this release reads up to 3. Nothing was changed; use a later release.`,
  });
  assert.deepEqual(disk.operations, []);
});

/** A log of six commits, each synced by itself, and where each of them ends. */
async function writeSmallLog(): Promise<{ readonly log: Buffer; readonly ends: readonly number[]; readonly run: Run }> {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6 });
  const ends: number[] = [];
  const history: Contents[] = [NOTHING];
  for (let n = 1; n <= 6; n++) {
    await store.commit(n === 4 ? [{ kind: "delete", collection: "things", id: "1", basedOn: 1 }] : [put(String(n), ABSENT, { n, text: "é\n" })]);
    await store.durable();
    history.push(await contentsOf(store));
    ends.push(disk.image().files.get(LOG)?.length ?? 0);
  }
  await store.close();
  return { log: disk.image().files.get(LOG) ?? Buffer.alloc(0), ends, run: { history } };
}

/** A store that has just been compacted. */
async function writeSnapshot(): Promise<{ readonly image: DiskImage; readonly snapshot: Buffer }> {
  const disk = createDisk();
  assert.equal((await runSteps(disk, ["large", "reopen", "small"])).failure, undefined);
  const image = disk.image();
  const snapshot = image.files.get(SNAPSHOT);
  if (snapshot === undefined) assert.fail(`there is no snapshot among ${[...image.files.keys()].join(", ")}`);
  return { image, snapshot };
}

function diskWith(files: Readonly<Record<string, Buffer>>): DiskImage {
  return { directories: new Set([...EMPTY_DISK.directories, "/data", DIRECTORY]), files: new Map(Object.entries(files)) };
}

function flip(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

async function refuses(disk: SimulatedDisk, path: string, offset: number | undefined, scene: string): Promise<void> {
  await assert.rejects(openOn(disk), (error) => {
    assert.ok(error instanceof FileStoreError && (error.code === "store_damaged" || error.code === "store_newer"), `${scene}: ${String(error)}`);
    if (error.code === "store_damaged") assert.ok(error.message.startsWith(`${path} is damaged at byte ${offset ?? ""}`), `${scene}: ${error.message}`);
    return true;
  });
  assert.deepEqual(disk.operations, [], `${scene}: something was changed`);
}
