import assert from "node:assert/strict";
import { test } from "node:test";
import { isObject } from "../../../src/domain/json.ts";
import { Faults } from "../../../src/domain/params/faults.ts";
import { compileParams, integer, list, object, oneOf, reference, text, type ParamShape } from "../../../src/domain/params/index.ts";
import { compileShape } from "../../../src/domain/params/types/object.ts";
import type { AnyParam } from "../../../src/domain/params/param.ts";
import { INVALID, type ParamCode } from "../../../src/domain/params/param-code.ts";
import { integerId } from "../../../src/domain/catalog/subject-id.ts";
import { defineSubject } from "../../../src/domain/catalog/define-subject.ts";
import { createChance, generateShape } from "./generate.ts";

const SHAPES = 800;
const INPUTS = 10;

const Product = defineSubject({ class: "shop.Product", param: "product", id: integerId(), title: (record: { readonly id: number }) => String(record.id) });

function countFaults({ explain }: ParamCode, value: unknown): number {
  const faults = new Faults();
  explain(value, "", faults);
  return Object.values(faults.toErrors()).flat().length;
}

/** The same object as other callers might send it. */
function otherWays(value: unknown): readonly unknown[] {
  if (!isObject(value)) return [];
  const members = Object.entries(value);
  return [
    Object.fromEntries(members.toReversed()),
    Object.fromEntries([...members.slice(1), ...members.slice(0, 1)]),
    Object.create(null, Object.getOwnPropertyDescriptors(value)),
    Object.create({ a: "inherited", lines: 1, stranger: 1 }, Object.getOwnPropertyDescriptors(value)),
  ];
}

test("a value is taken exactly when nothing can be said against it", () => {
  const chance = createChance(20261124);
  const count = { taken: 0, refused: 0 };
  for (let round = 0; round < SHAPES; round++) {
    const { shape, input } = generateShape(chance);
    const code = compileShape(shape);
    for (let time = 0; time < INPUTS; time++) {
      const value = input(chance);
      for (const given of [value, ...otherWays(value)]) {
        const isTaken = code.take(given) !== INVALID;
        count[isTaken ? "taken" : "refused"]++;
        assert.equal(countFaults(code, given) === 0, isTaken, `shape ${round}: ${JSON.stringify(code.schema)} and ${JSON.stringify(given)}`);
      }
    }
  }
  assert.ok(count.taken > 8_000 && count.refused > 8_000, JSON.stringify(count));
});

test("in whatever order and with whatever prototype an object comes, the same is made of it", () => {
  const chance = createChance(20261125);
  let seen = 0;
  for (let round = 0; round < SHAPES; round++) {
    const { shape, input } = generateShape(chance);
    const { take } = compileShape(shape);
    for (let time = 0; time < INPUTS; time++) {
      const value = input(chance);
      const taken = take(value);
      for (const given of otherWays(value)) {
        const other = take(given);
        assert.deepEqual(other, taken);
        assert.equal(JSON.stringify(other), JSON.stringify(taken), "also in the order of its fields");
        seen++;
      }
    }
  }
  assert.ok(seen > 8_000, String(seen));
});

const MIXED = { a: text().optional(), b: integer(), c: oneOf(["x", "y"]).default("x"), d: text().nullable().optional(), e: list(integer()).default([1]) } satisfies ParamShape;

