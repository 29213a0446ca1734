import assert from "node:assert/strict";
import { ABSENT, type Change, type PageRequest, type RecordStore } from "../../../../domain/ports.ts";
import { change, commitAll, listAll, put, rejectsWith } from "./records.ts";
import type { Scenario } from "./scene.ts";

/** What the pages of a list show. */
export const PAGING: readonly Scenario[] = [
  ["a list of nothing is one empty page", async ({ store }) => {
    assert.deepEqual(await store.list("never", { limit: 10 }), { records: [], next: null });
  }],
  ["every limit and both orders show each record once, in the order of UTF-16 code units", async ({ store }) => {
    const ids = ["10", "2", "B", "a", "ab", "Å", "\u{ffff}", "\u{1f600}", "aa"];
    await commitAll(store, ids.map((id) => put("things", id, ABSENT)));
    for (const limit of [1, 2, 3, 8, 9, 10, 1000]) {
      assert.deepEqual((await listAll(store, {}, limit)).map(({ id }) => id), [...ids].sort(), `limit ${limit}`);
      assert.deepEqual((await listAll(store, { order: "descending" }, limit)).map(({ id }) => id), [...ids].sort().reverse(), `descending, limit ${limit}`);
    }
  }],
  ["next is the last ID of a page that has more behind it, and null when it has not", async ({ store }) => {
    await commitAll(store, ["a", "b", "c"].map((id) => put("things", id, ABSENT)));
    assert.equal((await store.list("things", { limit: 2 })).next, "b");
    assert.equal((await store.list("things", { limit: 3 })).next, null);
    assert.equal((await store.list("things", { limit: 2, after: "b" })).next, null);
    assert.equal((await store.list("things", { limit: 2, order: "descending" })).next, "b");
  }],
  ["after need not name a record that exists", async ({ store }) => {
    await commitAll(store, ["b", "d", "f"].map((id) => put("things", id, ABSENT)));
    const idsOf = async (page: PageRequest) => (await store.list("things", page)).records.map(({ id }) => id);
    assert.deepEqual(await idsOf({ limit: 9, after: "" }), ["b", "d", "f"]);
    assert.deepEqual(await idsOf({ limit: 9, after: "c" }), ["d", "f"]);
    assert.deepEqual(await idsOf({ limit: 9, after: "z" }), []);
    assert.deepEqual(await idsOf({ limit: 9, after: "e", order: "descending" }), ["d", "b"]);
    assert.deepEqual(await idsOf({ limit: 9, after: "a", order: "descending" }), []);
    assert.deepEqual(await idsOf({ limit: 9, after: "z", order: "descending" }), ["f", "d", "b"]);
  }],
  ["what is added and taken away between two pages neither repeats nor hides the rest", async ({ store }) => {
    const ids = ["b", "d", "f", "h", "j"];
    const version = await commitAll(store, ids.map((id) => put("things", id, ABSENT)));
    const first = await store.list("things", { limit: 2 });
    await commitAll(store, [change("delete", "d", version), change("delete", "h", version), put("things", "a", ABSENT), put("things", "e", ABSENT), put("things", "k", ABSENT)]);
    const rest = await listAll(store, { after: first.next ?? "" });
    assert.deepEqual(rest.map(({ id }) => id), ["e", "f", "j", "k"]);
    const down = await listAll(store, { after: "j", order: "descending" });
    assert.deepEqual(down.map(({ id }) => id), ["f", "e", "b", "a"]);
  }],
  ["paging stays right in a large collection that changes in random places", async ({ store }) => {
    const random = createRandom(7);
    const expected = new Set<string>();
    await changeAtRandom(store, expected, 1500, random);
    for (let round = 0; round < 4; round++) {
      await changeAtRandom(store, expected, 150, random);
      assert.deepEqual((await listAll(store, {}, 97)).map(({ id }) => id), [...expected].sort());
      assert.deepEqual((await listAll(store, { order: "descending" }, 200)).map(({ id }) => id), [...expected].sort().reverse());
    }
  }],
  ["a limit below 1 or beside the integers is a TypeError", async ({ store }) => {
    for (const limit of [0, -1, 1.5, Number.NaN]) {
      await rejectsWith(() => store.list("things", { limit }), "the limit of a page must be an integer, 1 or more");
    }
  }],
];

async function changeAtRandom(store: RecordStore, expected: Set<string>, count: number, random: () => number): Promise<void> {
  const changes = new Map<string, Change>();
  for (let n = 0; n < count; n++) {
    const id = String(Math.floor(random() * 3000));
    const [record] = await store.read("things", [id]);
    changes.set(id, record === undefined ? put("things", id, ABSENT) : change("delete", id, record.version));
  }
  await commitAll(store, [...changes.values()]);
  for (const { kind, id } of changes.values()) {
    if (kind === "put") expected.add(id);
    else expected.delete(id);
  }
}

/** Numbers from 0 to 1 that are the same at every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
