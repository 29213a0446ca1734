import { isObject, type Json, type JsonObject } from "../../json.ts";
import { compileField } from "../field.ts";
import { explainFields, findInFields, type Field } from "../fields.ts";
import { fieldsForTrail } from "../for-trail.ts";
import { maskFields } from "../mask.ts";
import { createParam, isParam, type InferShape, type InferShapeInput, type Param, type ParamShape } from "../param.ts";
import type { ParamCode } from "../param-code.ts";
import { takeFields } from "../take-fields.ts";

/** A name that reads the same in every language, and that no object has by itself. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** An object of its own: `object({ street: text(), city: text() })`. Fields that are not declared are refused. */
export function object<const S extends ParamShape>(shape: S): Param<InferShape<S>, "required", InferShapeInput<S>> {
  const copy = { ...shape };
  return createParam((name) => {
    if (!isObject(shape) || isParam(shape)) throw new TypeError(`parameter "${name}": object() takes parameter types by name`);
    return compileShape(copy, `${name}.`);
  });
}

/** Compiles a shape; `prefix` stands before its names in what a TypeError says. */
export function compileShape(shape: ParamShape, prefix = ""): ParamCode {
  const fields = Object.keys(shape).map((name) => toField(name, shape, prefix));
  const findReferences = findInFields(fields);
  return {
    schema: toSchema(fields),
    take: takeFields(fields, findReferences !== null),
    explain: explainFields(fields),
    subjects: [...new Set(fields.flatMap((field) => field.subjects))],
    findReferences,
    mask: maskFields(fields),
    forTrail: fieldsForTrail(fields),
  };
}

function toField(name: string, shape: ParamShape, prefix: string): Field {
  checkParamName(name, prefix + name);
  const param = shape[name];
  if (param === undefined) throw new TypeError(`parameter "${prefix}${name}" is undefined (is an import circular?)`);
  return { ...compileField(param, prefix + name), name };
}

/** Refuses what cannot be a parameter's name; `path` is what a TypeError calls it. */
export function checkParamName(name: string, path: string): void {
  if (NAME.test(name) && !RESERVED.has(name)) return;
  const rule = `a name is letters, digits and underscores, begins with no digit, and is none of ${[...RESERVED].join(", ")}`;
  throw new TypeError(`parameter "${path}": ${rule}`);
}

function toSchema(fields: readonly Field[]): JsonObject {
  const required: Json = fields.filter((field) => field.required).map((field) => field.name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, field.schema])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}
