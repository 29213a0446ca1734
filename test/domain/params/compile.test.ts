import assert from "node:assert/strict";
import { test } from "node:test";
import { boolean, compileActionParams, compileParams, date, dateTime, integer, list, money, object, oneOf, reference, text, type Param, type ParamShape } from "../../../src/domain/params/index.ts";
import type { AnyParam } from "../../../src/domain/params/param.ts";
import { integerId, patternId } from "../../../src/domain/catalog/subject-id.ts";
import { defineSubject } from "../../../src/domain/catalog/define-subject.ts";

interface ProductRecord {
  readonly id: number;
  readonly name: string;
}
const Product = defineSubject({ class: "shop.Product", param: "product", id: integerId(), title: (record: ProductRecord) => record.name });
const Customer = defineSubject({ class: "shop.Customer", param: "sales_customer", id: patternId(/[A-Z]{5}/), title: (record: { readonly id: string }) => record.id });

const WELL_FORMED = "^(?:[^\\uD800-\\uDFFF]|[\\uD800-\\uDBFF][\\uDC00-\\uDFFF])*$";
/** JSON as a client sends it: here `__proto__` is a member. */
const json = (source: string): unknown => JSON.parse(source);

test("one declaration gives the schema, closed and with exact bounds", () => {
  const { schema, names } = compileParams({
    reason: text({ min: 1, max: 500, pattern: /^[a-z]/ }).optional().describe("Why."),
    quantity: integer({ min: 1 }).default(1),
    tags: list(oneOf(["a", "b"]), { min: 1, max: 3 }).nullable(),
    pin: text().secret(),
    price: money({ min: 0, max: 1 }).nullable().default(null),
    flags: object({ gift: boolean() }).optional(),
  });
  assert.deepEqual(names, ["reason", "quantity", "tags", "pin", "price", "flags"]);
  assert.deepEqual(schema, {
    type: "object",
    properties: {
      reason: { description: "Why.", type: "string", minLength: 1, maxLength: 500, pattern: WELL_FORMED, allOf: [{ pattern: "^[a-z]" }] },
      quantity: { type: "integer", minimum: 1, maximum: 9007199254740991, default: 1 },
      tags: { anyOf: [{ type: "array", items: { type: "string", enum: ["a", "b"] }, minItems: 1, maxItems: 3 }, { type: "null" }] },
      pin: { type: "string", pattern: WELL_FORMED, writeOnly: true },
      price: {
        anyOf: [
          { type: "string", pattern: "^(?:-0(?:\\.(?:00|0))?|(?:0(?:\\.(?:[0-9][0-9]|[0-9]))?|1(?:\\.(?:00|0))?))$" },
          { type: "integer", minimum: 0, maximum: 1 },
          { type: "null" },
        ],
        default: null,
      },
      flags: { type: "object", properties: { gift: { type: "boolean" } }, required: ["gift"], additionalProperties: false },
    },
    required: ["tags", "pin"],
    additionalProperties: false,
  });
  assert.deepEqual(compileParams({}).schema, { type: "object", properties: {}, additionalProperties: false });
  assert.deepEqual(compileParams({ fee: money({ min: "0.10", max: "0.90" }) }).schema.properties, { fee: { type: "string", pattern: "^0\\.(?:(?:[1-8][0-9]|90)|[1-9])$" } });
  assert.ok(Object.isFrozen(schema) && Object.isFrozen(schema.properties));
});

test("left-out fields are absent, null or their default, as declared", () => {
  const { parse } = compileParams({ a: text().optional(), b: text().nullable(), c: integer().default(7), d: list(text()).default(["x"]), e: money().default("1.5"), f: text().default("y").optional() });
  const parsed = parse({ b: null });
  assert.deepEqual(parsed, { ok: true, value: { b: null, c: 7, d: ["x"], e: "1.50", f: "y" }, references: [] });
  assert.deepEqual(Object.keys(parsed.ok ? parsed.value : {}), ["b", "c", "d", "e", "f"]);
  assert.deepEqual(parse({ a: undefined, b: "" }), { ok: true, value: { b: "", c: 7, d: ["x"], e: "1.50", f: "y" }, references: [] });
  assert.deepEqual(parse({ a: null, c: null }), {
    ok: false,
    errors: { a: ["Must be text."], b: ["Is required."], c: ["Must be a whole number."] },
  });
});

