import assert from "node:assert/strict";
import { ABSENT, type KeptEntry, type RecordStore, type TrailEntry, type TrailQuery } from "../../../../domain/ports.ts";
import { put } from "./records.ts";
import { START, type Scenario } from "./scene.ts";

const YEAR_MS = 366 * 86_400_000;

/** An entry of which only this is of interest. */
export function entryOf(n: number, given: Partial<TrailEntry> = {}): TrailEntry {
  return { at: START + n, expiresAt: START + YEAR_MS, action: "a", subject: null, identity: "i", value: { n }, ...given };
}

/** The trail of a store: what the RecordStore suite asks of it. */
export const TRAIL: readonly Scenario[] = [
  ["a trail that nobody has written is one empty page", async ({ store }) => {
    assert.deepEqual(await store.trail({ limit: 10 }), { entries: [], next: null });
  }],
  ["entries come in the order of the commits, within a commit in the order given, whatever time they name", async ({ store }) => {
    await store.commit([], [entryOf(5), entryOf(2)]);
    await store.commit([], [entryOf(1)]);
    await store.commit([put("things", "one", ABSENT)], [entryOf(9)]);
    assert.deepEqual(numbers(await readAll(store)), [5, 2, 1, 9]);
    assert.deepEqual(numbers(await readAll(store, { order: "descending" })), [9, 1, 2, 5]);
    const ids = (await readAll(store)).map(({ id }) => id);
    assert.deepEqual([...ids].sort(), ids);
    assert.equal(new Set(ids).size, 4);
  }],
  ["a commit that conflicts adds no entry", async ({ store }) => {
    await store.commit([put("things", "one", ABSENT)], [entryOf(1)]);
    assert.equal((await store.commit([put("things", "one", ABSENT)], [entryOf(2)])).committed, false);
    assert.deepEqual(numbers(await readAll(store)), [1]);
  }],
  ["a commit that is refused adds no entry", async ({ store }) => {
    const twice = [put("things", "one", ABSENT), put("things", "one", ABSENT)];
    await assert.rejects(async () => await store.commit(twice, [entryOf(1)]), TypeError);
    assert.deepEqual(await readAll(store), []);
  }],
  ["pages of every size show each entry once, in both orders", async ({ store }) => {
    for (let n = 0; n < 25; n += 5) await store.commit([], Array.from({ length: 5 }, (_, at) => entryOf(n + at)));
    const all = Array.from({ length: 25 }, (_, n) => n);
    for (const limit of [1, 2, 7, 24, 25, 26]) {
      assert.deepEqual(numbers(await readAll(store, {}, limit)), all, `limit ${limit}`);
      assert.deepEqual(numbers(await readAll(store, { order: "descending" }, limit)), all.toReversed(), `descending, limit ${limit}`);
    }
    assert.equal((await store.trail({ limit: 25 })).next, null);
    const { entries, next } = await store.trail({ limit: 24 });
    assert.equal(next, entries.at(-1)?.id);
  }],
  ["the trail is followed from any entry onwards, and what came meanwhile comes next", async ({ store }) => {
    await store.commit([], [entryOf(1), entryOf(2)]);
    const [first, last] = await readAll(store);
    assert.deepEqual(numbers((await store.trail({ after: first?.id ?? "", limit: 9 })).entries), [2]);
    assert.deepEqual(await store.trail({ after: last?.id ?? "", limit: 9 }), { entries: [], next: null });
    await store.commit([], [entryOf(3)]);
    assert.deepEqual(numbers((await store.trail({ after: last?.id ?? "", limit: 9 })).entries), [3]);
  }],
  ["behind an entry that never was all is lost, and so the page says, but not when it goes downwards", async ({ store }) => {
    assert.deepEqual(await store.trail({ after: "0000000000000000", limit: 9 }), { entries: [], next: null });
    assert.deepEqual(await store.trail({ after: "0000000000000001", limit: 9 }), LOST);
    await store.commit([], [entryOf(1), entryOf(2)]);
    const last = (await readAll(store)).at(-1)?.id ?? "";
    for (const after of [String(Number(last) + 1), "9007199254740993", "-1", "1.5", "x", "__proto__"]) {
      assert.deepEqual(await store.trail({ after, limit: 9 }), LOST, after);
      assert.equal((await store.trail({ after, limit: 9, order: "descending" })).lost, undefined, after);
    }
    assert.deepEqual(numbers((await store.trail({ after: "0000000000000000", limit: 9 })).entries), [1, 2]);
  }],
  ["behind an entry that is gone others are lost unless the next is still there, whatever the filter", async ({ store, time }) => {
    await store.commit([], [1, 2, 3, 4].map((n) => entryOf(n, { action: n === 4 ? "rare" : "a", expiresAt: START + 1000 * n })));
    const [one, two, three, four] = (await readAll(store)).map(({ id }) => id);
    const behind = async (after: string | undefined, more: Partial<TrailQuery> = {}) => {
      const { lost, entries } = await store.trail({ after: after ?? "", limit: 9, ...more });
      return lost === true ? "lost" : numbers(entries);
    };
    time.now = START + 1000;
    assert.deepEqual([await behind(one), await behind(two)], [[2, 3, 4], [3, 4]]);
    time.now = START + 2000;
    assert.deepEqual([await behind(one), await behind(two), await behind(three)], ["lost", [3, 4], [4]]);
    assert.deepEqual([await behind(one, { action: "rare" }), await behind(two, { action: "rare" })], ["lost", [4]]);
    time.now = START + 4000;
    assert.deepEqual([await behind(two), await behind(three), await behind(four)], ["lost", "lost", []]);
    await store.commit([], [entryOf(5)]);
    assert.deepEqual([await behind(three), await behind(four)], ["lost", [5]]);
  }],
  ["filters by action, identity and subject hold together, and a full page is found however far apart its entries are", async ({ store }) => {
    const subject = { class: "shop.Order", id: "7" };
    await store.commit([], Array.from({ length: 60 }, (_, n) => entryOf(n, {
      action: n % 2 === 0 ? "even" : "odd",
      identity: n % 3 === 0 ? "three" : "other",
      subject: n % 5 === 0 ? subject : n % 5 === 1 ? { class: "shop.Customer", id: "7" } : null,
    })));
    assert.deepEqual(numbers(await readAll(store, { action: "even", identity: "three" }, 3)), [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
    assert.deepEqual(numbers(await readAll(store, { subject: "shop.Order:7" }, 5)), [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    assert.deepEqual(numbers(await readAll(store, { subject: "7", action: "odd", order: "descending" }, 2)), [55, 51, 45, 41, 35, 31, 25, 21, 15, 11, 5, 1]);
    for (const none of [{ action: "none" }, { identity: "nobody" }, { subject: "8" }, { subject: "shop.Order:8" }, { subject: "Order:7" }]) {
      assert.deepEqual(await store.trail({ ...none, limit: 5 }), { entries: [], next: null }, JSON.stringify(none));
    }
  }],
  ["names of every kind are told apart", async ({ store }) => {
    const names = ["__proto__", "constructor", "a:b", "a", "b", "\u00e9", "e\u0301", "\ud800", "x".repeat(255)];
    await store.commit([], names.map((id, n) => entryOf(n, { identity: id, subject: { class: "shop.Thing", id } })));
    for (const [n, name] of names.entries()) {
      assert.deepEqual(numbers(await readAll(store, { identity: name })), [n], name);
      assert.deepEqual(numbers(await readAll(store, { subject: `shop.Thing:${name}` })), [n], name);
    }
  }],
  ["an entry is shown until the millisecond before it expires, and others stay", async ({ store, time }) => {
    await store.commit([], [entryOf(1, { expiresAt: START + 10 }), entryOf(2, { expiresAt: START + 20 })]);
    time.now = START + 9;
    assert.deepEqual(numbers(await readAll(store)), [1, 2]);
    time.now = START + 10;
    assert.deepEqual(numbers(await readAll(store)), [2]);
    time.now = START + 20;
    assert.deepEqual(await readAll(store, { order: "descending" }), []);
    await store.commit([], [entryOf(3)]);
    assert.deepEqual(numbers(await readAll(store)), [3]);
  }],
  ["a value comes back as it was", async ({ store }) => {
    const value = { text: "é\ud800\u0000", list: [1, null, { deep: true }], ["__proto__"]: "own" };
    await store.commit([], [entryOf(1, { value })]);
    const [kept] = await readAll(store);
    assert.equal(JSON.stringify(kept?.value), JSON.stringify(value));
  }],
  ["a limit below 1 or beside the integers is a TypeError", async ({ store }) => {
    for (const limit of [0, -1, 1.5, Number.NaN]) {
      await assert.rejects(async () => await store.trail({ limit }), { name: "TypeError", message: "the limit of a page must be an integer, 1 or more" });
    }
  }],
];

const LOST = { entries: [], next: null, lost: true };

function numbers(entries: readonly KeptEntry[]): unknown[] {
  return entries.map(({ value }) => value["n"]);
}

async function readAll(store: RecordStore, query: Omit<TrailQuery, "limit"> = {}, limit = 50): Promise<readonly KeptEntry[]> {
  const all: KeptEntry[] = [];
  for (let page = await store.trail({ ...query, limit }); ; page = await store.trail({ ...query, after: page.next, limit })) {
    assert.ok(page.entries.length <= limit);
    all.push(...page.entries);
    if (page.next === null) return all;
  }
}
