import assert from "node:assert/strict";
import type { JsonObject } from "../../../domain/json.ts";
import { TRAIL } from "./record-store-trail.ts";
import { ABSENT } from "../../../domain/ports.ts";
import type { Change, Clock, CommitResult, PageRequest, RecordStore, StoredRecord } from "../../../domain/ports.ts";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";

/** Declares a test: `test` of node:test, vitest or jest. */
export type DeclareTest = (sentence: string, run: () => Promise<void>) => unknown;

/** An empty store for one test, and how to be rid of it. */
export interface OpenedStore {
  readonly store: RecordStore;
  close?(): MaybePromise<void>;
}

/** Opens a new, empty store that lives by the given clock. */
export type OpenStore = (clock: Clock) => MaybePromise<OpenedStore>;

/** A store that the contract is to be shown of. */
export interface RecordStoreUnderTest {
  /** Stands before each sentence. */
  readonly name: string;
  readonly test: DeclareTest;
  /** Called once for each test. */
  readonly open: OpenStore;
}

/** What a test is given: the store, and the time that it lives by. */
interface Scene {
  readonly store: RecordStore;
  readonly time: { now: number };
}

const START = Date.UTC(2026, 0, 1);

/** Declares one test for each thing that every RecordStore has to do, whatever it keeps the records in. */
export function testRecordStore({ name, test, open }: RecordStoreUnderTest): void {
  for (const [sentence, scenario] of [...READING, ...COMMITTING, ...PAGING, ...EXPIRING, ...ISOLATING, ...TRAIL]) {
    test(`${name}: ${sentence}`, async () => {
      const time = { now: START };
      const { store, close } = await open(() => time.now);
      try {
        await scenario({ store, time });
        await store.durable();
      } finally {
        await close?.();
      }
    });
  }
}

type Scenario = readonly [sentence: string, run: (scene: Scene) => Promise<void>];

const READING: readonly Scenario[] = [
  ["a read answers in the order asked for, with undefined where there is none", async ({ store }) => {
    await putNew(store, "one", { n: 1 });
    await putNew(store, "two", { n: 2 });
    const records = await store.read("things", ["two", "none", "one", "two"]);
    assert.deepEqual(records.map((record) => record?.value), [{ n: 2 }, undefined, { n: 1 }, { n: 2 }]);
  }],
  ["a read of no IDs, and of a collection nobody wrote to, answers nothing", async ({ store }) => {
    assert.deepEqual(await store.read("things", []), []);
    assert.deepEqual(await store.read("never", ["one", "two"]), [undefined, undefined]);
  }],
  ["a record carries its collection, ID, version and value, and no expiry when it has none", async ({ store }) => {
    const version = await putNew(store, "one", { deep: { list: [1, "two", null, true] } });
    assert.deepEqual(await readOne(store, "one"), { collection: "things", id: "one", version, value: { deep: { list: [1, "two", null, true] } } });
  }],
  ["the same ID in two collections is two records", async ({ store }) => {
    await commitAll(store, [put("things", "one", ABSENT, { in: "things" }), put("others", "one", ABSENT, { in: "others" })]);
    assert.deepEqual((await readOne(store, "one"))?.value, { in: "things" });
    assert.deepEqual((await readOne(store, "one", "others"))?.value, { in: "others" });
  }],
  ["IDs of every kind are kept apart and come back as they were", async ({ store }) => {
    const version = await commitAll(store, WEIRD_IDS.map((id, n) => put("things", id, ABSENT, { n })));
    const records = await store.read("things", WEIRD_IDS);
    assert.deepEqual(records, WEIRD_IDS.map((id, n) => ({ collection: "things", id, version, value: { n } })));
    assert.deepEqual((await listAll(store, {}, 3)).map(({ id }) => id), [...WEIRD_IDS].sort());
  }],
  ["collections of every name are kept apart", async ({ store }) => {
    await commitAll(store, WEIRD_IDS.map((collection, n) => put(collection, "one", ABSENT, { n })));
    for (const [n, collection] of WEIRD_IDS.entries()) assert.deepEqual((await readOne(store, "one", collection))?.value, { n });
    assert.equal(Object.hasOwn(Object.prototype, "n"), false);
  }],
  ["values keep every JSON there is, __proto__ and lone surrogates included", async ({ store }) => {
    const value = parseObject('{"__proto__":{"polluted":true},"":"","lone":"\\ud800","big":1.7976931348623157e308,"minus":-0.5,"list":[[],{},null]}');
    await putNew(store, "one", value);
    const found = await readOne(store, "one");
    assert.equal(JSON.stringify(found?.value), JSON.stringify(value));
    assert.equal(Object.getPrototypeOf(found?.value), Object.prototype);
  }],
];

