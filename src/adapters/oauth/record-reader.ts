import { isObject } from "../../domain/json.ts";
import { compileParams } from "../../domain/params/index.ts";
import type { InferParams, ParamShape } from "../../domain/params/index.ts";

/**
 * Makes a reader of stored values of one shape. A field that is declared and not as declared means a damaged record, and throws
 * a TypeError that names it; fields that are not declared, such as those of a later version, are left out.
 */
export function createRecordReader<const S extends ParamShape>(shape: S): (value: unknown) => InferParams<S> {
  const compiled = compileParams(shape);
  return (value) => {
    const parsed = compiled.parse(isObject(value) ? pickFields(value, compiled.names) : value);
    if (parsed.ok) return parsed.value;
    const faults = Object.entries(parsed.errors).map(([field, sentences]) => `${field === "" ? "it" : field}: ${sentences.join(" ")}`);
    throw damaged(faults.join(" "));
  };
}

/** A stored record that is not as it was written, and what is wrong with it. */
export function damaged(faults: string): TypeError {
  return new TypeError(`a stored record is damaged: ${faults}`);
}

function pickFields(value: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  const picked: Record<string, unknown> = {};
  for (const name of names) if (Object.hasOwn(value, name)) picked[name] = value[name];
  return picked;
}
