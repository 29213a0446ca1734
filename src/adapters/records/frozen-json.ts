import { toJsonObject } from "../../domain/json.ts";
import type { JsonObject } from "../../domain/json.ts";

/** The value itself when nobody can change it any more, else a frozen copy; a TypeError when it is not JSON. */
export function freezeJson(value: JsonObject): JsonObject {
  return isFrozenJson(value, 0) ? value : toJsonObject(value);
}

function isFrozenJson(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object" || depth > 64 || !Object.isFrozen(value)) return false;
  if (Array.isArray(value)) return value.every((item) => isFrozenJson(item, depth + 1));
  return isPlain(value) && Object.values(value).every((item) => isFrozenJson(item, depth + 1));
}

/** A frozen Date, Map or class instance can still change, or is not what JSON would make of it. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
