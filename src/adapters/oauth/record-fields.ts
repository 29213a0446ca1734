import type { Json, JsonObject } from "../../domain/json.ts";

/** Reads fields of stored values; a field of another type means a damaged record and throws a TypeError that names it. */
export function textField(value: JsonObject, name: string): string {
  const field = value[name];
  return typeof field === "string" ? field : refuse(name, "a text");
}

/** A field that is a text or null; absent counts as null. */
export function nullableText(value: JsonObject, name: string): string | null {
  const field = value[name] ?? null;
  return field === null || typeof field === "string" ? field : refuse(name, "a text or null");
}

/** A number. */
export function numberField(value: JsonObject, name: string): number {
  const field = value[name];
  return typeof field === "number" ? field : refuse(name, "a number");
}

/** True or false; absent counts as false. */
export function flagField(value: JsonObject, name: string): boolean {
  const field = value[name] ?? false;
  return typeof field === "boolean" ? field : refuse(name, "true or false");
}

/** A list of texts. */
export function textsField(value: JsonObject, name: string): readonly string[] {
  return objectsOrTexts(value, name).map((item) => (typeof item === "string" ? item : refuse(name, "a list of texts")));
}

/** A list of objects. */
export function objectsField(value: JsonObject, name: string): readonly JsonObject[] {
  return objectsOrTexts(value, name).map((item) => (isJsonObject(item) ? item : refuse(name, "a list of objects")));
}

/** Is this JSON value an object? */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectsOrTexts(value: JsonObject, name: string): readonly Json[] {
  const field = value[name];
  return Array.isArray(field) ? field : refuse(name, "a list");
}

function refuse(name: string, kind: string): never {
  throw new TypeError(`a stored record is damaged: ${name} is not ${kind}`);
}