const COMMITTING: readonly Scenario[] = [
  ["all puts of one commit get its version, and later commits get higher ones", async ({ store }) => {
    const first = await commitAll(store, [put("things", "one", ABSENT), put("others", "two", ABSENT)]);
    const second = await commitAll(store, [put("things", "three", ABSENT)]);
    assert.deepEqual([(await readOne(store, "one"))?.version, (await readOne(store, "two", "others"))?.version], [first, first]);
    assert.ok(first > ABSENT && second > first, `${first} then ${second}`);
  }],
  ["a put, a delete or a check on an old version is a conflict, on the present one is not", async ({ store }) => {
    for (const kind of ["put", "delete", "check"] as const) {
      const old = await putNew(store, kind, { n: 1 });
      const present = await commitAll(store, [put("things", kind, old, { n: 2 })]);
      assert.deepEqual(await store.commit([change(kind, kind, old)]), conflict(kind), kind);
      assert.deepEqual((await readOne(store, kind))?.version, present);
      await commitAll(store, [change(kind, kind, present)]);
    }
  }],
  ["what is based on ABSENT conflicts with a record, and what is based on a version with its absence", async ({ store }) => {
    const version = await putNew(store, "there", {});
    for (const kind of ["put", "delete", "check"] as const) {
      assert.deepEqual(await store.commit([change(kind, "there", ABSENT)]), conflict("there"), kind);
      assert.deepEqual(await store.commit([change(kind, "none", version)]), conflict("none"), kind);
    }
    await commitAll(store, [change("check", "none", ABSENT), change("delete", "never", ABSENT)]);
    assert.deepEqual(await store.read("things", ["none", "never"]), [undefined, undefined]);
  }],
  ["a conflict names every record that conflicts, in the order given, and nothing of the commit is kept", async ({ store }) => {
    const version = await putNew(store, "one", { n: 1 });
    await putNew(store, "two", { n: 2 });
    const result = await store.commit([
      put("things", "two", ABSENT), put("things", "new", ABSENT), change("delete", "one", version), change("check", "one-more", version), change("delete", "three", 1),
    ]);
    assert.deepEqual(result, conflict("two", "one-more", "three"));
    assert.deepEqual((await store.read("things", ["one", "two", "new"])).map((record) => record?.value), [{ n: 1 }, { n: 2 }, undefined]);
  }],
  ["a commit may put, delete and check in one", async ({ store }) => {
    const version = await commitAll(store, [put("things", "keep", ABSENT), put("things", "drop", ABSENT)]);
    await commitAll(store, [change("check", "keep", version), change("delete", "drop", version), put("things", "new", ABSENT)]);
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["keep", "new"]);
  }],
  ["a check leaves the record and its version as they are", async ({ store }) => {
    const version = await putNew(store, "one", { n: 1 });
    await commitAll(store, [change("check", "one", version)]);
    assert.equal((await readOne(store, "one"))?.version, version);
    await commitAll(store, [put("things", "one", version)]);
  }],
  ["an empty commit is committed and changes nothing", async ({ store }) => {
    await putNew(store, "one", {});
    assert.equal((await store.commit([])).committed, true);
    assert.equal((await listAll(store)).length, 1);
  }],
  ["a record that is made anew has a version that nobody has seen before", async ({ store }) => {
    const first = await putNew(store, "one", { life: 1 });
    await commitAll(store, [change("delete", "one", first)]);
    assert.equal(await readOne(store, "one"), undefined);
    const second = await putNew(store, "one", { life: 2 });
    assert.ok(second > first);
    assert.deepEqual(await store.commit([put("things", "one", first)]), conflict("one"));
  }],
  ["a commit that names a record twice is a TypeError, and nothing of it is kept", async ({ store }) => {
    const many = Array.from({ length: 40 }, (_, n) => put("things", `many-${n}`, ABSENT));
    for (const changes of [
      [put("things", "one", ABSENT), change("check", "one", ABSENT)],
      [...many, put("things", "one", ABSENT), put("things", "one", ABSENT)],
    ]) {
      await rejectsWith(() => store.commit(changes), 'a commit names things "one" twice; merge the changes into one');
    }
    assert.deepEqual(await listAll(store), []);
  }],
  ["a value that is not JSON, and an expiry that is no time, are TypeErrors and keep nothing", async ({ store }) => {
    const notJson = put("things", "one", ABSENT, { ok: 1, bad: Number.NaN });
    await rejectsWith(() => store.commit([put("things", "two", ABSENT), notJson]), "value.bad is not JSON: NaN");
    const noTime = { ...put("things", "one", ABSENT), expiresAt: Number.NaN };
    await rejectsWith(() => store.commit([noTime]), 'expiresAt of things "one" must be epoch milliseconds, or absent');
    assert.deepEqual(await listAll(store), []);
  }],
  ["of 1,000 concurrent commits on one record exactly one wins each version", async ({ store }) => {
    let version = await putNew(store, "one", { n: 0 });
    for (let round = 1; round <= 3; round++) {
      const basedOn = version;
      const results = await Promise.all(Array.from({ length: 1000 }, async (_, n) => store.commit([put("things", "one", basedOn, { round, n })])));
      const winners = results.flatMap((result, n) => (result.committed ? [{ n, version: result.version }] : []));
      assert.equal(winners.length, 1);
      assert.deepEqual(await readOne(store, "one"), { collection: "things", id: "one", version: winners[0]?.version, value: { round, n: winners[0]?.n } });
      version = winners[0]?.version ?? version;
    }
  }],
  ["60 concurrent read-modify-write loops lose no update", async ({ store }) => {
    await putNew(store, "counter", { n: 0 });
    await Promise.all(Array.from({ length: 60 }, () => increment(store, "counter")));
    assert.deepEqual((await readOne(store, "counter"))?.value, { n: 60 });
  }],
];

