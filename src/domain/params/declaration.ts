import { isObject } from "../json.ts";
import { compileShapeParams, type CompiledParams, type CompiledShape } from "./compile.ts";
import { compileStandardParams } from "./standard/compile-standard.ts";
import { isParam, type InputShape, type OutputShape, type ParamShape } from "./param.ts";
import { isStandardSchema, type StandardSchema } from "./standard/standard.ts";

/** How an action declares its parameters: parameter types by name, or a Standard Schema. */
export type ParamsDeclaration = ParamShape | StandardSchema;

/** What a handler gets as `params`. */
export type InferParams<D extends ParamsDeclaration> = D extends StandardSchema
  ? NonNullable<D["~standard"]["types"]>["output"]
  : OutputShape<D>;

/** What a caller sends. */
export type InferParamsInput<D extends ParamsDeclaration> = D extends StandardSchema
  ? NonNullable<D["~standard"]["types"]>["input"]
  : InputShape<D>;

/** {@link InferParams}, by the name that actions use. */
export type InferActionParams<D extends ParamsDeclaration> = InferParams<D>;

/** Compiles what was declared. Throws a TypeError that names the parameter and the remedy. */
export function compileParams<const S extends ParamShape>(shape: S): CompiledShape<InferParams<S>>;
export function compileParams<const D extends ParamsDeclaration>(declaration: D): CompiledParams<InferParams<D>>;
export function compileParams(declaration: ParamsDeclaration): CompiledParams<unknown> {
  if (isStandardSchema(declaration)) return compileStandardParams(declaration);
  if (!isShape(declaration)) {
    throw new TypeError("params must be parameter types by name, { reason: text() }, or a Standard Schema of version 1");
  }
  return compileShapeParams({ ...declaration });
}

/** {@link compileParams} for the action of this key, which a TypeError then names. None declared: no fields are taken. */
export function compileActionParams<const D extends ParamsDeclaration>(key: string, declaration: D | undefined): CompiledParams<InferActionParams<D>>;
export function compileActionParams(key: string, declaration: ParamsDeclaration = {}): CompiledParams<unknown> {
  try {
    return compileParams(declaration);
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`action "${key}": ${error.message}`, { cause: error });
    throw error;
  }
}

function isShape(declaration: ParamsDeclaration): declaration is ParamShape {
  return isObject(declaration) && !isParam(declaration) && !("~standard" in declaration);
}