test("fields stand in the order of the declaration, whichever were left out and wherever the others came", () => {
  const { parse } = compileParams(MIXED);
  const rows: readonly (readonly [input: unknown, text: string])[] = [
    [{ a: "1", b: 2, c: "y", d: null, e: [] }, '{"a":"1","b":2,"c":"y","d":null,"e":[]}'],
    [{ b: 2 }, '{"b":2,"c":"x","e":[1]}'],
    [{ a: "1", b: 2 }, '{"a":"1","b":2,"c":"x","e":[1]}'],
    [{ b: 2, d: "4" }, '{"b":2,"c":"x","d":"4","e":[1]}'],
    [{ a: "1", b: 2, d: "4", c: "y" }, '{"a":"1","b":2,"c":"y","d":"4","e":[1]}'],
    [{ e: [5], d: "4", c: "y", b: 2, a: "1" }, '{"a":"1","b":2,"c":"y","d":"4","e":[5]}'],
    [{ a: undefined, b: 2, c: undefined, d: undefined, e: undefined }, '{"b":2,"c":"x","e":[1]}'],
    [{ b: 2, a: undefined }, '{"b":2,"c":"x","e":[1]}'],
  ];
  for (const [input, text] of rows) {
    const parsed = parse(input);
    assert.equal(parsed.ok && JSON.stringify(parsed.value), text);
    assert.ok(parsed.ok && Object.isFrozen(parsed.value) && Object.getPrototypeOf(parsed.value) === Object.prototype);
  }
  for (const [input, errors] of [
    [{}, { b: ["Is required."] }],
    [{ b: undefined }, { b: ["Is required."] }],
    [{ b: 2, x: undefined }, { x: ["Is not a known field. Leave it out, or use one of: a, b, c, d, e."] }],
    [{ d: 1, b: "2" }, { b: ["Must be a whole number."], d: ["Must be text."] }],
  ] as const) {
    assert.deepEqual(parse(input), { ok: false, errors });
  }
});

test("what the prototype of all objects was polluted with is never read", () => {
  const { parse } = compileParams(MIXED);
  Object.assign(Object.prototype, { a: "polluted", c: 5, stranger: true });
  try {
    for (const [input, text] of [
      [{ b: 2 }, '{"b":2,"c":"x","e":[1]}'],
      [{ a: "1", b: 2, c: "y", d: null, e: [] }, '{"a":"1","b":2,"c":"y","d":null,"e":[]}'],
      [{ d: null, b: 2 }, '{"b":2,"c":"x","d":null,"e":[1]}'],
    ] as const) {
      const parsed = parse(input);
      assert.equal(parsed.ok && JSON.stringify(parsed.value), text);
    }
    assert.deepEqual(parse({}), { ok: false, errors: { b: ["Is required."] } });
  } finally {
    for (const name of ["a", "c", "stranger"]) Reflect.deleteProperty(Object.prototype, name);
  }
});

test("only what can be listed is read: a hidden property is left out", () => {
  const hidden = Object.defineProperty({ b: 2 }, "a", { value: "hidden" });
  assert.deepEqual(compileParams(MIXED).parse(hidden), { ok: true, value: { b: 2, c: "x", e: [1] }, references: [] });
  assert.deepEqual(compileParams({ a: text() }).parse(Object.defineProperty({}, "a", { value: "hidden" })), { ok: false, errors: { a: ["Is required."] } });
});

/** An object in 20 others, and how often the innermost value is read. */
function nest(innermost: unknown, wrap: (inner: unknown) => unknown): { readonly value: unknown; readonly reads: () => number } {
  let reads = 0;
  const leaf = { get n(): unknown { reads++; return innermost; }, m: 1 };
  let value: unknown = leaf;
  for (let depth = 0; depth < 20; depth++) value = wrap(value);
  return { value: { p: value }, reads: () => reads };
}

test("however deep a value stands, it is looked at a few times and not twice as often with each level", () => {
  let param: AnyParam = object({ n: integer(), m: integer() });
  for (let depth = 0; depth < 20; depth++) param = object({ first: param, second: integer().optional() });
  const { parse } = compileParams({ p: param });
  const valid = nest(1, (inner) => ({ second: 1, first: inner }));
  assert.ok(parse(valid.value).ok && valid.reads() <= 2, String(valid.reads()));
  const late = nest(1, (inner) => ({ first: inner, second: undefined }));
  assert.ok(parse(late.value).ok && late.reads() <= 2, String(late.reads()));
  const invalid = nest("x", (inner) => ({ second: 1, first: inner }));
  const parsed = parse(invalid.value);
  assert.deepEqual(parsed, { ok: false, errors: { [`p.${"first.".repeat(20)}n`]: ["Must be a whole number."] } });
  assert.ok(invalid.reads() <= 60, String(invalid.reads()));
});

test("as long as a record is waited for its ID stands in its place", () => {
  const parsed = compileParams({ product: reference(Product), others: list(reference(Product).nullable()) }).parse({ product: "7", others: [null, 8] });
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value, { product: 7, others: [null, 8] });
  assert.deepEqual(parsed.references.map(({ id, path }) => [id, path]), [[7, "product"], [8, "others.1"]]);
});
