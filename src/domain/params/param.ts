import type { ParamCode } from "./param-code.ts";

/** May the field be left out, and what then? */
export type Presence = "required" | "optional" | "defaulted";

/** What was declared about a parameter. */
export interface ParamRules {
  /** Makes the code for a value that is not null. Throws a TypeError that names the parameter. */
  readonly build: (name: string) => ParamCode;
  readonly presence: Presence;
  readonly nullable: boolean;
  readonly secret: boolean;
  readonly description: string | null;
  /** As it would stand in the JSON; only with the presence `defaulted`. */
  readonly fallback: unknown;
}

/**
 * A parameter type: `text({ max: 500 }).optional()`. Immutable; every method answers a new one. `T`
 * is what a handler gets, `In` what a caller sends. What is wrong with it is said when an action
 * that has it is defined, since only then it has a name.
 */
export interface Param<T, P extends Presence = "required", In = T> {
  /** Only in the type. */
  readonly "~types"?: { readonly output: T; readonly input: In; readonly presence: P };
  readonly rules: ParamRules;
  /** May be left out: then the handler's params have no such property. */
  optional(): Param<T, P extends "defaulted" ? "defaulted" : "optional", In>;
  /** May be null. */
  nullable(): Param<T | null, P, In | null>;
  /** Stands in when the field is left out; written as a caller would send it. Published in the schema. */
  default(value: In): Param<T, "defaulted", In>;
  /** Tells people what it is for; stands in the schema. */
  describe(text: string): Param<T, P, In>;
  /** Its value is masked wherever a call is recorded. */
  secret(): Param<T, P, In>;
}

/** Any parameter type. */
export type AnyParam = Param<unknown, Presence, unknown>;

/** Parameters by name: `{ reason: text().optional() }`. */
export interface ParamShape {
  readonly [name: string]: AnyParam;
}

/** What a handler gets for one parameter. */
export type OutputOf<P extends AnyParam> = Output<P>;

/** What a caller sends for one parameter. */
export type InputOf<P extends AnyParam> = Input<P>;

/** What a handler gets for a shape: left-out optional fields are absent, defaults are there. */
export type InferShape<S extends ParamShape> = OutputShape<S>;

/** What a caller sends for a shape. */
export type InferShapeInput<S extends ParamShape> = InputShape<S>;

// Each action of an application has a shape of its own, and few types of parameters are in them all. So what is asked of a parameter is a conditional type of it alone,
// which a compiler works out once; nothing is asked again that a constraint has said; and where no name may be absent, as in most shapes, one type is made instead of three.
type Output<P> = P extends { readonly "~types"?: { readonly output: infer T } } ? T : never;
type Input<P> = P extends { readonly "~types"?: { readonly input: infer T } } ? T : never;
type PresenceOf<P> = P extends { readonly "~types"?: { readonly presence: infer T } } ? T : never;
type NamesWith<S, P extends Presence> = { [K in keyof S]: PresenceOf<S[K]> extends P ? K : never }[keyof S];
type Flatten<T> = { [K in keyof T]: T[K] };

/** {@link InferShape} of what is known to be a shape. */
export type OutputShape<S> = "optional" extends PresenceOf<S[keyof S]> ? OutputBut<S, NamesWith<S, "optional">> : { readonly [K in keyof S]: Output<S[K]> };

/** {@link InferShapeInput} of what is known to be a shape. */
export type InputShape<S> = PresenceOf<S[keyof S]> extends "required" ? { readonly [K in keyof S]: Input<S[K]> } : InputBut<S, NamesWith<S, "optional" | "defaulted">>;

// `N` are the names that may be absent.
type OutputBut<S, N> = Flatten<{ readonly [K in Exclude<keyof S, N>]: Output<S[K]> } & { readonly [K in keyof S & N]?: Output<S[K]> }>;
type InputBut<S, N> = Flatten<{ readonly [K in Exclude<keyof S, N>]: Input<S[K]> } & { readonly [K in keyof S & N]?: Input<S[K]> }>;

const MADE_HERE = new WeakSet<object>();

/** A required parameter type of one's own. */
export function createParam<T, In = T>(build: (name: string) => ParamCode): Param<T, "required", In> {
  return withRules({ build, presence: "required", nullable: false, secret: false, description: null, fallback: undefined });
}

/** Was it made by one of the parameter types? */
export function isParam(value: unknown): value is AnyParam {
  return typeof value === "object" && value !== null && MADE_HERE.has(value);
}

function withRules<T, P extends Presence, In>(rules: ParamRules): Param<T, P, In> {
  const param: Param<T, P, In> = {
    rules: Object.freeze(rules),
    optional: () => withRules({ ...rules, presence: rules.presence === "defaulted" ? "defaulted" : "optional" }),
    nullable: () => withRules({ ...rules, nullable: true }),
    default: (value) => withRules({ ...rules, presence: "defaulted", fallback: value }),
    describe: (text) => withRules({ ...rules, description: text }),
    secret: () => withRules({ ...rules, secret: true }),
  };
  MADE_HERE.add(param);
  return Object.freeze(param);
}
