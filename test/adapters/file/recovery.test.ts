import assert from "node:assert/strict";
import { test } from "node:test";
import { FileStoreError } from "../../../src/adapters/file/index.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Observation } from "../../../src/domain/ports.ts";
import { acknowledgedBy, cutPowerEverywhere, killThenCutPower, sequencesOf } from "./power-loss.ts";
import { EMPTY_DISK, createDisk, systemError } from "./simulated-disk.ts";
import type { DiskImage, DiskOperation } from "./simulated-disk.ts";
import { DIRECTORY, STEPS, checkRecovery, contentsOf, listEverything, openOn, put, runSteps } from "./workload.ts";
import type { Contents, Run } from "./workload.ts";

const LOG = `${DIRECTORY}/0000000001.log`;
const SNAPSHOT = `${DIRECTORY}/0000000002.snapshot`;
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
  const { [`${DIRECTORY}/0000000002.log`]: log, ...withoutLog } = files;
  await refuses(createDisk(diskWith(withoutLog)), DIRECTORY, 0, "without its log");
  const { [SNAPSHOT]: dropped, ...withoutSnapshot } = files;
  await refuses(createDisk(diskWith(withoutSnapshot)), DIRECTORY, 0, "without its snapshot");
  const other = await writeSnapshot();
  await refuses(createDisk(diskWith({ ...files, [SNAPSHOT]: other.snapshot })), `${DIRECTORY}/0000000002.log`, 0, "with another store's snapshot");
  assert.ok(log !== undefined && dropped !== undefined);
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

test("K11: a log whose line ends were converted refuses to open", async () => {
  const { log } = await writeSmallLog();
  await refuses(createDisk(diskWith({ [LOG]: Buffer.from(log.toString("latin1").replaceAll("\n", "\r\n"), "latin1") })), LOG, 0, "CRLF");
});

test("K11: a log of a later format refuses to open and stays as it is", async () => {
  const { log } = await writeSmallLog();
  const later = Buffer.from(log);
  later.writeUInt32LE(2, 8);
  const disk = createDisk(diskWith({ [LOG]: later }));
  await assert.rejects(openOn(disk), {
    code: "store_newer",
    message: `${LOG} has format version 2, and this release reads up to 1. Nothing was changed; use a later release.`,
  });
  assert.deepEqual(disk.operations, []);
});

test("K12: whatever the clock does over a restart, what was consumed stays so and what has not expired is there", async () => {
  for (const compacting of [false, true]) {
    const disk = createDisk();
    const first = await openOn(disk, { clock: () => 1000 });
    await first.commit([{ ...put("code", ABSENT, { used: false }), expiresAt: 5000 }, put("deleted", ABSENT), { ...put("lasting", ABSENT), expiresAt: 9000 }]);
    await first.commit([{ ...put("code", 1, { used: true }), expiresAt: 5000 }, { kind: "delete", collection: "things", id: "deleted", basedOn: 1 }]);
    await first.close();
    for (const now of [8000, 0, 20_000, 1000, 4999]) {
      const store = await openOn(disk, { clock: () => now, minLogBytes: compacting ? 300 : 1e6 });
      await store.commit([put(`at-${now}`, ABSENT)]);
      await store.durable();
      const [code, deleted, lasting] = await store.read("things", ["code", "deleted", "lasting"]);
      assert.ok(code === undefined || (now < 5000 && code.value["used"] === true), `at ${now}`);
      assert.equal(deleted, undefined);
      if (now === 8000) assert.deepEqual(lasting?.value, {});
      if (now >= 9000) assert.equal(lasting, undefined);
      await store.close();
    }
  }
});

test("K7: after a power cut at any operation of workloads of up to three steps, the store recovers a state it promised", async () => {
  let looked = 0;
  for (const [n, steps] of sequencesOf(STEPS, 3).entries()) {
    // Of the longest a third; `npm run test:crash` has them all, with many more states each.
    if (steps.length === 3 && n % 3 > 0) continue;
    looked += await cutPowerEverywhere(steps, { statesPerOperation: steps.length === 3 ? 1 : 5, secondCuts: 0 });
  }
  assert.ok(looked > 1500, `only ${looked} disks were looked at`);
});

test("K7: of a batch whose later part alone reached the disk, nothing is kept, and it is no damage", async () => {
  assert.ok((await cutPowerEverywhere(["three"], { statesPerOperation: 400, secondCuts: 0 })) > 100);
});

test("K8: a second power cut while the store recovers from the first changes nothing", async () => {
  assert.ok((await cutPowerEverywhere(["three", "large"], { statesPerOperation: 4, secondCuts: 2 })) > 200);
});

test("K8: what a store shows after a kill survives a power cut that follows", async () => {
  for (const steps of sequencesOf(STEPS, 2)) await killThenCutPower(steps, 2);
});

test("K3 and K4: whichever operation fails once, or from then on, nothing answered is lost and nothing is answered that is not safe", async () => {
  for (const forEver of [false, true]) {
    for (let nth = 0; ; nth++) {
      const disk = createDisk();
      const steps = ["large", "three", "small", "reopen", "delete"] as const;
      disk.fault = failFrom(nth, forEver);
      const run = await runSteps(disk, steps);
      const count = disk.operations.length;
      await checkRecovery(createDisk(disk.image()), run, acknowledgedBy(disk.operations), `operation ${nth} failed`);
      if (run.failure === undefined && count < nth) break;
    }
  }
});

