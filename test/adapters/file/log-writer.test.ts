import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenFile } from "../../../src/adapters/file/disk/file-system.ts";
import { createDeferred } from "../../../src/adapters/file/log/deferred.ts";
import type { FramePlace } from "../../../src/adapters/file/log/batch.ts";
import { createFrame, sequenceAt } from "../../../src/adapters/file/log/frame.ts";
import { LogWriter } from "../../../src/adapters/file/log/log-writer.ts";

/** A writer on a file that takes everything, and what happened in its order. */
function openWriter() {
  const log: string[] = [];
  const written: Buffer[] = [];
  const file: OpenFile = {
    size: async () => 0,
    read: async () => 0,
    write: async (bytes) => (written.push(Buffer.from(bytes)), log.push(`write ${bytes.length}`), bytes.length),
    datasync: async () => void log.push("sync"),
    truncate: async () => undefined,
    close: async () => undefined,
  };
  const writer = new LogWriter({ path: "log", file, slot: 1, seed: 0, end: 0 }, 0, 0, {
    placed: (sequence) => void log.push(`placed ${sequence}`),
    synced: (sequence) => (log.push(`safe ${sequence}`), undefined),
    writeFailed: () => assert.fail(),
    poisoned: () => assert.fail(),
  });
  return { log, written, writer, file };
}

test("A part shares its write with the commits beside it, bears the number of the one before, and keeps nobody waiting who waits for commits", async () => {
  const { log, writer, written } = openWriter();
  await writer.hold();
  writer.append(1, 0, createFrame(1, 80));
  const place = writer.appendPart(createFrame(0, 180));
  writer.append(2, 0, createFrame(2, 30));
  await writer.durable();
  assert.deepEqual(log, ["write 350", "sync", "placed 1", "placed 2", "safe 2"]);
  assert.deepEqual(await place, { slot: 1, position: 100 });
  assert.deepEqual([0, 100, 300].map((start) => sequenceAt(written[0] ?? Buffer.alloc(0), start)), [1, 1, 2]);
  const later = writer.appendPart(createFrame(0, 10));
  assert.equal(writer.durable(), undefined, "no commit is under way");
  await later;
});

test("Frames go into the next log when nobody holds the present one any more, and whoever wants to hold it then waits for that", async () => {
  const { log, writer, file } = openWriter();
  await writer.hold();
  await writer.appendPart(createFrame(0, 80));
  const switched = writer.switchTo({ path: "next", file, slot: 2, seed: 0, end: 0 });
  const held = writer.hold().then(() => log.push("held"));
  const place = createDeferred<FramePlace>();
  writer.append(1, 0, createFrame(1, 30), place);
  assert.deepEqual(await place.promise, { slot: 1, position: 100 });
  assert.ok(!log.includes("held"));
  writer.letGo();
  assert.equal((await switched).sequence, 1);
  await held;
  assert.deepEqual(await writer.appendPart(createFrame(0, 5)), { slot: 2, position: 0 });
});