test("a field that is not declared is an error under its own name, whatever the name, and pollutes nothing", () => {
  const { parse } = compileParams({ reason: text().optional(), toString: text().optional() });
  const sentence = "Is not a known field. Leave it out, or use one of: reason, toString.";
  const parsed = parse(json('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"Reason":"x","":1}'));
  assert.ok(!parsed.ok);
  assert.deepEqual(Object.entries(parsed.errors), [
    ["__proto__", [sentence]],
    ["constructor", [sentence]],
    ["Reason", [sentence]],
    ["", [sentence]],
  ]);
  assert.equal(Object.getOwnPropertyDescriptor(Object.prototype, "polluted"), undefined);
  assert.equal(JSON.stringify(parsed.errors).startsWith('{"__proto__":["Is not'), true);
  assert.deepEqual(parse({}), { ok: true, value: {}, references: [] });
  assert.deepEqual(compileParams({}).parse({ a: 1 }), { ok: false, errors: { a: ["Is not a known field. Leave it out: no fields are taken here."] } });
});

test("only an object holds parameters", () => {
  for (const input of [null, [], "a", 5, true, undefined]) {
    assert.deepEqual(compileParams({}).parse(input), { ok: false, errors: { "": ["Must be an object."] } });
  }
});

test("inherited properties are never read", () => {
  const { parse } = compileParams({ a: text().optional(), valueOf: text().optional() });
  assert.deepEqual(parse(Object.create({ a: "inherited" })), { ok: true, value: {}, references: [] });
});

test("every fault is reported, but a hostile body gets no long answer: at most 100 faults, names cut at 100", () => {
  const { parse } = compileParams({ a: list(integer()), b: integer() });
  const many = parse({ a: Array.from({ length: 50_000 }, () => "x"), b: "x", ...Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, 1])) });
  assert.ok(!many.ok);
  assert.equal(Object.keys(many.errors).length, 100);
  const longName = `${"x".repeat(99)}😀${"y".repeat(1_000_000)}`;
  const long = parse({ a: [], b: 1, [longName]: 1 });
  assert.deepEqual(Object.keys(long.ok ? {} : long.errors), [`${"x".repeat(99)}…`]);
});

test("no sentence repeats what was sent", () => {
  const { parse } = compileParams({ pin: text({ max: 3, pattern: /^\d+$/ }).secret(), at: date(), kind: oneOf(["a"]), n: integer(), m: money() });
  const parsed = parse({ pin: "hush-hush", at: "hush-hush", kind: "hush-hush", n: "hush-hush", m: "hush-hush" });
  assert.ok(!parsed.ok && !JSON.stringify(parsed).includes("hush"));
});

test("references are collected, and the value is complete and frozen once each has its record", () => {
  const { parse, subjects } = compileParams({
    customer: reference(Customer),
    lines: list(object({ product: reference(Product), quantity: integer() })),
    extra: list(reference(Product)).optional(),
    gift: reference(Product).nullable().optional(),
    sample: reference(Product).default(3),
  });
  assert.deepEqual(subjects, [Customer, Product]);
  const parsed = parse({ customer: "ALFKI", lines: [{ product: "42", quantity: 1 }, { product: 7, quantity: 2 }], extra: [-0], gift: null });
  assert.ok(parsed.ok);
  assert.deepEqual(
    parsed.references.map(({ subject, id, path }) => [subject.class, id, path]),
    [
      ["shop.Customer", "ALFKI", "customer"],
      ["shop.Product", 42, "lines.0.product"],
      ["shop.Product", 7, "lines.1.product"],
      ["shop.Product", 0, "extra.0"],
      ["shop.Product", 3, "sample"],
    ],
  );
  for (const pending of parsed.references) {
    assert.ok(!Object.isFrozen(parsed.value));
    pending.resolve({ id: pending.id, name: `record ${pending.id}` });
  }
  const record = (id: number | string) => ({ id, name: `record ${id}` });
  assert.deepEqual(parsed.value, {
    customer: record("ALFKI"),
    lines: [{ product: record(42), quantity: 1 }, { product: record(7), quantity: 2 }],
    extra: [record(0)],
    gift: null,
    sample: record(3),
  });
  assert.deepEqual(Object.keys(parsed.value), ["customer", "lines", "extra", "gift", "sample"]);
  assert.ok(Object.isFrozen(parsed.value) && Object.isFrozen(parsed.value.lines) && Object.isFrozen(parsed.value.lines[0]) && Object.isFrozen(parsed.value.extra));
  parsed.references[0]?.resolve(record("OTHER"));
  assert.deepEqual(parsed.value.customer, record("ALFKI"));
});

