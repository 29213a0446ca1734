import assert from "node:assert/strict";
import { test } from "node:test";
import { compileParams, standardParams, type StandardSchema } from "../../../src/domain/params/index.ts";

interface Input {
  readonly name: string;
  readonly pin?: string;
}
type Validate = StandardSchema<Input, Input>["~standard"]["validate"];
type JsonSchemaOf = NonNullable<StandardSchema["~standard"]["jsonSchema"]>["input"];

const JSON_SCHEMA = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", properties: { name: { type: "string" }, pin: { type: "string" } }, required: ["name"] };

/** A vendor's schema, such as zod's, valibot's or arktype's. */
function vendorSchema(validate: Validate, input?: JsonSchemaOf): StandardSchema<Input, Input> {
  return { "~standard": { version: 1, vendor: "acme", validate, ...(input === undefined ? {} : { jsonSchema: { input } }) } };
}

const pass: Validate = () => ({ value: { name: "passed" } });
const published: JsonSchemaOf = () => JSON_SCHEMA;

test("a Standard Schema is params: its value, its issues by dotted path, its JSON Schema closed at the top", () => {
  const targets: string[] = [];
  const params = compileParams(
    vendorSchema(
      () => ({
        issues: [
          { message: "Too short.", path: ["name"] },
          { message: "Not a number.", path: ["lines", { key: 0 }, "quantity"] },
          { message: "Also odd.", path: [{ key: "name" }] },
          { message: "Do not go together.", path: [] },
          { message: "Nowhere." },
        ],
      }),
      ({ target }) => {
        targets.push(target);
        return JSON_SCHEMA;
      },
    ),
  );
  assert.deepEqual(targets, ["draft-2020-12"]);
  assert.deepEqual(params.schema, { ...JSON_SCHEMA, additionalProperties: false });
  assert.deepEqual([params.names, params.subjects], [["name", "pin"], []]);
  assert.deepEqual(params.parse({}), {
    ok: false,
    errors: { name: ["Too short.", "Also odd."], "lines.0.quantity": ["Not a number."], "": ["Do not go together.", "Nowhere."] },
  });
  assert.deepEqual(compileParams(vendorSchema(pass, published)).parse({ name: "x" }), { ok: true, value: { name: "passed" }, references: [] });
});

test("a JSON Schema that has a name, and so only points at its own definition, is the one it points at", () => {
  const node = { type: "object", properties: { name: { type: "string" }, next: { $ref: "#/$defs/Node" } }, required: ["name"] };
  const named = (schema: Readonly<Record<string, unknown>>) => compileParams(vendorSchema(pass, () => schema));
  const { schema, names } = named({ $ref: "#/$defs/Node", $defs: { Node: node }, title: "A node" });
  assert.deepEqual([schema, names], [{ ...node, $defs: { Node: node }, title: "A node", additionalProperties: false }, ["name", "next"]]);
  assert.deepEqual(named({ $ref: "#/$defs/Named", $defs: { Named: JSON_SCHEMA, Node: node } }).schema, { ...JSON_SCHEMA, $defs: { Node: node }, additionalProperties: false });
  assert.deepEqual(named({ $ref: "#/$defs/Named", $defs: { Named: JSON_SCHEMA } }).schema, { ...JSON_SCHEMA, additionalProperties: false });
  const remedy = 'params by acme must be one object with named properties; give it: standardParams(schema, { schema: { type: "object", properties: { … } } })';
  for (const wrong of [{ $ref: "#/$defs/Nobody", $defs: {} }, { $ref: "#/$defs/toString", $defs: {} }, { $ref: "#/$defs/Text", $defs: { Text: { type: "string" } } }, { $ref: "https://acme.example/node" }]) {
    assert.throws(() => named(wrong), { name: "TypeError", message: remedy });
  }
});

test("validate may be asynchronous, and is called as a method of its owner", async () => {
  const schema = vendorSchema(async () => ({ value: { name: "later" } }), published);
  assert.deepEqual(await compileParams(schema).parse({ name: "x" }), { ok: true, value: { name: "later" }, references: [] });
  const failing = vendorSchema(async () => ({ issues: [{ message: "No." }] }), published);
  assert.deepEqual(await compileParams(failing).parse({ name: "x" }), { ok: false, errors: { "": ["No."] } });
  const owner = { version: 1, vendor: "acme", greeting: "hello", jsonSchema: { input: published }, validate(this: { greeting: string }) { return { value: { name: this.greeting } }; } } as const;
  const greeting = { ok: true, value: { name: "hello" }, references: [] };
  assert.deepEqual(compileParams({ "~standard": owner }).parse({ name: "x" }), greeting);
  assert.deepEqual(compileParams(standardParams({ "~standard": owner }, { secret: ["pin"] })).parse({ name: "x" }), greeting);
});

