import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import { isPromiseLike } from "../../../src/domain/maybe-promise.ts";
import { recordStoreContract } from "../../contracts/record-store.ts";

recordStoreContract("memory", (clock) => ({ store: createMemoryStore({ clock }) }));

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
