import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordIndex } from "../../../src/adapters/file/table/record-index.ts";
import type { IndexRow } from "../../../src/adapters/file/table/packed-block.ts";
import { SortedIndex } from "../../../src/adapters/file/table/sorted-index.ts";
import { toAddress } from "../../../src/adapters/file/table/value-place.ts";
import { seeded } from "../../domain/lab.ts";

const IDS = [
  ...Array.from({ length: 1500 }, (_, n) => String(n)),
  ...Array.from({ length: 500 }, (_, n) => `é-${n}`),
  ...Array.from({ length: 500 }, (_, n) => `日本-${n}`),
  "", "\ud800", "\u{ffff}", "\u{1f600}", "ÿ", "Ā", "x".repeat(700), "é".repeat(300),
];

test("an index answers what a Map would, in the order of the IDs, whatever comes and goes", () => {
  const index = new SortedIndex();
  const expected = new Map<string, number>();
  const random = seeded(5);
  for (let round = 0; round < 12; round++) {
    for (let n = 0; n < 2500; n++) {
      const id = IDS[Math.floor(random() * IDS.length)] ?? "";
      if (random() < (round % 3 === 2 ? 0.85 : 0.3)) removeFrom(index, expected, id);
      else {
        const replaced = index.put(id, row(round * 10_000 + n));
        assert.equal(replaced.replacedBytes, expected.get(id));
        expected.set(id, round * 10_000 + n);
      }
    }
    compare(index, expected);
  }
  for (const id of [...expected.keys()]) removeFrom(index, expected, id);
  assert.equal(index.blocks.length, 0);
});

test("IDs that come in order leave full blocks behind, and those that go leave none that is nearly empty beside another", () => {
  const index = new SortedIndex();
  const ids = Array.from({ length: 10_240 }, (_, n) => String(n).padStart(6, "0"));
  for (const [n, id] of ids.entries()) index.put(id, row(n));
  assert.equal(index.blocks.length, 40);
  const expected = new Map(ids.map((id, n) => [id, n]));
  for (const [n, id] of ids.entries()) if (n % 64 !== 0) removeFrom(index, expected, id);
  compare(index, expected);
  assert.ok(index.blocks.length <= 2, `${index.blocks.length} blocks for ${expected.size} records`);
});

test("addresses that were noted take the place of the old ones, but not where a value has changed meanwhile", async () => {
  for (const isDone of [true, false]) {
    const index = new RecordIndex();
    const ids = Array.from({ length: 3000 }, (_, n) => String(n));
    for (const id of ids) index.put("c", id, row(1));
    for (const id of ids) noteMoved(index, id, 5_000 + Number(id));
    index.put("c", "7", row(2));
    index.remove("c", "8");
    index.put("c", "8", row(2));
    for (let n = 0; n < 600; n++) index.put("c", `1500-${n}`, row(3));
    for (let n = 100; n < 200; n++) index.remove("c", String(n));
    await index.endMove(isDone);
    for (const id of [...ids.filter((id) => Number(id) < 100 || Number(id) >= 200), "1500-3"]) {
      const isMoved = isDone && id !== "7" && id !== "8" && !id.includes("-");
      const found = index.find("c", id);
      const place = found?.block.placeAt(found.at);
      assert.deepEqual([place?.slot, place?.offset], isMoved ? [2, 5_000 + Number(id)] : [1, id.includes("-") ? 3 : id === "7" || id === "8" ? 2 : 1], id);
    }
  }
});

test("what has expired is swept a part at a time, and told of", () => {
  const index = new RecordIndex();
  for (let n = 0; n < 5000; n++) index.put(n % 2 === 0 ? "even" : "odd", String(n), { ...row(1), expiresAt: n < 1000 ? undefined : n });
  const bytes = index.bytes;
  const swept: string[] = [];
  index.sweep(999, 100, 1e6, () => assert.fail("nothing has expired"));
  for (let calls = 0; swept.length < 2001; calls++) {
    const before = swept.length;
    index.sweep(3000, 2, 300, (collection, id) => swept.push(`${collection} ${id}`));
    assert.ok(swept.length - before <= 300 + 512);
    assert.ok(calls < 100, "it ends");
  }
  assert.deepEqual(swept.map((each) => Number(each.split(" ")[1])).sort((a, b) => a - b), Array.from({ length: 2001 }, (_, n) => n + 1000));
  assert.equal(index.size, 2999);
  assert.ok(index.bytes < bytes);
  assert.equal(index.find("even", "3000"), undefined);
  assert.notEqual(index.find("odd", "3001"), undefined);
  for (let n = 0; n < 5000; n++) index.remove(n % 2 === 0 ? "even" : "odd", String(n));
  assert.deepEqual([index.size, index.bytes, index.names()], [0, 0, []]);
});

function row(n: number): IndexRow {
  return { version: n, expiresAt: n % 3 === 0 ? undefined : n, place: { slot: 1, offset: n, bytes: n, encoding: n % 3, checksum: n * 3 } };
}

function removeFrom(index: SortedIndex, expected: Map<string, number>, id: string): void {
  const found = index.find(id);
  assert.equal(found !== undefined, expected.has(id), id);
  if (found !== undefined) index.remove(found);
  expected.delete(id);
}

function compare(index: SortedIndex, expected: ReadonlyMap<string, number>): void {
  const sorted = [...expected.keys()].sort();
  assert.deepEqual([...index.ascending()].map(({ block, at }) => block.idAt(at)), sorted);
  assert.deepEqual([...index.descending()].map(({ block, at }) => block.idAt(at)), sorted.toReversed());
  for (const after of ["", "1", "1000x", "é-3", "日本-77", "\ud800", "zzz"]) {
    assert.deepEqual([...index.ascending(after)].map(({ block, at }) => block.idAt(at)), sorted.filter((id) => id > after), after);
    assert.deepEqual([...index.descending(after)].map(({ block, at }) => block.idAt(at)), sorted.filter((id) => id < after).reverse(), after);
  }
  for (const [id, n] of expected) {
    const found = index.find(id);
    if (found === undefined) assert.fail(id);
    const { block, at } = found;
    assert.deepEqual({ version: block.versionAt(at), expiresAt: block.expiryAt(at), place: block.placeAt(at) }, { ...row(n), expiresAt: row(n).expiresAt ?? Number.POSITIVE_INFINITY });
  }
}

function noteMoved(index: RecordIndex, id: string, offset: number): void {
  const found = index.find("c", id);
  found?.block.noteMoved(found.at, toAddress(2, offset));
}