const PAGING: readonly Scenario[] = [
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

const EXPIRING: readonly Scenario[] = [
  ["a record exists until the millisecond before it expires", async ({ store, time }) => {
    const version = await commitAll(store, [{ ...put("things", "one", ABSENT, { n: 1 }), expiresAt: START + 10 }]);
    time.now = START + 9;
    assert.deepEqual(await readOne(store, "one"), { collection: "things", id: "one", version, value: { n: 1 }, expiresAt: START + 10 });
    assert.deepEqual((await listAll(store)).length, 1);
    time.now = START + 10;
    assert.equal(await readOne(store, "one"), undefined);
    assert.deepEqual(await listAll(store), []);
  }],
  ["an expired record has no version: it conflicts with its old one and is made anew on ABSENT", async ({ store, time }) => {
    const old = await commitAll(store, [{ ...put("things", "one", ABSENT), expiresAt: START + 10 }]);
    time.now = START + 10;
    for (const kind of ["put", "delete", "check"] as const) assert.deepEqual(await store.commit([change(kind, "one", old)]), conflict("one"), kind);
    const anew = await putNew(store, "one", { life: 2 });
    assert.ok(anew > old);
    assert.deepEqual(await readOne(store, "one"), { collection: "things", id: "one", version: anew, value: { life: 2 } });
  }],
  ["a put without an expiry takes an earlier one away, and a later one replaces it", async ({ store, time }) => {
    const first = await commitAll(store, [{ ...put("things", "kept", ABSENT), expiresAt: START + 10 }, { ...put("things", "moved", ABSENT), expiresAt: START + 10 }]);
    await commitAll(store, [put("things", "kept", first), { ...put("things", "moved", first), expiresAt: START + 20 }]);
    time.now = START + 10;
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["kept", "moved"]);
    time.now = START + 20;
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["kept"]);
  }],
  ["expired records leave no gap in a page, nor a next page with nothing on it", async ({ store, time }) => {
    const changes = Array.from({ length: 20 }, (_, n) => put("things", String(n).padStart(2, "0"), ABSENT, { n }));
    await commitAll(store, changes.map((each, n) => (n % 2 === 0 && n < 14 ? each : { ...each, expiresAt: START + 10 })));
    time.now = START + 10;
    assert.deepEqual((await listAll(store, {}, 3)).map(({ id }) => id), ["00", "02", "04", "06", "08", "10", "12"]);
    assert.equal((await store.list("things", { limit: 7 })).next, null);
    assert.equal((await store.list("things", { limit: 3, order: "descending" })).next, "08");
  }],
  ["records that come and expire without end do not disturb those that stay", async ({ store, time }) => {
    await putNew(store, "stays", { n: 0 });
    for (let n = 0; n < 300; n++) {
      time.now = START + n;
      await commitAll(store, [{ ...put("things", `passes-${n}`, ABSENT), expiresAt: START + n + 5 }]);
      assert.equal((await listAll(store)).length, Math.min(n + 1, 5) + 1);
    }
    time.now = START + 1000;
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["stays"]);
  }],
];