test("a default may hold references: they are collected in every call anew", () => {
  const { parse, schema } = compileParams({ line: object({ product: reference(Product), quantity: integer().default(1) }).default({ product: "5" }) });
  assert.deepEqual(schema.required, undefined);
  for (const name of ["first", "second"]) {
    const parsed = parse({});
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.references.map(({ id, path }) => [id, path]), [[5, "line.product"]]);
    for (const pending of parsed.references) pending.resolve({ id: 5, name });
    assert.deepEqual(parsed.value, { line: { product: { id: 5, name }, quantity: 1 } });
  }
});

test("a shape with references that were all left out is frozen at once", () => {
  const parsed = compileParams({ product: reference(Product).optional() }).parse({});
  assert.ok(parsed.ok && parsed.references.length === 0 && Object.isFrozen(parsed.value));
});

test("a reference takes what its class takes for an ID and nothing else", () => {
  const { parse } = compileParams({ product: reference(Product).optional(), customer: reference(Customer).optional() });
  for (const product of [42, "42", -1, "-1", Number.MAX_SAFE_INTEGER]) assert.ok(parse({ product }).ok, String(product));
  for (const product of ["042", "4e1", "42.0", "-0", "+42", "", 4.5, 2 ** 53, "9007199254740992", null, [42], { id: 42 }]) {
    assert.deepEqual(parse({ product }), { ok: false, errors: { product: ["Must be the product's ID: a whole number."] } }, String(product));
  }
  assert.deepEqual(parse({ customer: "alfki" }), { ok: false, errors: { customer: ["Must be the sales customer's ID: text in the format of such IDs."] } });
  assert.ok(!parse({ customer: 12345 }).ok);
});

test("mask() hides secrets and whatever was not declared, in any input, and leaves the rest", () => {
  const { mask } = compileParams({ user: text(), pin: text().secret(), cards: list(object({ number: text().secret(), name: text() })).optional(), at: object({ city: text() }).optional() });
  assert.deepEqual(mask({ user: "u", pin: "hush", cards: [{ number: "hush", name: "n" }, "hush"], at: { city: "c" }, pim: "hush" }), {
    user: "u",
    pin: "[masked]",
    cards: [{ number: "[masked]", name: "n" }, "[masked]"],
    at: { city: "c" },
    pim: "[masked]",
  });
  assert.equal(mask("hush"), "[masked]");
  assert.deepEqual(mask({ cards: "hush", user: null }), { cards: "[masked]", user: null });
  assert.deepEqual(mask({ cards: null, pin: null }), { cards: null, pin: "[masked]" });
  const plain = { reason: "x" };
  assert.equal(compileParams({ reason: text() }).mask(plain), plain);
});

test("parameter types are immutable: every method answers a new one", () => {
  const base = text({ max: 3 });
  base.optional();
  base.nullable();
  base.secret();
  assert.ok(Object.isFrozen(base) && Object.isFrozen(base.rules));
  assert.deepEqual(compileParams({ p: base }).parse({ p: null }), { ok: false, errors: { p: ["Must be text."] } });
  const options = { max: 3 };
  const param = text(options);
  options.max = 9;
  assert.ok(!compileParams({ p: param }).parse({ p: "abcd" }).ok);
});

/** A value past the types: what only JavaScript callers can do. */
function untyped<T>(value: unknown): T {
  const box: { readonly value: T } = JSON.parse("{}");
  Reflect.set(box, "value", value);
  return box.value;
}

