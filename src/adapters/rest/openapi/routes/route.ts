import type { JsonObject } from "../../../../domain/json.ts";
import { headers } from "../headers.ts";
import { closed, orNull, TEXT, TRUE } from "../names.ts";

/** A page of a list that can grow. */
export function pageOf(items: JsonObject): JsonObject {
  return closed({ success: TRUE, data: { type: "array", items }, next: { ...orNull(TEXT), description: "For `after`; null on the last page." } });
}

/** An answer of 200: JSON, and in what other forms it comes. */
export function ok(description: string, content: JsonObject, more: JsonObject = {}): JsonObject {
  return { description, headers: headers(), content: { "application/json": { schema: content }, ...more } };
}

/** An answer as events, which OpenAPI 3.1 has no word for. */
export function asEvents(description: string): JsonObject {
  return { "text/event-stream": { schema: { type: "string", description } } };
}

/** A parameter in the query. */
export function query(name: string, description: string, value: JsonObject = TEXT): JsonObject {
  return { name, in: "query", description, schema: value };
}

/** An operation that reads. */
export function read(operationId: string, tag: string, summary: string, parts: JsonObject): JsonObject {
  return { get: { operationId, tags: [tag], summary, description: `${summary}.`, ...parts } };
}

/** A subject by its class and ID, or none. */
export const SUBJECT_REFERENCE: JsonObject = orNull(closed({ class: TEXT, id: TEXT }));
