import fc, { type Arbitrary } from "fast-check";
import { isObject } from "../../src/domain/json.ts";

/** A schema as it is served: JSON Schema 2020-12, of which only what the parameter types say is understood. */
type Schema = Readonly<Record<string, unknown>>;

/** Stands for one value of a schema: how its parts are made is left open, so that faults can be at any depth. */
type Make = (schema: Schema) => Arbitrary<unknown>;

/** Values of the schema, most of which it admits whole; the others have a fault or more at any depth. */
export function valuesFor(schema: Schema): Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: admitted(schema) }, { weight: 4, arbitrary: doubtful(schema) }, { weight: 1, arbitrary: NONSENSE });
}

/** Values that the schema admits, as far as it can be understood. */
function admitted(schema: Schema): Arbitrary<unknown> {
  return build(schema, admitted);
}

/** Each part may be right, nearly right, or nothing of the kind. */
function doubtful(schema: Schema): Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: build(schema, doubtful) }, { weight: 3, arbitrary: nearly(schema) }, { weight: 1, arbitrary: NONSENSE });
}

function build(schema: Schema, make: Make): Arbitrary<unknown> {
  const { anyOf, enum: choices, type } = schema;
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.filter(isObject).map(make));
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  return (BUILDERS.get(String(type)) ?? (() => NONSENSE))(schema, make);
}

const BUILDERS: ReadonlyMap<string, (schema: Schema, make: Make) => Arbitrary<unknown>> = new Map([
  ["object", objects],
  ["array", lists],
  ["string", texts],
  ["integer", integers],
  ["number", numbers],
  ["boolean", () => fc.boolean()],
  ["null", () => fc.constant(null)],
]);

function objects({ properties, required }: Schema, make: Make): Arbitrary<unknown> {
  const members = Object.entries(isObject(properties) ? properties : {}).map(([name, schema]) => [name, make(isObject(schema) ? schema : {})] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: Array.isArray(required) ? required.map(String) : [] });
}

function lists({ items, minItems, maxItems }: Schema, make: Make): Arbitrary<unknown> {
  const min = numberOr(minItems, 0);
  return fc.array(make(isObject(items) ? items : {}), { minLength: min, maxLength: Math.min(numberOr(maxItems, Infinity), min + 3) });
}

function texts({ format, allOf, pattern, minLength, maxLength }: Schema): Arbitrary<unknown> {
  if (format === "date") return DAYS;
  if (format === "date-time") return MOMENTS;
  if (format === "uuid") return fc.uuid();
  const [own] = Array.isArray(allOf) ? allOf.filter(isObject) : [];
  const expression = String(own?.["pattern"] ?? pattern ?? "");
  const min = numberOr(minLength, 0);
  const free = fc.string({ unit: "grapheme", minLength: min, maxLength: Math.min(numberOr(maxLength, Infinity), min + 12) });
  return isGenerable(expression) ? matching(expression) : free;
}

/** To turn a pattern round takes a while, and most stand in many schemas. */
const MATCHING = new Map<string, Arbitrary<string>>();

function matching(expression: string): Arbitrary<string> {
  const known = MATCHING.get(expression) ?? fc.stringMatching(new RegExp(expression), { size: "small" });
  MATCHING.set(expression, known);
  return known;
}

/** Not every pattern can be turned round; any text is a guess for the others. */
function isGenerable(expression: string): boolean {
  return expression !== "" && !/\(\?[!=]|\\uD8|\\W|\\D/.test(expression);
}

const DAYS = fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true }).map((day) => day.toISOString().slice(0, 10));
const ZONES = fc.constantFrom("Z", "z", "+00:00", "-23:59", "+05:30");
const FRACTIONS = fc.constantFrom("", ".1", ".123456789");
const MOMENTS = fc.tuple(DAYS, fc.constantFrom("T", "t"), fc.constantFrom("00:00:00", "23:59:59", "10:30:07"), FRACTIONS, ZONES).map((parts) => parts.join(""));

function integers({ minimum, maximum }: Schema): Arbitrary<unknown> {
  return fc.integer({ min: Math.max(numberOr(minimum, -(2 ** 31)), -(2 ** 31)), max: Math.min(numberOr(maximum, 2 ** 31 - 1), 2 ** 31 - 1) });
}

