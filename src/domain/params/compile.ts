import type { FieldErrors } from "../errors.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { maskNothing } from "./mask.ts";
import { compileShape } from "./object.ts";
import type { InferShape, ParamShape } from "./param.ts";
import { closeAll, createParsing, INVALID, type Parsing, type PendingReference } from "./parsing.ts";

/** What became of a call's parameters: the values, with the records they still wait for; or every fault. */
export type ParsedParams<P> =
  | { readonly ok: true; readonly value: P; readonly references: readonly PendingReference[] }
  | { readonly ok: false; readonly errors: FieldErrors };

/** The parameters of an action, ready to be read. */
export interface CompiledParams<P> {
  /** JSON Schema 2020-12 of type object: what `parse` takes, no more and no less. */
  readonly schema: JsonObject;
  /** The names at the top, as declared. */
  readonly names: readonly string[];
  /** The classes that references point at, each once. */
  readonly subjects: readonly SubjectClass[];
  /** Only a Standard Schema may answer by a promise. */
  parse(input: unknown): MaybePromise<ParsedParams<P>>;
  /** The input with its secrets masked, for records of the call. Takes anything. */
  mask(input: unknown): unknown;
}

/** {@link CompiledParams} that answer at once. */
export interface CompiledShape<P> extends CompiledParams<P> {
  parse(input: unknown): ParsedParams<P>;
}

/** For values that wait for none. */
export const NO_REFERENCES: readonly PendingReference[] = Object.freeze([]);

/** Compiles a shape of parameter types. Throws a TypeError that names the parameter and the remedy. */
export function compileShapeParams<S extends ParamShape>(shape: S): CompiledShape<InferShape<S>>;
// The types above follow from the shape alone; what builds the values works with any.
export function compileShapeParams(shape: ParamShape): CompiledShape<unknown> {
  const code = compileShape(shape);
  const hasReferences = code.subjects.length > 0;
  return Object.freeze({
    schema: toJsonObject(code.schema, "schema"),
    names: Object.freeze(Object.keys(shape)),
    subjects: Object.freeze([...code.subjects]),
    parse(input: unknown): ParsedParams<unknown> {
      const parsing = createParsing(hasReferences);
      const value = code.read(input, parsing, 0);
      if (value === INVALID) return { ok: false, errors: Object.fromEntries(parsing.faults ?? []) };
      return { ok: true, value, references: finish(parsing) };
    },
    mask: code.mask ?? maskNothing,
  });
}

/** The references that were met. When there are none, what waited for them is frozen. */
function finish(parsing: Parsing): readonly PendingReference[] {
  if (parsing.references.length > 0) return parsing.references;
  closeAll(parsing);
  return NO_REFERENCES;
}
