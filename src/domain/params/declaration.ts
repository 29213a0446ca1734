import { isObject } from "../json.ts";
import { compileShapeParams, type CompiledParams, type CompiledShape } from "./compile.ts";
import { isParam, type InferShape, type ParamShape } from "./param.ts";

/** How an action declares its parameters: parameter types by name. */
export type ParamsDeclaration = ParamShape;

/** What a handler gets as `params`. */
export type InferParams<D extends ParamsDeclaration> = InferShape<D>;
/** {@link InferParams}. */
export type InferActionParams<D extends ParamsDeclaration> = InferParams<D>;

/** Compiles what an action declared. Throws a TypeError that names the parameter and the remedy. */
export function compileParams<const S extends ParamShape>(shape: S): CompiledShape<InferParams<S>> {
  if (!isObject(shape) || isParam(shape)) throw new TypeError("params must be parameter types by name: { reason: text() }");
  return compileShapeParams({ ...shape });
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
