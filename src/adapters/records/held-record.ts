import type { JsonObject } from "../../domain/json.ts";
import type { StoredRecord } from "../../domain/ports.ts";

/**
 * A record whose value is still the JSON text that it was stored as. Most records of a large store
 * are not looked at for a long time, and a text costs less memory and time than what it stands for.
 */
export class SleepingRecord {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly text: string;
  readonly expiresAt: number | undefined;

  constructor(collection: string, id: string, version: number, text: string, expiresAt: number | undefined) {
    this.collection = collection;
    this.id = id;
    this.version = version;
    this.text = text;
    this.expiresAt = expiresAt;
  }
}

/** A record as a table holds it. */
export type HeldRecord = StoredRecord | SleepingRecord;

/** The record with its value, frozen through and through. */
export function wake(sleeping: SleepingRecord): StoredRecord {
  const value: JsonObject = JSON.parse(sleeping.text);
  deepFreeze(value);
  return createRecord(sleeping.collection, sleeping.id, sleeping.version, value, sleeping.expiresAt);
}

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
