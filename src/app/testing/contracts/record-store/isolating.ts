import assert from "node:assert/strict";
import { ABSENT } from "../../../../domain/ports.ts";
import { commitAll, listAll, put, putNew, readOne } from "./records.ts";
import type { Scenario } from "./scene.ts";

/** That nobody changes what is kept but by a commit. */
export const ISOLATING: readonly Scenario[] = [
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

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}
