import type { JsonObject } from "../../domain/json.ts";
import type { StoredRecord } from "../../domain/ports.ts";

/** A record; without `expiresAt` when it never expires. The value has to be frozen already. */
export function createRecord(collection: string, id: string, version: number, value: JsonObject, expiresAt: number | undefined): StoredRecord {
  return Object.freeze(expiresAt === undefined ? { collection, id, version, value } : { collection, id, version, value, expiresAt });
}

/** Freezes a JSON value through and through. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const item of Object.values(value)) deepFreeze(item);
  Object.freeze(value);
}
