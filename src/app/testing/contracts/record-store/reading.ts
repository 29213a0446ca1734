import assert from "node:assert/strict";
import type { JsonObject } from "../../../../domain/json.ts";
import { ABSENT } from "../../../../domain/ports.ts";
import { commitAll, listAll, put, putNew, readOne } from "./records.ts";
import type { Scenario } from "./scene.ts";

/** What a read answers. */
export const READING: readonly Scenario[] = [
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

const WEIRD_IDS: readonly string[] = [
  "__proto__", "constructor", "toString", " ", "a/b", "a%2Fb", "042", "42", "4e1", "é", "e\u0301", "日本語", "\u{1f600}", "\u{ffff}", "\ud800", "\udc00x",
  "x".repeat(255), "é".repeat(127), '"\\\n', "null",
];

function parseObject(text: string): JsonObject {
  const value: JsonObject = JSON.parse(text);
  return value;
}
