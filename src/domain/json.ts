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

/** Containers deeper than any honest record has; also what a value that contains itself meets. */
const MAX_DEPTH = 64;

/**
 * A deep, frozen copy of a value as JSON. A `Date` becomes its ISO string, -0 becomes 0 and a property that is
 * `undefined` is left out; whatever JSON cannot say (NaN, a function, a bigint, a cycle, a Map, a
 * promise that was not awaited) throws a TypeError that names the path.
 */
export function toJson(value: unknown, path = "value"): Json {
  try {
    return copy(value, 0);
  } catch (error) {
    throw asTypeError(error, path);
  }
}

/**
 * {@link toJson} for what must be an object. A list or an object that one of the two others has under the same name is
 * frozen JSON already, so it is shared and not copied.
 */
export function toJsonObject(value: object, path = "value", frozen: JsonObject = NOTHING, frozenToo: JsonObject = NOTHING): JsonObject {
  try {
    return copyObject(isPlain(value) ? value : membersOf(value), 1, frozen, frozenToo);
  } catch (error) {
    throw asTypeError(error, path);
  }
}

/** What is wrong with a value. It learns where while it goes up, so that a value with no fault builds no path. */
class Fault {
  readonly sentence: string;
  /** From the inside outwards. */
  readonly path: (string | number)[] = [];

  constructor(sentence: string) {
    this.sentence = sentence;
  }
}

function asTypeError(error: unknown, path: string): unknown {
  return error instanceof Fault ? new TypeError(`${[...error.path, path].reverse().join(".")} ${error.sentence}`) : error;
}

/** `depth` counts the containers around the value. */
function copy(value: unknown, depth: number): Json {
  if (typeof value === "string" || value === null || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value + 0;
  if (depth > MAX_DEPTH) throw new Fault("is nested too deeply or contains itself");
  if (Array.isArray(value)) return copyArray(value, depth + 1);
  if (isPlain(value)) return copyObject(value, depth + 1);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return copyObject(membersOf(value), depth + 1);
}

/** An instance's members are its own, not those of its class: spread takes no others. */
function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value) && isRecord(value)) return { ...value };
  throw new Fault(`is not JSON: ${nameOf(value)}`);
}

function copyArray(values: readonly unknown[], depth: number): readonly Json[] {
  const copied = new Array<Json>(values.length);
  let index = 0;
  try {
    for (; index < values.length; index++) copied[index] = copy(values[index], depth);
  } catch (error) {
    throw locate(error, index);
  }
  return Object.freeze(copied);
}

const NOTHING: JsonObject = Object.freeze({});

function copyObject(value: Readonly<Record<string, unknown>>, depth: number, frozen = NOTHING, frozenToo = NOTHING): JsonObject {
  const copied: Record<string, Json> = {};
  let key = "";
  try {
    for (key in value) {
      const item = value[key];
      if (typeof item === "string" && key !== "__proto__") copied[key] = item;
      else if (item !== undefined) define(copied, key, memberOf(frozen, key, item) ?? memberOf(frozenToo, key, item) ?? copy(item, depth));
    }
  } catch (error) {
    throw locate(error, key);
  }
  return Object.freeze(copied);
}

/** The item, if it is a list or an object that stands in this under its name. */
function memberOf(frozen: JsonObject, key: string, item: unknown): Json | undefined {
  if (frozen === NOTHING || typeof item !== "object" || item === null) return undefined;
  const own = frozen[key];
  return own === item && Object.hasOwn(frozen, key) ? own : undefined;
}

/** The error, which when it is a fault now knows this step of its path too. */
function locate(error: unknown, key: string | number): unknown {
  if (error instanceof Fault) error.path.push(key);
  return error;
}

function nameOf(value: unknown): string {
  if (typeof value === "number" || value instanceof Date) return String(value);
  return typeof value === "object" ? Object.prototype.toString.call(value).slice("[object ".length, -1) : typeof value;
}

/** Is it an object that consists of its members alone? Nothing of a Map, a promise or a URL would be left. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.prototype.toString.call(value) === "[object Object]";
}

/** Is it an object of no class, whose members are all its own? */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Makes a property that is never the prototype, whatever its name. */
function define(target: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** How long the value is as JSON text, without making that: exact but for what is escaped and for the digits of numbers. */
export function textLength(value: Json): number {
  if (typeof value === "string") return 2 + value.length;
  if (typeof value !== "object" || value === null) return SCALAR_LENGTH;
  let length = 2;
  if (isJsonArray(value)) for (let index = 0; index < value.length; index++) length += 1 + textLength(value[index] ?? null);
  else for (const key in value) length += 4 + key.length + textLength(value[key] ?? null);
  return length;
}

/** `false`; most numbers are no longer. */
const SCALAR_LENGTH = 5;

/** Do the two say the same? The order of an object's members is no part of what it says. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isJsonArray(a)) return isJsonArray(b) && sameItems(a, b);
  return isJsonObject(a) && isJsonObject(b) && sameMembers(a, b);
}

function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function sameItems(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!sameJson(a[index] ?? null, b[index] ?? null)) return false;
  return true;
}

function sameMembers(a: JsonObject, b: JsonObject): boolean {
  let unmatched = 0;
  for (const key in a) {
    if (!Object.hasOwn(b, key) || !sameJson(a[key] ?? null, b[key] ?? null)) return false;
    unmatched++;
  }
  for (const _ in b) unmatched--;
  return unmatched === 0;
}

/**
 * Text that is the same for equal values and different for others: JSON with its members sorted by name (RFC 8785's
 * order), and with what JSON cannot say but a caller in the same process can: a `Date`, a bigint, NaN. A TypeError for
 * whatever has no members to tell it by: a Map, a class's instance.
 */
export function toCanonicalText(value: unknown): string {
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) return `${typeof value} ${value}`;
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map(toCanonicalText).join(",")}]`;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  if (!isRecord(value)) throw new TypeError(`a ${nameOf(value)} cannot be told from another, so it cannot be sent under an idempotency key`);
  let text = "";
  for (const name of sortedNames(value)) {
    const member = value[name];
    if (member !== undefined) text += `${text === "" ? "" : ","}${quote(name)}:${toCanonicalText(member)}`;
  }
  return `{${text}}`;
}

/** Most objects have their members in order already. */
function sortedNames(value: object): readonly string[] {
  const names = Object.keys(value);
  for (let at = 1; at < names.length; at++) if ((names[at - 1] ?? "") > (names[at] ?? "")) return names.sort();
  return names;
}

/** Whatever JSON escapes in a text; a surrogate stands alone or not, which JSON.stringify finds out. */
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/;

/** The text as JSON. */
function quote(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
