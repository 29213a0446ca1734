import assert from "node:assert/strict";
import { test } from "node:test";
import { isObject } from "../../../src/domain/json.ts";
import { boolean, compileParams, dateTime, integer, list, money, number, object, oneOf, reference, standardParams, text, type CompiledShape, type StandardSchema } from "../../../src/domain/params/index.ts";
import { sentForTrail } from "../../../src/domain/params/for-trail.ts";
import { integerId } from "../../../src/domain/catalog/subject-id.ts";
import { defineSubject } from "../../../src/domain/catalog/define-subject.ts";
import { createChance, generateShape } from "./generate.ts";

const Product = defineSubject({ class: "shop.Product", param: "product", id: integerId(), title: (record: { readonly id: number }) => String(record.id) });

/** What the handler gets, its records in place. */
function handled({ parse }: CompiledShape<unknown>, input: unknown): unknown {
  const parsed = parse(input);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  for (const { id, resolve } of parsed.references) resolve(Object.freeze({ id, price: "not for the trail" }));
  return parsed.value;
}

/** Frozen however deep. */
function isFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

test("what was valid is kept as it was sent, for whatever shape", () => {
  const chance = createChance(20261126);
  let seen = 0;
  for (let round = 0; round < 800; round++) {
    const { shape, input } = generateShape(chance);
    const compiled = compileParams(shape);
    for (let time = 0; time < 10; time++) {
      const value = input(chance);
      if (!compiled.parse(value).ok) continue;
      const kept = compiled.forTrail(value, handled(compiled, value));
      assert.deepEqual(kept, sentForTrail(value, compiled.mask, compiled.names));
      assert.ok(isFrozen(kept));
      seen++;
    }
  }
  assert.ok(seen > 2_000, String(seen));
});

test("where the handler gets what was sent, the trail keeps the same object", () => {
  const lines = list(object({ product: integer(), note: text().optional() }));
  const rows: readonly (readonly [compiled: CompiledShape<unknown>, input: unknown])[] = [
    [compileParams({ a: text(), b: integer(), c: boolean().nullable(), d: number(), e: oneOf(["x"]), lines }), { a: "1", b: 2, c: null, d: 0.5, e: "x", lines: [{ product: 1 }, { product: 2, note: "n" }] }],
    [compileParams({ price: money(), prices: list(money()), at: dateTime() }), { price: "12.50", prices: ["1.00", "2.00"], at: "2026-11-23T10:00:00Z" }],
    [compileParams({ quantity: integer().default(1), lines: lines.default([]) }), { quantity: 1, lines: [{ product: 1 }] }],
    [compileParams({ pin: text().secret().optional(), product: reference(Product).optional() }), {}],
  ];
  for (const [compiled, input] of rows) {
    const value = handled(compiled, input);
    assert.equal(compiled.forTrail(input, value), value, JSON.stringify(input));
    assert.deepEqual(value, input);
  }
});

test("where something was changed, filled in, masked or looked up, what was sent is kept, and the rest is shared", () => {
  const compiled = compileParams({
    pin: text().secret(),
    price: money(),
    at: dateTime().nullable(),
    until: dateTime().nullable(),
    quantity: integer().default(1),
    product: reference(Product),
    lines: list(object({ product: reference(Product).optional(), cost: money(), tags: list(text()) })),
    tags: list(text()),
    sample: reference(Product).default(3),
  });
  const input = {
    pin: "hush",
    price: 12,
    at: "2026-11-23t10:00:00z",
    until: null,
    product: "42",
    lines: [{ product: 7, cost: "1.5", tags: ["a"] }, { cost: "1.50", tags: ["b"] }],
    tags: ["c"],
  };
  const value = handled(compiled, input);
  const kept = compiled.forTrail(input, value);
  assert.deepEqual(kept, { ...input, pin: "[masked]" });
  assert.ok(isFrozen(kept));
  assert.ok(isObject(kept) && isObject(value) && Array.isArray(kept.lines) && Array.isArray(value.lines));
  assert.equal(kept.tags, value.tags);
  assert.equal(kept.lines[1], value.lines[1]);
});

