import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";
import { createDisk, type SimulatedDisk } from "../../adapters/file/simulated-disk.ts";
import { DIRECTORY, idle, openOn } from "../../adapters/file/workload.ts";
import { TRAIL_LIMITS } from "../../../src/adapters/file/trail/trail.ts";
import { createActions, createCatalog, defineAction, text } from "../../../src/domain/index.ts";
import { Counter } from "../lab.ts";
import { NOW, stranger } from "../counters.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

const note = defineAction({
  key: "counters/note",
  label: "Note",
  subject: Counter,
  params: { note: text({ max: 100_000 }) },
  authorize: ({ identity }) => identity.can("note"),
  handle: ({ subject, subjects }) => subjects.put(Counter, subject),
});

/** Actions on a file store whose disk can be looked at. */
async function openFiles() {
  const disk = createDisk();
  const store = await openOn(disk, { clock: () => NOW, minLogBytes: 1e6, trail: TRAIL_LIMITS });
  await store.commit([{ kind: "put", collection: Counter.class, id: "1", basedOn: 0, value: { id: 1, count: 0 } }]);
  await store.durable();
  const catalog = createCatalog({ subjects: [Counter], actions: [note] });
  const workflows = { engine: embeddedWorkflows({ timer: createTestTime(NOW).timer, random: () => 0 }) };
  return { disk, store, actions: createActions({ catalog, store, clock: () => NOW, newId: randomUUID, workflows }) };
}

function diskBytes(disk: SimulatedDisk): number {
  return [...disk.image().files].reduce((bytes, [path, content]) => (path.startsWith(DIRECTORY) ? bytes + content.length : bytes), 0);
}

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("10,000 refused calls with 60 KB of parameters each leave 100 entries and next to no memory behind", async () => {
  const { disk, store, actions } = await openFiles();
  const [diskBefore, heapBefore] = [diskBytes(disk), heapBytes()];
  for (let n = 0; n < 10_000; n++) {
    const outcome = await actions.execute({ key: note.key, subject: "1", params: { note: `${n}`.padEnd(60_000) }, identity: stranger, idempotencyKey: `key-${n}` });
    assert.equal(outcome.kind === "failed" && outcome.code, "forbidden");
  }
  await store.durable();
  await idle(disk);
  const [onDisk, inHeap] = [diskBytes(disk) - diskBefore, heapBytes() - heapBefore];
  assert.equal((await store.trail({ limit: 200 })).entries.length, 100);
  assert.ok(onDisk < 100 * 1000, `${onDisk} bytes on the disk`);
  assert.ok(inHeap < 4e6, `${inHeap} bytes of heap`);
  await store.close();
});

test("bulk calls with a key that nobody may make, or of what there is not, leave next to nothing behind", async () => {
  const { disk, store, actions } = await openFiles();
  const [diskBefore, heapBefore] = [diskBytes(disk), heapBytes()];
  const params = { note: "x".repeat(60_000) };
  for (const mode of ["each", "stop", "atomic"]) {
    for (let n = 0; n < 5; n++) {
      const ids = Array.from({ length: 500 }, (_, at) => (at === 0 ? 1 : 500 * n + at + 2));
      await actions.bulk({ key: note.key, identity: stranger, input: { ids, params, mode }, idempotencyKey: `${mode}-${n}` });
    }
  }
  for (let n = 0; n < 10; n++) {
    const later = await actions.bulk({ key: note.key, identity: stranger, input: { ids: [1, 2], params, async: true }, idempotencyKey: `later-${n}` });
    assert.equal(later.kind, "failed");
  }
  await store.durable();
  await idle(disk);
  const [onDisk, inHeap] = [diskBytes(disk) - diskBefore, heapBytes() - heapBefore];
  assert.ok(onDisk < 100 * 1000, `${onDisk} bytes on the disk`);
  assert.ok(inHeap < 4e6, `${inHeap} bytes of heap`);
  await store.close();
});