test("a wrong declaration throws a TypeError that names the parameter and the remedy", () => {
  const cases: readonly (readonly [Record<string, AnyParam>, string])[] = [
    [{ "line-no": text() }, 'parameter "line-no": a name is letters, digits and underscores, begins with no digit, and is none of __proto__, constructor, prototype'],
    [{ "9a": text() }, 'parameter "9a": a name is letters, digits and underscores, begins with no digit, and is none of __proto__, constructor, prototype'],
    [{ constructor: text() }, 'parameter "constructor": a name is letters, digits and underscores, begins with no digit, and is none of __proto__, constructor, prototype'],
    [Object.fromEntries([["__proto__", text()]]), 'parameter "__proto__": a name is letters, digits and underscores, begins with no digit, and is none of __proto__, constructor, prototype'],
    [{ a: object({ "b c": text() }) }, 'parameter "a.b c": a name is letters, digits and underscores, begins with no digit, and is none of __proto__, constructor, prototype'],
    [{ a: untyped("text") }, 'parameter "a" must be a parameter type such as text() or integer()'],
    [{ a: untyped(undefined) }, 'parameter "a" is undefined (is an import circular?)'],
    [{ a: text({ min: 5, max: 1 }) }, 'parameter "a": min 5 of text() is above max 1; nothing would pass'],
    [{ a: text({ min: -1 }) }, 'parameter "a": min of text() must be a whole number, 0 or more'],
    [{ a: text({ max: 1.5 }) }, 'parameter "a": max of text() must be a whole number, 0 or more'],
    [{ a: text(untyped(5)) }, 'parameter "a": text() takes its options as an object'],
    [{ a: integer(untyped(5)) }, 'parameter "a": integer() takes its options as an object'],
    [{ a: money(untyped(null)) }, 'parameter "a": money() takes its options as an object'],
    [{ a: list(text(), untyped(5)) }, 'parameter "a": list() takes its options as an object'],
    [{ a: Reflect.apply(date, undefined, [{ min: "2026-01-01" }]) }, 'parameter "a": date() takes no options; what limits it belongs into validate()'],
    [{ a: Reflect.apply(dateTime, undefined, [{ max: "2026-01-01" }]) }, 'parameter "a": dateTime() takes no options; what limits it belongs into validate()'],
    [{ a: text(untyped({ maximum: 5 })) }, 'parameter "a": text() has no option "maximum"; it has min, max, pattern, hint'],
    [{ a: text(untyped({ pattern: "a" })) }, 'parameter "a": pattern of text() must be a regular expression such as /^[A-Z]{5}$/'],
    [{ a: integer({ max: 2 ** 53 }) }, 'parameter "a": max of integer() must be a safe integer (at most 2^53-1 from zero)'],
    [{ a: integer({ min: 0.5 }) }, 'parameter "a": min of integer() must be a safe integer (at most 2^53-1 from zero)'],
    [{ a: money({ min: "1.005" }) }, 'parameter "a": min of money() must be an amount with at most two decimal places, such as "12.50", and at most 9999999999999.99 from zero'],
    [{ a: money({ min: 2, max: "1.50" }) }, 'parameter "a": min 2.00 of money() is above max 1.50; nothing would pass'],
    [{ a: oneOf(untyped<[string]>([])) }, 'parameter "a": oneOf() takes a list of at least one text'],
    [{ a: oneOf(["x", "x"]) }, 'parameter "a": oneOf() has "x" twice; leave one out'],
    [{ a: oneOf(untyped<[string]>(["x", 5])) }, 'parameter "a": choice 1 of oneOf() must be text (well-formed Unicode)'],
    [{ a: list(untyped<Param<string>>(text().optional())) }, 'parameter "a": an item of list() cannot be left out; drop its optional() or default()'],
    [{ a: list(untyped<Param<string>>({ a: text() })) }, 'parameter "a": list() takes a parameter type such as text(), and then its bounds'],
    [{ a: list(integer({ min: 2, max: 1 })) }, 'parameter "a.0": min 2 of integer() is above max 1; nothing would pass'],
    [{ a: object(untyped<ParamShape>(text())) }, 'parameter "a": object() takes parameter types by name'],
    [{ a: reference(untyped({ class: "shop.Product" })) }, 'parameter "a": reference() takes what defineSubject() made (is the import circular?)'],
    [{ a: integer({ min: 1 }).default(0) }, 'parameter "a": its default does not pass its own rules (a: Must be at least 1.)'],
    [{ a: money().default(1.5) }, 'parameter "a": its default does not pass its own rules (a: Must be sent as text, such as "12.50": a number is taken only when it is whole.)'],
    [{ a: reference(Product).default("042") }, 'parameter "a": its default does not pass its own rules (a: Must be the product\'s ID: a whole number.)'],
    [{ a: integer().default(untyped(Symbol("x"))) }, 'parameter "a": its default must be written as the JSON that a caller would send'],
    [{ a: text().default("x").secret() }, 'parameter "a": a secret may not have a default, which the schema would publish'],
    [{ a: text().describe(untyped(5)) }, 'parameter "a": describe() takes a text'],
  ];
  for (const [shape, message] of cases) assert.throws(() => compileParams(shape), { name: "TypeError", message });
  assert.throws(() => compileActionParams("shop/buy", { a: integer({ min: 2, max: 1 }) }), {
    name: "TypeError",
    message: 'action "shop/buy": parameter "a": min 2 of integer() is above max 1; nothing would pass',
  });
  for (const wrong of [text(), [], null, "a", { "~standard": { version: 2 } }]) {
    assert.throws(() => compileParams(untyped<ParamShape>(wrong)), { name: "TypeError", message: "params must be parameter types by name, { reason: text() }, or a Standard Schema of version 1" });
  }
  assert.deepEqual(compileActionParams("shop/buy", undefined).names, []);
});
