import { toJson, type Json, type JsonObject } from "../json.ts";
import { maskAll } from "./mask.ts";
import { isParam, type AnyParam, type ParamCode } from "./param.ts";
import { ABSENT, createParsing, INVALID, refuse, type Parsing, type Read } from "./parsing.ts";

/** A parameter with what was declared around its type. */
export interface FieldCode extends ParamCode {
  readonly required: boolean;
  /** What a left-out field comes to: {@link ABSENT}, its default, or a fault. */
  readonly whenAbsent: (parsing: Parsing, depth: number) => unknown;
}

/** Compiles a parameter of this name: `lines.quantity`. Throws a TypeError that says what is wrong with it. */
export function compileField(param: AnyParam, name: string): FieldCode {
  if (!isParam(param)) throw new TypeError(`parameter "${name}" must be a parameter type such as text() or integer()`);
  const { rules } = param;
  const code = rules.build(name);
  const read: Read = rules.nullable ? (value, parsing, depth) => (value === null ? null : code.read(value, parsing, depth)) : code.read;
  const fallback = rules.presence === "defaulted" ? checkDefault(param, name, { ...code, read }) : null;
  return {
    schema: {
      ...describe(param, name),
      ...(rules.nullable ? orNull(code.schema) : code.schema),
      ...fallback?.schema,
      ...(rules.secret ? { writeOnly: true } : {}),
    },
    read,
    subjects: code.subjects,
    mask: rules.secret ? maskAll : code.mask,
    required: rules.presence === "required",
    whenAbsent: fallback?.whenAbsent ?? (rules.presence === "optional" ? () => ABSENT : requireField),
  };
}

const requireField = (parsing: Parsing, depth: number) => refuse(parsing, depth, "Is required.");

function describe({ rules }: AnyParam, name: string): JsonObject {
  if (rules.description === null) return {};
  if (typeof rules.description !== "string") throw new TypeError(`parameter "${name}": describe() takes a text`);
  return { description: rules.description };
}

function orNull(schema: JsonObject): JsonObject {
  const { anyOf } = schema;
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: "null" }] };
  return { anyOf: [schema, { type: "null" }] };
}

interface Fallback {
  readonly schema: JsonObject;
  readonly whenAbsent: (parsing: Parsing, depth: number) => unknown;
}

/** Reads the default once as a caller's value would be read; one that holds references is read anew in every call. */
function checkDefault({ rules }: AnyParam, name: string, code: ParamCode): Fallback {
  if (rules.secret) throw new TypeError(`parameter "${name}": a secret may not have a default, which the schema would publish`);
  const given = toDefault(rules.fallback, name);
  const parsing = createParsing(code.subjects.length > 0);
  parsing.path.push(name);
  if (code.subjects.length > 0) parsing.holders.push({});
  const value = code.read(given, parsing, 1);
  if (value === INVALID) {
    const faults = [...(parsing.faults ?? [])].map(([path, sentences]) => `${path}: ${sentences.join(" ")}`).join(" ");
    throw new TypeError(`parameter "${name}": its default does not pass its own rules (${faults})`);
  }
  const whenAbsent: Fallback["whenAbsent"] = code.subjects.length === 0 ? () => value : (parsing, depth) => code.read(given, parsing, depth);
  return { schema: { default: given }, whenAbsent };
}

function toDefault(value: unknown, name: string): Json {
  try {
    return toJson(value);
  } catch {
    throw new TypeError(`parameter "${name}": its default must be written as the JSON that a caller would send`);
  }
}
