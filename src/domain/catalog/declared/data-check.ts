import { isObject, toJsonObject, type JsonObject } from "../../json.ts";
import type { FieldErrors } from "../../errors.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import { compileParams, type CompiledParams, type Param, type ParamsDeclaration, type Presence } from "../../params/index.ts";
import { isParam } from "../../params/param.ts";

/** What describes data that goes out: parameter types by name, `object({ … })`, or a Standard Schema. */
export type DataDeclaration = ParamsDeclaration | Param<unknown, Presence, unknown>;

/** Data that goes out, as it was declared. */
export interface DataCheck {
  /** JSON Schema 2020-12. */
  readonly schema: JsonObject;
  /** Why the data is not what was declared; undefined when it is. Names fields, never values. */
  misfit(data: unknown): MaybePromise<string | undefined>;
}

/** Compiles what `role` of an action was declared as. Throws a TypeError that names both. */
export function compileDeclared(key: string, role: string, declaration: DataDeclaration): DataCheck {
  try {
    return isParam(declaration) ? compileOne(declaration) : toCheck(compileParams(declaration));
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`action "${key}": ${role}: ${error.message}`, { cause: error });
    throw error;
  }
}

function compileOne(param: Param<unknown, Presence, unknown>): DataCheck {
  const within = toCheck(compileParams({ data: param }));
  const { properties } = within.schema;
  const schema = isObject(properties) ? properties["data"] : undefined;
  if (!isObject(schema) || schema["type"] !== "object") throw new TypeError("must be an object, { total: integer() } or object({ … }): all data is one");
  return { schema: toJsonObject(schema), misfit: (data) => within.misfit({ data }) };
}

function toCheck(compiled: CompiledParams<unknown>): DataCheck {
  return {
    schema: compiled.schema,
    async misfit(data) {
      const parsed = await compiled.parse(data);
      return parsed.ok ? undefined : firstOf(parsed.errors);
    },
  };
}

/** The first fault, by its field. */
function firstOf(errors: FieldErrors): string {
  const [[field, [sentence = "Is not valid."] = []] = ["", []]] = Object.entries(errors);
  return field === "" ? sentence : `${field}: ${sentence}`;
}
