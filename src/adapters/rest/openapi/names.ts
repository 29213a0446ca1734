import type { JsonObject } from "../../../domain/json.ts";

/** What may stand under `components`. */
export type Section = "schemas" | "responses" | "parameters" | "headers";

/**
 * An action's key as an identifier: `orders/approve-order` is `orders__approve_order`. No key has two hyphens in a row or one beside a
 * slash, so no two keys have one identifier.
 */
export function toIdentifier(key: string): string {
  return key.replaceAll("-", "_").replaceAll("/", "__");
}

/** The ID of what is done with an action. It begins with a letter whatever the key does, and no other operation has two underscores. */
export function operationId(kind: "execute" | "preview" | "bulk" | "describe", key: string): string {
  return `${kind}__${toIdentifier(key)}`;
}

/** `not_found` is `NotFound`. Names of shared components begin with a capital, so that none is that of an action or a class. */
export function toPascalCase(name: string): string {
  return name.split("_").map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join("");
}

/** A pointer to a component. */
export function ref(section: Section, name: string): JsonObject {
  return { $ref: `#/components/${section}/${name}` };
}

/** {@link ref} to a schema. */
export function schema(name: string): JsonObject {
  return ref("schemas", name);
}

/** An object with these properties and no others; all but those of `optional` must be there. */
export function closed(properties: JsonObject, optional: JsonObject = {}): JsonObject {
  return { type: "object", properties: { ...properties, ...optional }, required: Object.keys(properties), additionalProperties: false };
}

/** The schema itself, or any of several. */
export function anyOf(schemas: readonly JsonObject[]): JsonObject {
  const [only, ...others] = schemas;
  return only !== undefined && others.length === 0 ? only : { anyOf: schemas };
}

/** Or null. */
export function orNull(value: JsonObject): JsonObject {
  return { anyOf: [value, { type: "null" }] };
}

export const TEXT: JsonObject = { type: "string" };
export const COUNT: JsonObject = { type: "integer", minimum: 0 };
export const FLAG: JsonObject = { type: "boolean" };
export const TRUE: JsonObject = { type: "boolean", const: true };
export const FALSE: JsonObject = { type: "boolean", const: false };
/** An object of any content. */
export const OBJECT: JsonObject = { type: "object" };
export const TIME: JsonObject = { type: "string", format: "date-time" };
