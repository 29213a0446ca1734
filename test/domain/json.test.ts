import assert from "node:assert/strict";
import { test } from "node:test";
import { sameJson, toJson, toJsonObject, type Json } from "../../src/domain/json.ts";

/** JSON as it comes: here `__proto__` is a member. */
const json = (text: string): Json => JSON.parse(text);

test("a copy has 0 for -0, as JSON text would", () => {
  assert.ok(Object.is(toJson(-0), 0));
  assert.deepEqual(toJson({ a: -0, b: [-0, { c: -0 }] }), { a: 0, b: [0, { c: 0 }] });
});

test("a copy takes an object's own members alone, in their order, and its prototype stays what it is", () => {
  const copy = toJsonObject(Object.assign(Object.create({ inherited: 1 }), { b: 1, a: 2, 7: 3 }));
  assert.deepEqual(Object.entries(copy), [["7", 3], ["b", 1], ["a", 2]]);
  const named = toJsonObject(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'));
  assert.deepEqual(Object.entries(named), [["__proto__", { polluted: true }], ["constructor", 1]]);
  assert.equal(Object.getPrototypeOf(named), Object.prototype);
});

test("a fault is named by its whole path, from whatever name the value was given", () => {
  assert.throws(() => toJson({ a: [1, { "b c": [Symbol("s")] }] }, "the answer"), new TypeError("the answer.a.1.b c.0 is not JSON: symbol"));
  assert.throws(() => toJson([, 1]), new TypeError("value.0 is not JSON: undefined"));
  assert.throws(() => toJsonObject({ ok: 1, bad: new Map() }, "the input"), new TypeError("the input.bad is not JSON: Map"));
});

test("64 containers may lie around a value and no more, and what contains itself is told from neither", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  assert.ok(toJson(nested(65)));
  assert.throws(() => toJson(nested(66)), new TypeError(`value${".0".repeat(65)} is nested too deeply or contains itself`));
  assert.throws(() => toJsonObject({ a: nested(65) }), new TypeError(`value.a${".0".repeat(64)} is nested too deeply or contains itself`));
});

test("what a getter throws comes out as it is", () => {
  const error = new RangeError("mine");
  const value = { a: { get b(): number { throw error; } } };
  assert.throws(() => toJson(value), (thrown) => thrown === error);
});

test("two JSON values are the same when they say the same, in whatever order", () => {
  const record = { id: 1, title: "One", tags: ["a", null, true], at: { city: "x", zip: null }, none: [], empty: {} };
  const same: readonly (readonly [Json, Json])[] = [
    [null, null],
    ["a", "a"],
    [0, 0],
    [record, record],
    [record, toJson(record)],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }],
    [json('{"__proto__":{"a":1}}'), json('{"__proto__":{"a":1}}')],
  ];
  for (const [a, b] of same) assert.ok(sameJson(a, b) && sameJson(b, a), JSON.stringify([a, b]));
});

test("two JSON values differ when a value, a member or an item does", () => {
  const different: readonly (readonly [Json, Json])[] = [
    [null, 0],
    [null, {}],
    [null, []],
    [0, ""],
    [1, "1"],
    [true, 1],
    [[], {}],
    [[1], { 0: 1 }],
    [[1], { 0: 1, length: 1 }],
    [[1, 2], [2, 1]],
    [[1], [1, 2]],
    [[null], []],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: null }, {}],
    [{ a: null }, { b: null }],
    [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }] } }],
    [{ toString: 1 }, { a: 1 }],
    [json('{"__proto__":{}}'), {}],
    [json('{"__proto__":{}}'), { a: 1 }],
    [json('{"__proto__":null}'), json('{"constructor":null}')],
  ];
  for (const [a, b] of different) assert.ok(!sameJson(a, b) && !sameJson(b, a), JSON.stringify([a, b]));
});
