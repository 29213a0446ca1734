import { isObject, type JsonObject } from "../../../src/domain/json.ts";

/** How patterns are compiled: readers of JSON Schema differ in it. */
export type PatternFlags = "" | "u";

type Check = (value: unknown, wanted: unknown, schema: JsonObject, flags: PatternFlags) => boolean;

/**
 * Does JSON Schema 2020-12 admit the value? Knows exactly the keywords that the parameter types
 * emit and throws for any other, so that none is ever ignored. Shares no code with the validators.
 */
export function admits(schema: JsonObject, value: unknown, flags: PatternFlags): boolean {
  return Object.entries(schema).every(([keyword, wanted]) => {
    const check = KEYWORDS.get(keyword);
    if (check === undefined) throw new TypeError(`the schema has a keyword that this checker does not know: ${keyword}`);
    return check(value, wanted, schema, flags);
  });
}

const annotation: Check = () => true;

const KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["description", annotation],
  ["default", annotation],
  ["format", annotation],
  ["writeOnly", annotation],
  ["type", (value, wanted) => typesOf(value).includes(String(wanted))],
  ["enum", (value, wanted) => listOf(wanted).includes(value)],
  ["minimum", (value, wanted) => typeof value !== "number" || value >= Number(wanted)],
  ["maximum", (value, wanted) => typeof value !== "number" || value <= Number(wanted)],
  ["minLength", (value, wanted) => typeof value !== "string" || [...value].length >= Number(wanted)],
  ["maxLength", (value, wanted) => typeof value !== "string" || [...value].length <= Number(wanted)],
  ["pattern", (value, wanted, _schema, flags) => typeof value !== "string" || matcher(String(wanted), flags).test(value)],
  ["minItems", (value, wanted) => !Array.isArray(value) || value.length >= Number(wanted)],
  ["maxItems", (value, wanted) => !Array.isArray(value) || value.length <= Number(wanted)],
  ["items", (value, wanted, _schema, flags) => !Array.isArray(value) || value.every((item) => admits(schemaOf(wanted), item, flags))],
  ["required", (value, wanted) => !isObject(value) || listOf(wanted).every((name) => Object.hasOwn(value, String(name)))],
  ["properties", checkProperties],
  ["additionalProperties", checkAdditional],
  ["allOf", (value, wanted, _schema, flags) => listOf(wanted).every((part) => admits(schemaOf(part), value, flags))],
  ["anyOf", (value, wanted, _schema, flags) => listOf(wanted).some((part) => admits(schemaOf(part), value, flags))],
]);

function checkProperties(value: unknown, wanted: unknown, _schema: JsonObject, flags: PatternFlags): boolean {
  if (!isObject(value)) return true;
  return Object.entries(schemaOf(wanted)).every(([name, part]) => !Object.hasOwn(value, name) || admits(schemaOf(part), value[name], flags));
}

function checkAdditional(value: unknown, wanted: unknown, schema: JsonObject): boolean {
  if (wanted !== false) throw new TypeError("this checker knows additionalProperties only as false");
  return !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(schemaOf(schema.properties), name));
}

/** The types that the JSON Schema core gives a value; 1.0 is an integer. */
function typesOf(value: unknown): readonly string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "number") return Number.isInteger(value) || Math.abs(value) === Infinity ? ["number", "integer"] : ["number"];
  return [typeof value];
}

const matchers = new Map<string, RegExp>();

function matcher(pattern: string, flags: PatternFlags): RegExp {
  const key = `${flags}/${pattern}`;
  const known = matchers.get(key);
  if (known !== undefined) return known;
  const made = new RegExp(pattern, flags);
  matchers.set(key, made);
  return made;
}

function schemaOf(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new TypeError("a schema in the schema is no object");
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("a list in the schema is none");
}
