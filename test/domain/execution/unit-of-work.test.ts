import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { defineAction, everyone, type JsonObject, type RecordStore } from "../../../src/domain/index.ts";
import { isPromiseLike, type MaybePromise } from "../../../src/domain/maybe-promise.ts";
import type { Change } from "../../../src/domain/ports.ts";
import { UnitOfWork } from "../../../src/domain/execution/unit/unit-of-work.ts";
import { entryOf } from "../../../src/app/testing/contracts/record-store/trail.ts";
import { Counter, NOBODY, openLab, withMethods } from "../lab.ts";

/** A store with `a` = {n:1} at version 1, and a list of what was asked of it. */
function openStore() {
  const asked: string[] = [];
  const inner = createMemoryStore({ clock: () => 0 });
  void inner.commit([{ kind: "put", collection: "c", id: "a", basedOn: 0, value: { n: 1 } }]);
  const store: RecordStore = withMethods(inner, {
    read(collection, ids) {
      asked.push(`${collection} ${ids.join()}`);
      return inner.read(collection, ids);
    },
  });
  return { store, asked };
}

/** What is answered at once. */
function now<T>(answer: MaybePromise<T>): T {
  if (isPromiseLike(answer)) assert.fail("it is answered at once");
  return answer;
}

/** Changes without their classes, and without what is undefined. */
function changesOf(unit: UnitOfWork): readonly Change[] {
  return JSON.parse(JSON.stringify(unit.toCommit()?.changes ?? []));
}

const TWO: JsonObject = Object.freeze({ n: 2 });
const THREE: JsonObject = Object.freeze({ n: 3 });

test("What was read once is not read again, and many at once are one round trip", () => {
  const { store, asked } = openStore();
  const unit = new UnitOfWork(store);
  assert.deepEqual(now(unit.get("c", "a")), { n: 1 });
  assert.deepEqual(now(unit.getMany("c", ["a", "b", "b", "a", "d"])), [{ n: 1 }, undefined, undefined, { n: 1 }, undefined]);
  assert.equal(now(unit.get("c", "b")), undefined);
  assert.deepEqual(asked, ["c a", "c b,d"]);
});

test("A unit sees its own changes, and the store sees none before the commit", () => {
  const { store } = openStore();
  const unit = new UnitOfWork(store);
  now(unit.getMany("c", ["a"]));
  unit.put("c", "a", TWO);
  unit.put("c", "b", THREE);
  assert.deepEqual(now(unit.getMany("c", ["a", "b"])), [TWO, THREE]);
  unit.delete("c", "a");
  assert.equal(now(unit.get("c", "a")), undefined);
  assert.deepEqual(now(new UnitOfWork(store).getMany("c", ["a", "b"])), [{ n: 1 }, undefined]);
});

test("A commit has a change for what was changed, based on what was read, and a check for what was only read", () => {
  const { store } = openStore();
  const unit = new UnitOfWork(store);
  now(unit.getMany("c", ["a", "b"]));
  unit.put("c", "d", TWO);
  assert.deepEqual(changesOf(unit), [
    { kind: "check", collection: "c", id: "a", basedOn: 1 },
    { kind: "check", collection: "c", id: "b", basedOn: 0 },
    { kind: "put", collection: "c", id: "d", basedOn: 0, value: TWO },
  ]);
  unit.put("c", "a", THREE, 99);
  assert.deepEqual(changesOf(unit)[0], { kind: "put", collection: "c", id: "a", basedOn: 1, value: THREE, expiresAt: 99 });
  unit.delete("c", "a");
  assert.deepEqual(changesOf(unit)[0], { kind: "delete", collection: "c", id: "a", basedOn: 1 });
});

test("Where nothing changed there is nothing to commit, not even a check", () => {
  const { store } = openStore();
  const unit = new UnitOfWork(store);
  now(unit.get("c", "a"));
  assert.deepEqual(changesOf(unit), []);
  unit.put("c", "b", TWO);
  unit.delete("c", "b");
  assert.deepEqual([changesOf(unit), unit.recorded()], [[], []]);
});

