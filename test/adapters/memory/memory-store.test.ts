import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import { isPromiseLike } from "../../../src/domain/maybe-promise.ts";
import { testRecordStore } from "../../../src/app/testing/contracts/record-store.ts";

testRecordStore({ name: "memory", test, open: (clock) => ({ store: createMemoryStore({ clock }) }) });

test("the memory store answers everything at once, without promises", () => {
  const store = createMemoryStore({ clock: () => 0 });
  const committed = store.commit([{ kind: "put", collection: "things", id: "one", basedOn: ABSENT, value: {} }]);
  for (const answer of [committed, store.read("things", ["one"]), store.list("things", { limit: 1 }), store.durable()]) {
    assert.equal(isPromiseLike(answer), false);
  }
});

test("a commit that changes nothing takes no version", () => {
  const store = createMemoryStore({ clock: () => 0 });
  assert.deepEqual(store.commit([]), { committed: true, version: 0 });
  assert.deepEqual(store.commit([{ kind: "put", collection: "things", id: "one", basedOn: ABSENT, value: {} }]), { committed: true, version: 1 });
  assert.deepEqual(store.commit([{ kind: "check", collection: "things", id: "one", basedOn: 1 }]), { committed: true, version: 1 });
});

test("a commit that would add more records than may be is refused whole, until some have expired; what is there can be changed", async () => {
  const time = { now: 0 };
  const store = createMemoryStore({ clock: () => time.now, maxRecords: 3 });
  const put = (id: string, basedOn = ABSENT, expiresAt?: number) => ({ kind: "put", collection: "things", id, basedOn, value: {}, expiresAt }) as const;
  await store.commit([put("a"), put("b"), put("c", ABSENT, 10)]);
  const full = { message: "the memory store holds 3 records at the most; commits that add more are refused" };
  const entry = { at: 0, expiresAt: 100, action: "a", subject: null, identity: "i", value: {} };
  assert.throws(() => store.commit([put("a", 1), put("d")], [entry]), full);
  assert.deepEqual([(await store.read("things", ["a", "d"])).map((record) => record?.version), await store.trail({ limit: 1 })], [[1, undefined], { entries: [], next: null }]);
  assert.deepEqual(await store.commit([put("a", 1), { kind: "check", collection: "things", id: "z", basedOn: ABSENT }]), { committed: true, version: 2 });
  time.now = 10;
  assert.deepEqual(await store.commit([put("d")]), { committed: true, version: 3 });
  assert.throws(() => store.commit([put("e")]), full);
  await store.commit([{ kind: "delete", collection: "things", id: "a", basedOn: 2 }]);
  assert.deepEqual(await store.commit([put("e")]), { committed: true, version: 5 });
  assert.throws(() => createMemoryStore({ clock: () => 0, maxRecords: 10_000_001 }), { name: "TypeError", message: "maxRecords must be a whole number from 1 to 10000000, not 10000001" });
});
