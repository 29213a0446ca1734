import { toJson, type Json, type JsonObject } from "../json.ts";
import { Faults } from "./faults.ts";
import { maskAll } from "./mask.ts";
import { isParam, type AnyParam } from "./param.ts";
import { ABSENT, INVALID, type ParamCode } from "./param-code.ts";

/** A parameter with what was declared around its type. */
export interface FieldCode extends ParamCode {
  readonly required: boolean;
  readonly hasDefault: boolean;
  /** What it comes to when it is left out: {@link ABSENT}, its default, or {@link INVALID}. */
  readonly whenAbsent: () => unknown;
}

/** Compiles a parameter of this name: `lines.quantity`. Throws a TypeError that says what is wrong with it. */
export function compileField(param: AnyParam, name: string): FieldCode {
  if (!isParam(param)) throw new TypeError(`parameter "${name}" must be a parameter type such as text() or integer()`);
  const { rules } = param;
  const built = rules.build(name);
  const code = rules.nullable ? orNull(built) : built;
  const fallback = rules.presence === "defaulted" ? checkDefault(param, name, code) : null;
  return {
    ...code,
    schema: { ...describe(param, name), ...code.schema, ...fallback?.schema, ...(rules.secret ? { writeOnly: true } : {}) },
    ...(rules.secret ? { mask: maskAll, forTrail: maskAll } : {}),
    required: rules.presence === "required",
    hasDefault: fallback !== null,
    whenAbsent: fallback?.whenAbsent ?? (rules.presence === "optional" ? () => ABSENT : () => INVALID),
  };
}

/** The code of a type whose values may also be null. */
function orNull({ take, findReferences, forTrail, ...code }: ParamCode): ParamCode {
  return {
    ...code,
    schema: schemaOrNull(code.schema),
    take: (value) => (value === null ? null : take(value)),
    findReferences: findReferences && ((taken, ...rest) => (taken === null ? undefined : findReferences(taken, ...rest))),
    forTrail: forTrail && ((sent, taken) => (taken === null ? null : forTrail(sent, taken))),
  };
}

function describe({ rules }: AnyParam, name: string): JsonObject {
  if (rules.description === null) return {};
  if (typeof rules.description !== "string") throw new TypeError(`parameter "${name}": describe() takes a text`);
  return { description: rules.description };
}

function schemaOrNull(schema: JsonObject): JsonObject {
  const { anyOf } = schema;
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: "null" }] };
  return { anyOf: [schema, { type: "null" }] };
}

interface Fallback {
  readonly schema: JsonObject;
  readonly whenAbsent: () => unknown;
}

/** Takes the default once as a caller's value would be taken; one that holds references is taken again in every call. */
function checkDefault({ rules }: AnyParam, name: string, { take, explain, findReferences }: ParamCode): Fallback {
  if (rules.secret) throw new TypeError(`parameter "${name}": a secret may not have a default, which the schema would publish`);
  const given = toDefault(rules.fallback, name);
  const value = take(given);
  if (value === INVALID) {
    const faults = new Faults();
    explain(given, name, faults);
    const told = Object.entries(faults.toErrors()).map(([path, sentences]) => `${path}: ${sentences.join(" ")}`).join(" ");
    throw new TypeError(`parameter "${name}": its default does not pass its own rules (${told})`);
  }
  return { schema: { default: given }, whenAbsent: findReferences === null ? () => value : () => take(given) };
}

function toDefault(value: unknown, name: string): Json {
  try {
    return toJson(value);
  } catch {
    throw new TypeError(`parameter "${name}": its default must be written as the JSON that a caller would send`);
  }
}