test("What was deleted and put again is one change", () => {
  const { store } = openStore();
  const unit = new UnitOfWork(store);
  now(unit.get("c", "a"));
  unit.delete("c", "a");
  unit.put("c", "a", TWO);
  assert.deepEqual(changesOf(unit), [{ kind: "put", collection: "c", id: "a", basedOn: 1, value: TWO }]);
  assert.deepEqual(unit.recorded(), [{ collection: "c", id: "a", before: { n: 1 }, after: TWO }]);
});

test("What was never read cannot be deleted", () => {
  const unit = new UnitOfWork(openStore().store);
  assert.throws(() => unit.delete("c", "a"), new TypeError("c a was deleted without having been read; get it first"));
});

test("A rollback undoes what was changed since the savepoint, and nothing before", () => {
  const { store, asked } = openStore();
  const unit = new UnitOfWork(store);
  now(unit.get("c", "a"));
  unit.put("c", "a", TWO);
  const savepoint = unit.savepoint();
  unit.put("c", "a", THREE);
  unit.put("c", "b", THREE);
  unit.delete("c", "a");
  assert.deepEqual(unit.recorded(savepoint), [{ collection: "c", id: "a", before: TWO, after: undefined }, { collection: "c", id: "b", before: undefined, after: THREE }]);
  unit.rollback(savepoint);
  assert.deepEqual(unit.recorded(savepoint), []);
  assert.deepEqual(now(unit.getMany("c", ["a", "b"])), [TWO, undefined]);
  assert.deepEqual(asked, ["c a", "c b"], "what was never read is read now");
  assert.deepEqual(changesOf(unit), [{ kind: "put", collection: "c", id: "a", basedOn: 1, value: TWO }, { kind: "check", collection: "c", id: "b", basedOn: 0 }]);
});

test("What was read before a rollback is still checked at the commit", () => {
  const unit = new UnitOfWork(openStore().store);
  const savepoint = unit.savepoint();
  now(unit.get("c", "a"));
  unit.put("c", "b", THREE);
  unit.rollback(savepoint);
  unit.put("c", "d", TWO);
  assert.deepEqual(changesOf(unit).map(({ kind, id }) => `${kind} ${id}`), ["check a", "put d"]);
});

test("What is changed on top of a change is still based on what the store had", () => {
  const unit = new UnitOfWork(openStore().store);
  now(unit.get("c", "a"));
  unit.put("c", "a", TWO);
  const savepoint = unit.savepoint();
  unit.put("c", "a", THREE);
  assert.deepEqual(unit.recorded(savepoint), [{ collection: "c", id: "a", before: TWO, after: THREE }]);
  assert.deepEqual(changesOf(unit), [{ kind: "put", collection: "c", id: "a", basedOn: 1, value: THREE }]);
  assert.deepEqual(unit.recorded(), [{ collection: "c", id: "a", before: { n: 1 }, after: THREE }]);
});

test("A rollback takes entries and listeners along, but not the entry of a refusal", () => {
  const unit = new UnitOfWork(openStore().store);
  const told: string[] = [];
  unit.addEntry(entryOf(1));
  unit.onCommitted(() => told.push("before"));
  const savepoint = unit.savepoint();
  unit.addEntry(entryOf(2));
  unit.addRefusal(entryOf(3));
  unit.onCommitted(() => told.push("behind"));
  unit.rollback(savepoint);
  unit.committed(1);
  assert.deepEqual((unit.toCommit()?.entries ?? []).map(({ at }) => at), [entryOf(1).at, entryOf(3).at]);
  assert.deepEqual(told, ["before"]);
});