function numbers({ minimum, maximum }: Schema): Arbitrary<unknown> {
  return fc.double({ min: numberOr(minimum, -Number.MAX_VALUE), max: numberOr(maximum, Number.MAX_VALUE), noNaN: true });
}

/** Just beside what the schema admits, or just within. */
function nearly(schema: Schema): Arbitrary<unknown> {
  const { anyOf, type } = schema;
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.filter(isObject).map(nearly));
  if (type === "object") return objectsWithFault(schema);
  if (type === "array") return fc.oneof(admitted({ ...schema, minItems: numberOr(schema["maxItems"], 3) + 1, maxItems: undefined }), fc.constant([]));
  if (type === "string") return fc.oneof(fc.tuple(admitted(schema), EDITS).map(([text, edit]) => edit(String(text))), fc.constantFrom(...EDGE_TEXTS), ofLength(schema));
  return fc.constantFrom(...EDGE_NUMBERS, ...["minimum", "maximum"].flatMap((bound) => around(schema[bound])));
}

function objectsWithFault(schema: Schema): Arbitrary<unknown> {
  const strangers = fc.tuple(fc.constantFrom(...STRANGERS), NONSENSE);
  const declared = Object.keys(isObject(schema["properties"]) ? schema["properties"] : {});
  const members = admitted(schema).map((value) => Object.entries(isObject(value) ? value : {}));
  const added = fc.tuple(members, strangers).map(([entries, stranger]) => toObject([...entries, stranger]));
  const taken = fc.tuple(members, fc.constantFrom("", ...declared)).map(([entries, name]) => toObject(entries.filter(([given]) => given !== name)));
  return fc.oneof(added, taken);
}

/** `__proto__` becomes a member like any other, as it does when it stands in a body. */
function toObject(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [name, value] of entries) Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return object;
}

function around(bound: unknown): number[] {
  return typeof bound === "number" ? [bound, bound - 1, bound + 1, bound - 0.5, bound + 0.5] : [];
}

/** Exactly as long as may be, one more and one less, with characters that have two code units. */
function ofLength({ minLength, maxLength }: Schema): Arbitrary<string> {
  const lengths = [minLength, maxLength].filter((length) => typeof length === "number").flatMap((length) => [length - 1, length, length + 1]);
  return fc.tuple(fc.constantFrom("a", "é", "😀"), fc.constantFrom(...lengths.filter((length) => length >= 0), 1)).map(([unit, length]) => unit.repeat(length));
}

const PIECES = ["", " ", "\n", "0", "-", ".", "a", "😀", "\ud83d", "\ude00", "\u0000", "\u0085", "é", "e5", "%2F", "/"];
/** Puts a piece in the place of a character, or between two. */
const EDITS = fc.tuple(fc.nat({ max: 40 }), fc.constantFrom(...PIECES), fc.nat({ max: 1 })).map(([at, piece, cut]) => {
  return (text: string) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + cut);
});

const EDGE_TEXTS = [
  "", "0", "-0", "-0.00", "00", "01", "1.", ".5", "1.005", "1e2", "+1", "1.000", "042", "42.0", "4e1", "9007199254740991", "9007199254740992", "-9007199254740993", "9999999999999.99", "10000000000000",
  "2023-02-29", "2024-02-30", "1900-02-29", "0000-02-29", "2024-13-01", "2024-02-29T24:00:00Z", "2024-02-29T23:59:60Z", "2024-02-29T10:00:00", "2024-02-29 10:00:00Z", "null", "true", "__proto__", "x".repeat(255), "é".repeat(128),
];
const EDGE_NUMBERS = [0, -0, 1, -1, 0.5, 0.01, 19.99, 1.005, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e21, 1e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 0.1 + 0.2, "0", "1", true];
const STRANGERS = ["__proto__", "constructor", "prototype", "toString", "A", "0", "", "plain ", "é", "\ud800", "x".repeat(150)];

/** Nothing that anybody asked for. */
export const NONSENSE: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -0, 1e308, "", "0", "\ud800", [], {}, [null], [[[]]], { a: 1 }, JSON.parse('{"__proto__":{"a":1}}'), { toString: 1 }),
  fc.jsonValue({ maxDepth: 2, depthSize: "small" }),
);


function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
