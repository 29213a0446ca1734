import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PackedIds } from "../../../src/adapters/file/table/packed-ids.ts";
import { RecordIndex } from "../../../src/adapters/file/table/record-index.ts";
import { seeded } from "../../domain/lab.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

const WHOSE = JSON.stringify(['["http://127.0.0.1:3000","client","3f2504e0-4f89-11d3-9a0c-0305e82c3301"]']).slice(0, -1);

/** IDs that begin alike, and such as end within what others begin with. */
const POOLS: readonly (readonly string[])[] = [
  Array.from({ length: 300 }, (_, n) => `${WHOSE},"key-${n}"]`),
  [WHOSE, WHOSE.slice(0, 40), `${WHOSE}é`, ...Array.from({ length: 100 }, (_, n) => `${WHOSE}${String.fromCharCode(0x3040 + n)}`)],
  [...Array.from({ length: 100 }, (_, n) => `a${String.fromCodePoint(0x1f600 + n)}`), "a\ud83d", "a\ud83e", "a\ud83d\ud83d", "a"],
  ["", "a", "aa", "aaa", "aaaa", "b", "ÿ", "Ā", "aÿ", "aĀ", "x".repeat(700), `${"x".repeat(700)}y`],
];

test("packed IDs are what they were and where they belong, however they begin and whatever comes and goes", () => {
  const random = seeded(11);
  for (const [pool, ids] of [...POOLS, POOLS.flat()].entries()) {
    const packed = new PackedIds();
    const expected: string[] = [];
    for (let n = 0; n < 4000; n++) {
      const id = ids[Math.floor(random() * ids.length)] ?? "";
      const at = expected.filter((each) => each < id).length;
      assert.equal(packed.countBelow(id), at, `pool ${pool}: ${id}`);
      assert.equal(packed.isAt(id, at), expected[at] === id);
      if (expected[at] === id) {
        packed.remove(at);
        expected.splice(at, 1);
      } else if (random() < (n % 1000 < 700 ? 0.9 : 0.2)) {
        packed.insert(at, id);
        expected.splice(at, 0, id);
      }
      if (n % 500 === 499) packed.truncate(expected.length >> 1), expected.splice(expected.length >> 1);
      if (n % 50 === 0) assert.deepEqual(Array.from({ length: packed.count }, (_, row) => packed.idAt(row)), expected);
    }
  }
});

test("a remembered answer that is not cached takes at most 90 bytes of memory, whoever it is remembered for", async () => {
  fill(new RecordIndex(), 5_000);
  const before = await memoryUsed();
  const index = fill(new RecordIndex(), 50_000);
  const bytes = ((await memoryUsed()) - before) / index.size;
  assert.ok(bytes < 90, `${bytes} bytes`);
});

/** Puts answers under keys that come in no order. */
function fill(index: RecordIndex, count: number): RecordIndex {
  for (let n = 0; n < count; n++) {
    const key = `3f2504e0-4f89-11d3-9a0c-${String((n * 7919) % count).padStart(12, "0")}`;
    index.put("actionport.idempotency", `${WHOSE},"${key}"]`, { version: n, expiresAt: n, place: { slot: 1, offset: n, bytes: 300, encoding: 0, checksum: n } });
  }
  return index;
}

/** On the heap and beside it, what is not used any more left out: buffers are freed some time after they were collected. */
async function memoryUsed(): Promise<number> {
  const measured: number[] = [];
  for (let n = 0; n < 8; n++) {
    collect();
    await turn();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    measured.push(heapUsed + arrayBuffers);
  }
  return Math.min(...measured);
}
