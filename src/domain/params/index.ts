export { compileActionParams, compileParams, type InferActionParams, type InferParams, type ParamsDeclaration } from "./declaration.ts";
export type { CompiledParams, CompiledShape, ParsedParams } from "./compile.ts";
export type { PendingReference } from "./parsing.ts";
export type { InferShape, InferShapeInput, InputOf, OutputOf, Param, ParamShape, Presence } from "./param.ts";
export { integer, number, type NumberBounds } from "./numeric.ts";
export { object } from "./object.ts";
export { text, type TextOptions } from "./text.ts";