test("a caller who changes his object meanwhile gets neither a record nor anything but JSON into the trail", () => {
  const compiled = compileParams({ price: money(), product: reference(Product), lines: list(object({ product: reference(Product) })), note: object({ pin: text().secret() }) });
  const input: Record<string, unknown> = { price: "1", product: 42, lines: [{ product: 1 }, { product: 2 }], note: { pin: "hush" } };
  const value = handled(compiled, input);
  Object.assign(input, { price: () => 1, product: { id: 5 }, lines: [{ product: 10n }], note: "hush" });
  assert.deepEqual(compiled.forTrail(input, value), { price: null, product: null, lines: [{ product: null }, null], note: null });
  Object.defineProperty(input, "product", { get: () => assert.fail("gone") });
  assert.equal(compiled.forTrail(input, value), null);
});

test("parameters of more than 65,536 characters of JSON text are not kept", () => {
  const plain = compileParams({ a: text() });
  const masked = compileParams({ a: text(), pin: text().secret() });
  for (const [compiled, rest, overhead] of [[plain, {}, '{"a":""}'.length], [masked, { pin: "1" }, '{"a":"","pin":"[masked]"}'.length]] as const) {
    const [just, over] = [65_536 - overhead, 65_537 - overhead].map((length) => ({ a: "x".repeat(length), ...rest }));
    assert.notEqual(compiled.forTrail(just, handled(compiled, just)), null);
    assert.notEqual(sentForTrail(just, compiled.mask, compiled.names), null);
    assert.equal(compiled.forTrail(over, handled(compiled, over)), null);
    assert.equal(sentForTrail(over, compiled.mask, compiled.names), null);
  }
  const escaped = { a: "\u0000".repeat(10_922) };
  assert.equal(plain.forTrail(escaped, handled(plain, escaped)), null, "what is escaped counts as it is written");
  const many = compileParams({ a: list(integer()) });
  const numbers = { a: Array.from({ length: 40_000 }, () => 1) };
  assert.equal(many.forTrail(numbers, handled(many, numbers)), null);
  assert.deepEqual(many.forTrail({ a: numbers.a.slice(0, 30_000) }, handled(many, { a: numbers.a.slice(0, 30_000) })), { a: numbers.a.slice(0, 30_000) });
});

test("of what was sent, the declared fields are kept, secrets masked, and nothing that is no JSON", () => {
  const { mask, names } = compileParams({ user: text(), pin: text().secret(), card: object({ number: text().secret() }).optional() });
  assert.deepEqual(sentForTrail({ user: 5, pin: { any: "thing" }, card: { number: 1, pim: "hush" }, pim: "hush" }, mask, names), { user: 5, pin: "[masked]", card: { number: "[masked]", pim: "[masked]" } });
  for (const input of ["hush", null, [], { user: 1n }, { user: Number.NaN }, { get user(): string { throw new RangeError("no"); } }]) assert.equal(sentForTrail(input, mask, names), null);
});

test("a Standard Schema's parameters are kept as they were sent", () => {
  const vendor: StandardSchema<{ readonly name: string }, Date> = { "~standard": { version: 1, vendor: "acme", validate: () => ({ value: new Date(0) }) } };
  const schema = { type: "object", properties: { name: { type: "string" }, pin: { type: "string" } } };
  const { forTrail } = compileParams(standardParams(vendor, { schema, secret: ["pin"] }));
  const input = { name: "n", pin: "hush", stranger: "hush" };
  const kept = forTrail(input, new Date(0));
  assert.deepEqual(kept, { name: "n", pin: "[masked]" });
  assert.ok(isFrozen(kept));
  for (const unfit of [{ name: 1n }, { name: "x".repeat(65_536) }, "n", null]) assert.equal(forTrail(unfit, new Date(0)), null);
});
