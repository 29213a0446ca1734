import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenFile } from "../../../src/adapters/file/disk/file-system.ts";
import { createDeferred } from "../../../src/adapters/file/log/deferred.ts";
import { createFrame } from "../../../src/adapters/file/log/frame.ts";
import { LogWriter } from "../../../src/adapters/file/log/log-writer.ts";

/** A writer on a file that takes everything, and what happened in its order. */
function openWriter() {
  const log: string[] = [];
  const synced = createDeferred<void>();
  const file: OpenFile = {
    size: async () => 0,
    read: async () => 0,
    write: async (bytes) => (log.push(`write ${bytes.length}`), bytes.length),
    datasync: async () => void log.push("sync"),
    truncate: async () => undefined,
    close: async () => undefined,
  };
  const writer = new LogWriter({ path: "log", file, slot: 1, seed: 0, end: 0 }, 0, 0, {
    placed: (sequence) => void log.push(`placed ${sequence}`),
    synced: (sequence) => (log.push(`safe ${sequence}`), synced.resolve(), undefined),
    writeFailed: () => assert.fail(),
    poisoned: () => assert.fail(),
  });
  return { log, writer, file, synced };
}

test("The frame of a commit of many is written alone, while the commit is still taken in, and has its place when it is", async () => {
  const { log, writer } = openWriter();
  const taken = createDeferred<void>();
  writer.append(1, 0, createFrame(1, 80));
  writer.append(2, 0, createFrame(2, 180), { checksum: 0, taken: taken.promise });
  writer.append(3, 0, createFrame(3, 30));
  const durable = writer.durable();
  while (log.filter((what) => what === "sync").length < 2) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(log, ["write 100", "sync", "placed 1", "safe 1", "write 200", "sync"]);
  taken.resolve();
  await durable;
  assert.deepEqual(log.slice(6), ["placed 2", "safe 2", "write 50", "sync", "placed 3", "safe 3"]);
});