const ISOLATING: readonly Scenario[] = [
  ["changing a value after it was handed in changes nothing in the store", async ({ store }) => {
    const value = { list: [1], deep: { n: 1 } };
    const half = Object.freeze({ deep: { n: 1 } });
    await commitAll(store, [put("things", "one", ABSENT, value), put("things", "half", ABSENT, half)]);
    value.list.push(2);
    value.deep.n = 2;
    half.deep.n = 2;
    assert.deepEqual((await store.read("things", ["one", "half"])).map((record) => record?.value), [{ list: [1], deep: { n: 1 } }, { deep: { n: 1 } }]);
  }],
  ["nothing that was handed out can be changed", async ({ store }) => {
    await putNew(store, "one", { list: [1], deep: { n: 1 } });
    const read = await readOne(store, "one");
    const [listed] = (await store.list("things", { limit: 1 })).records;
    for (const record of [read, listed]) assert.equal(isDeeplyFrozen(record), true);
  }],
  ["changing the changes after a commit changes nothing in the store", async ({ store }) => {
    const changes = [put("things", "one", ABSENT, { n: 1 }), put("things", "two", ABSENT, { n: 2 })];
    await commitAll(store, changes);
    for (const each of changes) Object.assign(each, { id: "other", collection: "elsewhere", value: {} });
    changes.length = 0;
    assert.deepEqual((await listAll(store)).map(({ id, value }) => [id, value]), [["one", { n: 1 }], ["two", { n: 2 }]]);
  }],
  ["what a read answered stays as it was when the record changes", async ({ store }) => {
    const version = await putNew(store, "one", { n: 1 });
    const [before] = await store.read("things", ["one"]);
    await commitAll(store, [put("things", "one", version, { n: 2 })]);
    assert.deepEqual(before, { collection: "things", id: "one", version, value: { n: 1 } });
  }],
];

const WEIRD_IDS: readonly string[] = [
  "__proto__", "constructor", "toString", " ", "a/b", "a%2Fb", "042", "42", "4e1", "é", "e\u0301", "日本語", "\u{1f600}", "\u{ffff}", "\ud800", "\udc00x",
  "x".repeat(255), "é".repeat(127), '"\\\n', "null",
];

function put(collection: string, id: string, basedOn: number, value: JsonObject = {}): Change & { readonly kind: "put" } {
  return { kind: "put", collection, id, basedOn, value };
}

function change(kind: Change["kind"], id: string, basedOn: number): Change {
  return kind === "put" ? put("things", id, basedOn) : { kind, collection: "things", id, basedOn };
}

function conflict(...ids: readonly string[]): CommitResult {
  return { committed: false, conflicts: ids.map((id) => ({ collection: "things", id })) };
}

async function commitAll(store: RecordStore, changes: readonly Change[]): Promise<number> {
  const result = await store.commit(changes);
  if (!result.committed) assert.fail(`unexpected conflicts: ${JSON.stringify(result.conflicts)}`);
  return result.version;
}

async function putNew(store: RecordStore, id: string, value: JsonObject): Promise<number> {
  return commitAll(store, [put("things", id, ABSENT, value)]);
}

async function readOne(store: RecordStore, id: string, collection = "things"): Promise<StoredRecord | undefined> {
  const records = await store.read(collection, [id]);
  assert.equal(records.length, 1);
  return records[0];
}

async function listAll(store: RecordStore, from: Omit<PageRequest, "limit"> = {}, limit = 50): Promise<readonly StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (let page = await store.list("things", { ...from, limit }); ; page = await store.list("things", { ...from, after: page.next, limit })) {
    assert.ok(page.records.length <= limit);
    all.push(...page.records);
    if (page.next === null) return all;
  }
}

/** Read, add one, try to commit; again from the start when somebody was faster. */
async function increment(store: RecordStore, id: string): Promise<void> {
  for (;;) {
    const record = await readOne(store, id);
    const n = Number(record?.value["n"]) + 1;
    if ((await store.commit([put("things", id, record?.version ?? ABSENT, { n })])).committed) return;
  }
}

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

function parseObject(text: string): JsonObject {
  const value: JsonObject = JSON.parse(text);
  return value;
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

/** The same for stores that throw at once and for those that reject later. */
async function rejectsWith(attempt: () => unknown, message: string): Promise<void> {
  await assert.rejects(async () => await attempt(), { name: "TypeError", message });
}
