import type { SubjectClass } from "../catalog/subject.ts";
import type { FieldErrors } from "../errors.ts";
import { titleOf } from "../execution/answer/result.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** What a JSON value without parts may be. */
export type Scalar = string | number | boolean | null;

/** Which subjects are wanted. */
export interface SubjectConditions {
  /** Text anywhere in the title, letters of any case. */
  readonly q?: string | undefined;
  /** Public fields that must have this value. A text stands for whatever JSON writes so: `5`, `true`, `null`, or the text itself. */
  readonly fields?: Readonly<Record<string, Scalar>> | undefined;
}

/** Conditions that were understood, as a question to each record. */
export class SubjectFilter {
  readonly #subject: SubjectClass;
  readonly #text: string;
  readonly #fields: readonly (readonly [name: string, value: Scalar])[];
  /** Which of the fields no record had a plain value in yet, where the class does not say what they hold. */
  readonly #unseen: Set<string>;
  /** Those of them in which a record had a list or an object. */
  readonly #inParts = new Set<string>();

  constructor(subject: SubjectClass, { q = "", fields = {} }: SubjectConditions) {
    this.#subject = subject;
    this.#text = foldCase(q);
    this.#fields = Object.entries(fields);
    this.#unseen = new Set(Object.keys(fields).filter((name) => Object.keys(subject.fieldSchemas[name] ?? {}).length === 0));
  }

  /** Does it let everything through? */
  get isOpen(): boolean {
    return this.#text === "" && this.#fields.length === 0;
  }

  /** What the records that were looked at have shown to be wrong with the fields; `isAll`: they were all that there are. */
  faults(isAll: boolean): FieldErrors {
    const subject = this.#subject;
    const wrong = [...this.#unseen].filter((name) => this.#inParts.has(name) || (isAll && subject.fields === null));
    return Object.fromEntries(wrong.map((name) => [name, [subject.fields === null ? unknownField(subject, name) : noPlainValue(name)]]));
  }

  admits(value: JsonObject): boolean {
    for (const name of this.#unseen) this.#noteField(name, ownValue(value, name));
    for (const [name, wanted] of this.#fields) if (!isSame(ownValue(value, name), wanted)) return false;
    return this.#text === "" || foldCase(titleOf(this.#subject, value)).includes(this.#text);
  }

  #noteField(name: string, value: Json | undefined): void {
    if (isScalar(value)) this.#unseen.delete(name);
    else if (value !== undefined) this.#inParts.add(name);
  }
}

/** What is wrong with the fields that are asked for, by name, as far as the class tells. */
export function findFieldFaults(subject: SubjectClass, { fields = {} }: SubjectConditions): FieldErrors {
  const faults: Record<string, readonly string[]> = Object.create(null);
  for (const name of Object.keys(fields)) {
    const sentence = faultOf(subject, name);
    if (sentence !== null) faults[name] = [sentence];
  }
  return faults;
}

function faultOf(subject: SubjectClass, name: string): string | null {
  if (name === "id" || name === "title") return `${name} is not a field to compare: ask for the ID itself, or for text in the title by q.`;
  if (subject.fields === null) return null;
  if (!subject.fields.includes(name)) return unknownField(subject, name);
  return mayBeScalar(subject.fieldSchemas[name] ?? {}) ? null : noPlainValue(name);
}

function noPlainValue(name: string): string {
  return `${name} has no plain value, so it cannot be compared.`;
}

/** The sentence about a field that there is not. */
function unknownField({ fields, label }: SubjectClass, name: string): string {
  const told = fields === null || fields.length === 0 ? "" : ` Use one of: ${fields.join(", ")}.`;
  return `${name} is not a public field with a plain value of ${label}.${told}`;
}

/** Can a value that this schema admits be a text, a number or a boolean? */
function mayBeScalar({ type, anyOf }: JsonObject): boolean {
  if (!Array.isArray(anyOf)) return type !== "array" && type !== "object" && type !== "null";
  return anyOf.some((each: Json) => !isJsonObject(each) || mayBeScalar(each));
}

/** A text stands for what JSON writes so. */
function isSame(value: Json | undefined, wanted: Scalar): boolean {
  if (!isScalar(value)) return false;
  return value === wanted || (typeof wanted === "string" && typeof value !== "string" && JSON.stringify(value) === wanted);
}

function isScalar(value: Json | undefined): value is Scalar {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** No property of a prototype is a field. */
function ownValue(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * Texts that differ in the case of letters only become the same, in any script and under no locale: `ß`, `ẞ` and `SS` do, and so do the three sigmas,
 * of which toLowerCase() alone would make two.
 */
function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase();
}