test("An entry is worth a commit, with checks of what was read", () => {
  const unit = new UnitOfWork(openStore().store);
  now(unit.get("c", "a"));
  unit.addRefusal(entryOf(1));
  assert.deepEqual(changesOf(unit), [{ kind: "check", collection: "c", id: "a", basedOn: 1 }]);
});

test("A value that is equal to what is there changes nothing, and what is there is answered", () => {
  const unit = new UnitOfWork(openStore().store);
  const there = now(unit.get("c", "a"));
  assert.equal(unit.put("c", "a", Object.freeze({ n: 1 })), there);
  assert.deepEqual([unit.recorded(), changesOf(unit)], [[], []]);
  unit.put("c", "a", Object.freeze({ n: 1 }), 99);
  assert.deepEqual(changesOf(unit), [{ kind: "put", collection: "c", id: "a", basedOn: 1, value: { n: 1 }, expiresAt: 99 }], "a later expiry is a change");
});

test("A record that is in the end what it was at first is not written, but one whose time was changed is", () => {
  const { store } = openStore();
  const unit = new UnitOfWork(store);
  now(unit.get("c", "a"));
  unit.put("c", "a", TWO);
  unit.put("c", "a", { n: 1 });
  assert.deepEqual([unit.toCommit(), unit.recorded()], [null, []]);
  unit.delete("c", "a");
  unit.put("c", "a", { n: 1 });
  assert.deepEqual([unit.toCommit(), unit.recorded()], [null, []]);
  unit.put("c", "a", { n: 1 }, 5);
  assert.deepEqual(changesOf(unit), [{ kind: "put", collection: "c", id: "a", basedOn: 1, value: { n: 1 }, expiresAt: 5 }]);
});

test("A later read never replaces what is known, and another version of it makes the unit stale", async () => {
  const { store } = openStore();
  const unit = new UnitOfWork(store);
  unit.remember("c", "a", { collection: "c", id: "a", version: 1, value: { n: 1 } });
  unit.put("c", "a", TWO);
  unit.remember("c", "a", { collection: "c", id: "a", version: 1, value: { n: 1 } });
  assert.deepEqual([now(unit.get("c", "a")), unit.isStale], [TWO, false]);
  unit.remember("c", "a", { collection: "c", id: "a", version: 2, value: { n: 9 } });
  assert.deepEqual([now(unit.get("c", "a")), unit.isStale], [TWO, true]);
});

test("Values are recognised by identity, however many there are", () => {
  const unit = new UnitOfWork(openStore().store);
  const values = Array.from({ length: 40 }, (_, n) => unit.put(n % 2 === 0 ? "even" : "odd", String(n), Object.freeze({ n })));
  for (const [n, value] of values.entries()) assert.equal(unit.collectionOf(value), n % 2 === 0 ? "even" : "odd");
  assert.equal(unit.collectionOf({ n: 1 }), undefined);
});

test("Among many records, too, a value is one of those that are there now, whether its ID is that of its record or not", () => {
  const unit = new UnitOfWork(openStore().store);
  const first = unit.put("kept", "0", Object.freeze({ id: 0 }));
  const values = Array.from({ length: 20 }, (_, n) => unit.put("kept", String(n), Object.freeze({ id: n % 3 === 0 ? `id ${n}` : n, n })));
  for (const value of values) assert.equal(unit.collectionOf(value), "kept");
  for (const stranger of [first, { id: 1, n: 1 }, { id: {} }, {}]) assert.equal(unit.collectionOf(stranger), undefined);
});

test("Records from elsewhere are read once, never checked and never written", async () => {
  const unit = new UnitOfWork(openStore().store);
  const asked: (readonly string[])[] = [];
  const source = (ids: readonly string[]) => (asked.push(ids), Promise.resolve(ids.map((id) => (id === "x" ? { id } : undefined))));
  assert.deepEqual(await (unit.getForeign("f", ["x", "y", "x"], source)), [{ id: "x" }, undefined, { id: "x" }]);
  assert.deepEqual(await (unit.getForeign("f", ["y", "z"], source)), [undefined, undefined]);
  assert.deepEqual(asked, [["x", "y"], ["z"]]);
  unit.put("c", "b", TWO);
  assert.deepEqual(changesOf(unit).map(({ collection }) => collection), ["c"]);
});

