import { isJsonObject, type Json, type JsonObject } from "../../../../domain/json.ts";

/** Keywords whose value is data and no schema. */
const DATA: ReadonlySet<string> = new Set(["const", "enum", "default", "examples", "example"]);
/** Keywords whose value has names of somebody's own, each with a schema. */
const NAMED: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

/** A schema that stood alone, at another place: its own `#/$defs/x` is found below `base` now. The dialect is that of the document. */
export function rebaseSchema(alone: JsonObject, base: string): JsonObject {
  const { $schema: _dialect, ...rest } = alone;
  return rebase(rest, base);
}

function rebase(schema: JsonObject, base: string): JsonObject {
  const entries = Object.entries(schema).map(([keyword, value]) => [keyword, rebaseKeyword(keyword, value, base)] as const);
  return Object.fromEntries(entries);
}

function rebaseKeyword(keyword: string, value: Json, base: string): Json {
  if (DATA.has(keyword)) return value;
  if (keyword === "$ref") return typeof value === "string" && (value === "#" || value.startsWith("#/")) ? base + value.slice(1) : value;
  if (NAMED.has(keyword) && isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, isJsonObject(each) ? rebase(each, base) : each]));
  if (Array.isArray(value)) return value.map((each: Json) => (isJsonObject(each) ? rebase(each, base) : each));
  return isJsonObject(value) ? rebase(value, base) : value;
}
