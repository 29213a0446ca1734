import type { SubjectClass } from "../catalog/subject.ts";
import type { JsonObject } from "../json.ts";
import type { Faults } from "./faults.ts";
import type { FindReferences } from "./pending-references.ts";

/** Stands for a value that was refused. */
export const INVALID: unique symbol = Symbol("invalid");

/** Stands for a field that was left out and has no default. */
export const ABSENT: unique symbol = Symbol("absent");

/**
 * What a parameter type comes to: made once, when the action is defined. Two ways lead through it: `take` on
 * every call, and `explain` for a value that was refused, which then finds at least one fault.
 */
export interface ParamCode {
  /** JSON Schema 2020-12: exactly what `take` takes. */
  readonly schema: JsonObject;
  readonly take: Take;
  readonly explain: Explain;
  /** The classes it refers to; empty for most. */
  readonly subjects: readonly SubjectClass[];
  /** Finds the references inside a value that was taken; null when there are none inside. */
  readonly findReferences: FindReferences | null;
  /** Masks the secrets inside a value; null when there are none inside. */
  readonly mask: Mask | null;
  /** What the trail keeps of a value that was taken; null when that is what the handler gets. */
  readonly forTrail: ForTrail | null;
}

/**
 * The value as the handler gets it, a copy and frozen, or {@link INVALID}. It says nothing about what is
 * wrong and where, so a value with no fault costs no path and no list. Undefined is never taken. Where
 * records are waited for their IDs stand, and what holds them is not frozen yet.
 */
export type Take = (value: unknown) => unknown;

/** Reports everything that is wrong with a value that was refused; it stands at this path. */
export type Explain = (value: unknown, path: string, faults: Faults) => void;

/** Answers the value with its secrets masked. Takes anything, valid or not. */
export type Mask = (value: unknown) => unknown;

/** The value as it was sent, secrets masked, as frozen JSON. Takes what was sent and what came of it. */
export type ForTrail = (sent: unknown, taken: unknown) => unknown;

/** The code of a type with nothing inside its values; `why` says what is wrong with one that was refused. */
export function scalarCode(schema: JsonObject, take: Take, why: (value: unknown) => string | readonly string[]): ParamCode {
  const explain: Explain = (value, path, faults) => {
    for (const sentence of [why(value)].flat()) faults.report(path, sentence);
  };
  return { schema, take, explain, subjects: [], findReferences: null, mask: null, forTrail: null };
}