test("All subjects of a class are listed page by page, as the store has them", async () => {
  const counters = Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [index + 1, index]));
  let pages = 0;
  const count = defineAction({
    key: "count",
    label: "Count",
    authorize: everyone,
    async handle({ subjects }) {
      subjects.put(Counter, { id: 9999, count: 1 });
      const all = await subjects.all(Counter);
      return `${all.length} ${all.reduce((sum, counter) => sum + counter.count, 0)}`;
    },
  });
  const lab = openLab([count], { counters, wrap: (store) => withMethods(store, { list: (collection, page) => (pages++, store.list(collection, page)) }) });
  assert.deepEqual(await lab.actions.execute({ key: "count", identity: NOBODY }), { kind: "message", message: "2500 3123750" });
  assert.equal(pages, 3);
});

test("Subjects are named by IDs of their kind only", async () => {
  for (const id of [1.5, Number.NaN, -0.5, 2 ** 53, Number.POSITIVE_INFINITY]) {
    const read = defineAction({ key: "x", label: "X", authorize: everyone, async handle({ subjects }) { await subjects.get(Counter, id); return null; } });
    const put = defineAction({ key: "y", label: "Y", authorize: everyone, handle({ subjects }) { subjects.put(Counter, { id, count: 1 }); return null; } });
    const lab = openLab([read, put]);
    for (const key of ["x", "y"]) assert.equal((await lab.actions.execute({ key, identity: NOBODY })).kind, "failed");
    assert.match(String(lab.observed[0]?.error), /^TypeError: lab\.Counter: .* is no ID of kind "integer"$/);
    assert.deepEqual((await lab.store.list(Counter.class, { limit: 9 })).records.map((record) => record.id), ["1", "2"]);
  }
});

test("A new integer ID is above all there ever was, though the greatest was deleted", async () => {
  const make = defineAction({ key: "make", label: "Make", authorize: everyone, async handle({ subjects }) { const id = await subjects.nextId(Counter); return subjects.put(Counter, { id, count: 0 }); } });
  const drop = defineAction({ key: "drop", label: "Drop", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.delete(Counter, subject.id) });
  const lab = openLab([make, drop], { counters: { 3: 0, 10: 0 } });
  const made = async () => Object(await lab.actions.execute({ key: "make", identity: NOBODY }))["data"].id;
  assert.equal(await made(), 11);
  await lab.actions.execute({ key: "drop", subject: "11", identity: NOBODY });
  assert.equal(await made(), 12);
});

test("IDs that somebody else took past the sequence are stepped over", async () => {
  const make = defineAction({ key: "make", label: "Make", authorize: everyone, async handle({ subjects }) { const id = await subjects.nextId(Counter); return subjects.put(Counter, { id, count: 0 }); } });
  const lab = openLab([make], { counters: { 1: 0 } });
  const made = async () => Object(await lab.actions.execute({ key: "make", identity: NOBODY }))["data"].id;
  assert.equal(await made(), 2);
  await lab.store.commit([3, 4].map((id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0 } })));
  assert.equal(await made(), 5);
});

test("Several IDs in one execution are several", async () => {
  const make = defineAction({
    key: "make",
    label: "Make",
    authorize: everyone,
    async handle({ subjects }) {
      const ids = [await subjects.nextId(Counter), await subjects.nextId(Counter), await subjects.nextId(Counter)];
      for (const id of ids) subjects.put(Counter, { id, count: 0 });
      return ids.join();
    },
  });
  const lab = openLab([make]);
  assert.deepEqual(await lab.actions.execute({ key: "make", identity: NOBODY }), { kind: "message", message: "3,4,5" });
});
