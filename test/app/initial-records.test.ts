import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { loadInitialRecords, recordsOf } from "../../src/app/initial-records.ts";
import { Counter, late } from "../domain/lab.ts";

const readInitial = () => [recordsOf(Counter, [{ id: 1, count: 5 }])];

test("Of several processes that start on a new store at once, one loads the initial records, and the others go on", async () => {
  const store = late(createMemoryStore({ clock: () => 0 }));
  const loaded = await Promise.all([1, 2, 3].map(() => loadInitialRecords(store, readInitial)));
  assert.deepEqual(loaded.sort(), [false, false, true]);
  const [record] = await store.read(Counter.class, ["1"]);
  assert.deepEqual(record?.value, { id: 1, count: 5 });
});

test("A store that has some of the initial records, and was never filled with them, is left as it is, with a sentence", async () => {
  const store = createMemoryStore({ clock: () => 0 });
  await store.commit([{ kind: "put", collection: Counter.class, id: "1", basedOn: 0, value: { id: 1, count: 7 } }]);
  await assert.rejects(loadInitialRecords(store, readInitial), { message: "the initial records were not loaded: the store has some of them already" });
  const [record] = await store.read(Counter.class, ["1"]);
  assert.equal(record?.value["count"], 7);
});