test("K3: a failed sync is final: that commit and all later calls fail, and the log is told once", async () => {
  const observed: Observation[] = [];
  const disk = createDisk();
  const store = await openOn(disk, { observe: (observation) => observed.push(observation) });
  await store.commit([put("safe", ABSENT)]);
  await store.durable();
  const safe = contentsOf(await listEverything(store));
  failOnce(disk, "sync");
  await store.commit([put("lost", ABSENT)]);
  const message = `${LOG} could not be synced; the store must be opened anew`;
  await assert.rejects(async () => store.durable(), { code: "store_unavailable", message });
  for (const call of [() => store.read("things", ["safe"]), () => store.list("things", { limit: 1 }), () => store.commit([put("more", ABSENT)]), () => store.durable()]) {
    await assert.rejects(async () => await call(), { code: "store_unavailable", message });
  }
  assert.deepEqual(observed.map(({ event }) => event), ["store_opened", "store_poisoned"]);
  await store.close();
  assert.ok((await showAll(createDisk(disk.image()))).includes(safe));
});

test("K4: a full disk refuses commits and takes nothing half; when there is room again, all goes on", async () => {
  const observed: Observation[] = [];
  const disk = createDisk();
  const store = await openOn(disk, { observe: (observation) => observed.push(observation) });
  await store.commit([put("before", ABSENT)]);
  await store.durable();
  const length = disk.image().files.get(LOG)?.length;
  disk.fault = fullAfter(10);
  await store.commit([put("during", ABSENT)]);
  const refusal = { code: "store_unavailable", message: `${LOG} could not be written to` };
  await assert.rejects(async () => store.durable(), refusal);
  assert.equal(disk.image().files.get(LOG)?.length, length, "the part that was written is taken back");
  await assert.rejects(async () => store.commit([put("refused", ABSENT)]), refusal);
  await assert.rejects(async () => store.durable(), refusal, "nor is an answer given that shows what is not safe");
  disk.fault = () => undefined;
  await store.durable();
  await store.commit([put("after", ABSENT)]);
  await store.durable();
  await store.close();
  assert.deepEqual(idsOf(await showAll(createDisk(disk.image()))), ["after", "before", "during"]);
  assert.equal(observed.some(({ event }) => event === "store_write_failed"), true);
});

test("K4: a file system that takes one byte at a time loses none", async () => {
  const disk = createDisk();
  disk.fault = (operation) => (operation.kind === "write" ? 1 : undefined);
  const run = await runSteps(disk, ["three", "large"]);
  assert.equal(run.failure, undefined);
  assert.equal(await showAll(createDisk(disk.image())), run.history.at(-1));
});

test("K4: when not even the failed write can be taken back, the store is out of order for good", async () => {
  const disk = createDisk();
  const store = await openOn(disk);
  disk.fault = (operation, path) => {
    if (operation.kind === "write" || operation.kind === "truncate") throw systemError("EIO", path);
    return undefined;
  };
  await store.commit([put("lost", ABSENT)]);
  const refusal = { code: "store_unavailable", message: `${LOG} could not be written to, nor the failed write taken back; the store must be opened anew` };
  await assert.rejects(async () => store.durable(), refusal);
  disk.fault = () => undefined;
  await assert.rejects(async () => store.commit([put("more", ABSENT)]), refusal);
  await store.close();
});

/** A log of six commits, each synced by itself, and where each of them ends. */
async function writeSmallLog(): Promise<{ readonly log: Buffer; readonly ends: readonly number[]; readonly run: Run }> {
  const disk = createDisk();
  const store = await openOn(disk, { minLogBytes: 1e6 });
  const ends: number[] = [];
  const history: Contents[] = [""];
  for (let n = 1; n <= 6; n++) {
    await store.commit(n === 4 ? [{ kind: "delete", collection: "things", id: "1", basedOn: 1 }] : [put(String(n), ABSENT, { n, text: "é\n" })]);
    await store.durable();
    history.push(contentsOf(await listEverything(store)));
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

async function showAll(disk: ReturnType<typeof createDisk>): Promise<Contents> {
  const store = await openOn(disk);
  const contents = contentsOf(await listEverything(store));
  await store.close();
  return contents;
}

function idsOf(contents: Contents): readonly string[] {
  return contents.split("\n").map((line) => line.slice(0, line.indexOf("@")));
}

async function refuses(disk: ReturnType<typeof createDisk>, path: string, offset: number | undefined, scene: string): Promise<void> {
  await assert.rejects(openOn(disk), (error) => {
    assert.ok(error instanceof FileStoreError && (error.code === "store_damaged" || error.code === "store_newer"), `${scene}: ${String(error)}`);
    if (error.code === "store_damaged") assert.ok(error.message.startsWith(`${path} is damaged at byte ${offset ?? ""}`), `${scene}: ${error.message}`);
    return true;
  });
  assert.deepEqual(disk.operations, [], `${scene}: something was changed`);
}

/** Fails the n-th operation, once or with all that follow. Notes of the test do not count. */
function failFrom(nth: number, forEver: boolean): (operation: DiskOperation, path: string) => undefined {
  let count = 0;
  return (_operation, path) => {
    const at = count++;
    if (at === nth || (forEver && at > nth)) throw systemError("EIO", path);
  };
}

function failOnce(disk: ReturnType<typeof createDisk>, kind: DiskOperation["kind"]): void {
  disk.fault = (operation, path) => {
    if (operation.kind !== kind) return undefined;
    disk.fault = () => undefined;
    throw systemError("EIO", path);
  };
}

/** A disk with room for so many bytes of each write. */
function fullAfter(room: number): (operation: DiskOperation, path: string) => number | undefined {
  let left = room;
  return (operation, path) => {
    if (operation.kind === "truncate") left = room;
    if (operation.kind !== "write") return undefined;
    if (left === 0) throw systemError("ENOSPC", path);
    const taken = Math.min(left, operation.bytes.length);
    left -= taken;
    return taken;
  };
}
