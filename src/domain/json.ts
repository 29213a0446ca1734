/** A JSON value: what a store keeps and what goes over a wire. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Is it a plain object, neither null nor an array? */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** {@link isObject} for what is JSON already. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value);
}

/**
 * A deep, frozen copy of a value as JSON. A `Date` becomes its ISO string and a property that is
 * `undefined` is left out; whatever JSON cannot say (NaN, a function, a bigint, a cycle, a Map, a
 * promise that was not awaited) throws a TypeError that names the path.
 */
export function toJson(value: unknown, path = "value", depth = 0): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (depth > 64) throw new TypeError(`${path} is nested too deeply or contains itself`);
  if (Array.isArray(value)) return Object.freeze(value.map((item, index) => toJson(item, `${path}.${index}`, depth + 1)));
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (isObject(value) && isRecord(value)) return toJsonObject(value, path, depth);
  throw new TypeError(`${path} is not JSON: ${nameOf(value)}`);
}

function nameOf(value: unknown): string {
  if (typeof value === "number" || value instanceof Date) return String(value);
  return typeof value === "object" ? Object.prototype.toString.call(value).slice("[object ".length, -1) : typeof value;
}

/** Is it an object whose members are all there is to it? Of a Map, a promise or a URL nothing would be left. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.prototype.toString.call(value) === "[object Object]";
}

/** {@link toJson} for what must be an object. */
export function toJsonObject(value: object, path = "value", depth = 0): JsonObject {
  const copy: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const json = toJson(item, `${path}.${key}`, depth + 1);
    if (key === "__proto__") define(copy, key, json);
    else copy[key] = json;
  }
  return Object.freeze(copy);
}

/** Makes a property that is never the prototype, whatever its name. */
function define(target: object, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** JSON text that is the same for equal values: members sorted by name (RFC 8785's order). */
export function toCanonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value).sort().filter((name) => value[name] !== undefined);
  return `{${members.map((name) => `${JSON.stringify(name)}:${toCanonicalText(value[name])}`).join(",")}}`;
}