test("schemas that are functions are taken too", () => {
  const callable = Object.assign(() => "called", vendorSchema(pass, published));
  assert.deepEqual(compileParams(callable).parse({ name: "x" }), { ok: true, value: { name: "passed" }, references: [] });
});

test("fields that the vendor's JSON Schema does not name are refused even when the vendor would drop them", () => {
  const seen: unknown[] = [];
  const params = compileParams(vendorSchema((value) => (seen.push(value), { issues: [{ message: "Too short.", path: ["name"] }] }), published));
  const sentence = "Is not a known field. Leave it out, or use one of: name, pin.";
  const parsed = params.parse(JSON.parse('{"name":"","__proto__":{"a":1},"extra":2}'));
  assert.ok("ok" in parsed && !parsed.ok);
  assert.deepEqual(Object.entries(parsed.errors), [["__proto__", [sentence]], ["extra", [sentence]], ["name", ["Too short."]]]);
  assert.deepEqual(seen, [{ name: "" }]);
  assert.deepEqual(compileParams(vendorSchema(pass, published)).parse({ name: "x", extra: 1 }), { ok: false, errors: { extra: [sentence] } });
  assert.deepEqual(params.parse([]), { ok: false, errors: { "": ["Must be an object."] } });
});

test("a vendor's words are cut, and never repeat a secret", () => {
  const issues = [{ message: `Expected 4 digits, received hush${"!".repeat(1_000)}`, path: ["name"] }, { message: "Expected 4 digits, received hush", path: ["pin"] }];
  const params = compileParams(standardParams(vendorSchema(() => ({ issues }), published), { secret: ["pin"] }));
  const parsed = params.parse({ name: "x" });
  assert.ok("ok" in parsed && !parsed.ok);
  assert.equal(parsed.errors.name?.[0]?.length, 301);
  assert.deepEqual(parsed.errors.pin, ["This value is not valid."]);
  assert.deepEqual(params.mask({ name: "n", pin: "hush", pim: "hush" }), { name: "n", pin: "[masked]", pim: "[masked]" });
  assert.deepEqual(compileParams(vendorSchema(() => ({ issues: [] }), published)).parse({}), { ok: false, errors: { "": ["The parameters are not valid."] } });
});

test("a vendor without a JSON Schema gets it from standardParams(), or a TypeError with the remedy", () => {
  const schema = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
  assert.deepEqual(compileParams(standardParams(vendorSchema(pass), { schema })).schema, { ...schema, additionalProperties: false });
  const remedy = '; give it: standardParams(schema, { schema: { type: "object", properties: { … } } })';
  const cases: readonly (readonly [StandardSchema, string])[] = [
    [vendorSchema(pass), `params by acme bring no JSON Schema${remedy}`],
    [vendorSchema(pass, () => assert.fail("unsupported")), `params by acme have no JSON Schema 2020-12${remedy}`],
    [vendorSchema(pass, () => ({ type: "string" })), `params by acme must be one object with named properties${remedy}`],
    [vendorSchema(pass, () => ({ anyOf: [] })), `params by acme must be one object with named properties${remedy}`],
    [vendorSchema(pass, () => ({ type: "object", properties: {}, patternProperties: {} })), `params by acme must be one object with named properties${remedy}`],
    [standardParams(vendorSchema(pass, published), { secret: ["pim"] }), 'standardParams(): secret "pim" is not one of the parameters name, pin'],
  ];
  for (const [standard, message] of cases) assert.throws(() => compileParams(standard), { name: "TypeError", message });
});

test("what plain JavaScript gets wrong of standardParams() names the option and the remedy", () => {
  const schema = vendorSchema(pass, published);
  for (const [options, message] of [
    [undefined, "must be an object of options, not undefined"],
    [JSON_SCHEMA, 'has no option "$schema"; it has schema, secret'],
  ] as const) {
    assert.throws(() => Reflect.apply(standardParams, undefined, [schema, options]), new TypeError(`the second argument of standardParams() ${message}`));
  }
});
