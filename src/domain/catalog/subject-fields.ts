import type { JsonObject } from "../json.ts";
import { compileField } from "../params/field.ts";
import type { AnyParam, InputOf, ParamShape } from "../params/param.ts";
import type { SubjectRecord } from "./subject.ts";

/** A field that may be public: all but `id`, which always is. Of a union, those of any of its members. */
export type FieldName<R> = R extends unknown ? Exclude<keyof R & string, "id"> : never;

/** The types of public fields by name. */
export type FieldTypes = ParamShape;

/** Public fields as they are declared: by name, or each with a type that takes all that the record may have there. */
export type FieldsOf<R extends SubjectRecord, F extends FieldTypes, N extends FieldName<R> = FieldName<R>> = readonly N[] | (F & { readonly [K in keyof F]: FitsField<R, K, F[K]> });

type FitsField<R, K, P extends AnyParam> = K extends FieldName<R> ? (Exclude<ValueAt<R, K>, undefined> extends InputOf<P> ? P : never) : never;

/** What a record has there; of a union, those of its members that have it. */
type ValueAt<R, K> = R extends unknown ? (K extends keyof R ? R[K] : never) : never;

/** The names of the public fields: those that have types, or else those that are named. */
export type PublicOf<F extends FieldTypes, N extends string> = [keyof F] extends [never] ? N : string extends keyof F ? N : keyof F & string;

/** What a subject class knows of its public fields. */
interface CompiledFields {
  readonly fields: readonly string[] | null;
  readonly fieldSchemas: Readonly<Record<string, JsonObject>>;
}

/** Throws a TypeError that names the class and the field. */
export function compileFields(className: string, fields: readonly string[] | FieldTypes | undefined): CompiledFields {
  if (fields === undefined) return { fields: null, fieldSchemas: NO_SCHEMAS };
  if (typeof fields !== "object" || fields === null || isList(fields) && !fields.every((name) => typeof name === "string")) {
    throw new TypeError(`subject class "${className}": fields must be a list of names, ["shipped_at"], or a type for each, { shipped_at: dateTime() }`);
  }
  if (isList(fields)) return { fields: Object.freeze([...fields]), fieldSchemas: Object.freeze(Object.fromEntries(fields.map((name) => [name, ANY]))) };
  const schemas = Object.entries(fields).map(([name, type]) => [name, schemaOf(className, name, type)] as const);
  return { fields: Object.freeze(Object.keys(fields)), fieldSchemas: Object.freeze(Object.fromEntries(schemas)) };
}

const NO_SCHEMAS: Readonly<Record<string, JsonObject>> = Object.freeze({});
const ANY: JsonObject = Object.freeze({});

function schemaOf(className: string, name: string, type: AnyParam): JsonObject {
  try {
    return compileField(type, name).schema;
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`subject class "${className}": the type of its field is wrong: ${error.message}`, { cause: error });
    throw error;
  }
}

function isList(fields: readonly string[] | FieldTypes): fields is readonly string[] {
  return Array.isArray(fields);
}
