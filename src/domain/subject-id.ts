import type { JsonObject } from "./json.ts";

/** What a handler sees as a subject's ID. */
export type SubjectId = string | number;

/**
 * How the IDs of a subject class look. The class declares one kind, and that alone decides what an
 * ID in a URL or in a body means.
 */
export interface IdKind<Id extends SubjectId = SubjectId> {
  readonly name: "integer" | "uuid" | "pattern" | "text";
  /** The ID that a text stands for, or undefined when it is none. Never rounds, trims or repairs. */
  parse(text: string): Id | undefined;
  /** What a parameter that takes such an ID accepts, as JSON Schema 2020-12. */
  readonly schema: JsonObject;
}
