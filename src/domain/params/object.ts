import { isObject, type Json, type JsonObject } from "../json.ts";
import { compileField, type FieldCode } from "./field.ts";
import { maskFields } from "./mask.ts";
import { createParam, isParam, type InferShape, type InferShapeInput, type Param, type ParamCode, type ParamShape } from "./param.ts";
import { ABSENT, INVALID, isFull, keepOpen, pathAt, refuse, report, shorten, type Parsing, type Read } from "./parsing.ts";

/** A name that reads the same in every language, and that no object has by itself. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
/** So many of the declared names are told to whoever sent another. */
const MAX_TOLD_NAMES = 12;

interface Field extends FieldCode {
  readonly name: string;
}

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
  return {
    schema: toSchema(fields),
    read: readFields(fields),
    subjects: [...new Set(fields.flatMap((field) => field.subjects))],
    mask: maskFields(fields),
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

/** Reads only what is declared, and only the object's own, into an object of our own. */
function readFields(fields: readonly Field[]): Read {
  const names = new Set(fields.map((field) => field.name));
  const waits = fields.some((field) => field.subjects.length > 0);
  return (value, parsing, depth) => {
    if (!isObject(value)) return refuse(parsing, depth, "Must be an object.");
    const copy: Record<string, unknown> = {};
    if (waits) keepOpen(copy, parsing, depth);
    let given = 0;
    let valid = true;
    for (const field of fields) {
      const { name } = field;
      parsing.path[depth] = name;
      const isGiven = Object.hasOwn(value, name);
      if (isGiven) given++;
      const member = isGiven && value[name] !== undefined ? field.read(value[name], parsing, depth + 1) : field.whenAbsent(parsing, depth + 1);
      if (member === INVALID) valid = false;
      else if (member !== ABSENT) copy[name] = member;
    }
    if (Object.keys(value).length !== given) valid = refuseUnknown(value, names, parsing, depth);
    if (!valid) return INVALID;
    return waits ? copy : Object.freeze(copy);
  };
}

/** Reports every field that is not among the names. */
export function refuseUnknown(value: Readonly<Record<string, unknown>>, names: ReadonlySet<string>, parsing: Parsing, depth: number): false {
  const told = [...names].slice(0, MAX_TOLD_NAMES).join(", ");
  const more = names.size > MAX_TOLD_NAMES ? ", …" : "";
  const remedy = names.size === 0 ? "Leave it out: no fields are taken here." : `Leave it out, or use one of: ${told}${more}.`;
  for (const name of Object.keys(value)) {
    if (isFull(parsing)) break;
    if (names.has(name)) continue;
    parsing.path[depth] = shorten(name);
    report(parsing, pathAt(parsing, depth + 1), `Is not a known field. ${remedy}`);
  }
  return false;
}
