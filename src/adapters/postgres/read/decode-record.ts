import type { JsonObject } from "../../../domain/json.ts";
import type { StoredRecord } from "../../../domain/ports.ts";
import { createRecord, deepFreeze } from "../../records/stored-record.ts";
import { textOf, type Row } from "../query.ts";

/** The record that a row of `read` or `list` is. */
export function toRecord(collection: string, id: string, row: Row): StoredRecord {
  const expiresAt = row["expires_at"] === null ? undefined : Number(textOf(row, "expires_at"));
  return createRecord(collection, id, Number(textOf(row, "version")), parseValue(textOf(row, "value")), expiresAt);
}

/** A value as it was written, frozen. */
export function parseValue(text: string): JsonObject {
  // It was a JsonObject when it was written.
  const value: JsonObject = JSON.parse(text);
  deepFreeze(value);
  return value;
}
