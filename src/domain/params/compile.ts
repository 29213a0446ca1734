import type { FieldErrors } from "../errors.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { Faults } from "./faults.ts";
import { limitForTrail } from "./for-trail.ts";
import { maskNothing } from "./mask.ts";
import { compileShape } from "./types/object.ts";
import type { InferShape, ParamShape } from "./param.ts";
import { INVALID, type ParamCode } from "./param-code.ts";
import { NO_REFERENCES, PendingReferences, type PendingReference } from "./pending-references.ts";

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
  /** Are the values frozen JSON? Those that a Standard Schema makes may be anything. */
  readonly makesFrozenJson: boolean;
  /** Only a Standard Schema may answer by a promise. */
  parse(input: unknown): MaybePromise<ParsedParams<P>>;
  /** The input with its secrets masked, for records of the call. Takes anything. */
  mask(input: unknown): unknown;
  /**
   * What the trail keeps of an input that was valid: its fields as they were sent, secrets masked, as frozen JSON. Null
   * when it is longer than 65,536 characters of text. Never throws. `value` is what parse() made of the input, its
   * references resolved: it is shared where it says the same.
   */
  forTrail(input: unknown, value: unknown): JsonObject | null;
}

/** {@link CompiledParams} that answer at once. */
export interface CompiledShape<P> extends CompiledParams<P> {
  parse(input: unknown): ParsedParams<P>;
}

/** Compiles a shape of parameter types. Throws a TypeError that names the parameter and the remedy. */
export function compileShapeParams<S extends ParamShape>(shape: S): CompiledShape<InferShape<S>>;
// The types above follow from the shape alone; what builds the values works with any.
export function compileShapeParams(shape: ParamShape): CompiledShape<unknown> {
  const code = compileShape(shape);
  const names = Object.freeze(Object.keys(shape));
  const mask = code.mask ?? maskNothing;
  return Object.freeze({
    schema: toJsonObject(code.schema, "schema"),
    names,
    subjects: Object.freeze([...code.subjects]),
    makesFrozenJson: true,
    parse(input: unknown): ParsedParams<unknown> {
      const value = code.take(input);
      if (value === INVALID) return { ok: false, errors: explain(code, input) };
      return { ok: true, value, references: code.findReferences === null ? NO_REFERENCES : findReferences(code, value) };
    },
    mask,
    forTrail(input: unknown, value: unknown): JsonObject | null {
      try {
        return limitForTrail(code.forTrail === null ? value : code.forTrail(input, value));
      } catch {
        return null;
      }
    },
  });
}

function explain(code: ParamCode, input: unknown): FieldErrors {
  const faults = new Faults();
  code.explain(input, "", faults);
  return faults.toErrors();
}

function findReferences(code: ParamCode, value: unknown): readonly PendingReference[] {
  const found = new PendingReferences();
  code.findReferences?.(value, "", () => undefined, found);
  return found.finish();
}
