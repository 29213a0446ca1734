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

/** Deeper than any honest record; also what a value that contains itself meets. */
const MAX_DEPTH = 65;

/**
 * A deep, frozen copy of a value as JSON. A `Date` becomes its ISO string and a property that is
 * `undefined` is left out; whatever JSON cannot say (NaN, a function, a bigint, a cycle, a Map, a
 * promise that was not awaited) throws a TypeError that names the path.
 */
export function toJson(value: unknown, path = "value"): Json {
  return copy(value, [path]);
}

/** {@link toJson} for what must be an object. */
export function toJsonObject(value: object, path = "value"): JsonObject {
  return copyObject(value, [path]);
}

/** The trail is one list for the whole copy, and becomes a path only when something is wrong. */
function copy(value: unknown, trail: (string | number)[]): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (trail.length > MAX_DEPTH) throw new TypeError(`${trail.join(".")} is nested too deeply or contains itself`);
  if (Array.isArray(value)) return copyArray(value, trail);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (isObject(value) && isRecord(value)) return copyObject(value, trail);
  throw new TypeError(`${trail.join(".")} is not JSON: ${nameOf(value)}`);
}

function copyArray(values: readonly unknown[], trail: (string | number)[]): readonly Json[] {
  const copied: Json[] = [];
  for (const [index, value] of values.entries()) {
    trail.push(index);
    copied.push(copy(value, trail));
    trail.pop();
  }
  return Object.freeze(copied);
}

function copyObject(value: object, trail: (string | number)[]): JsonObject {
  const copied: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    trail.push(key);
    const json = copy(item, trail);
    trail.pop();
    if (key === "__proto__") define(copied, key, json);
    else copied[key] = json;
  }
  return Object.freeze(copied);
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
