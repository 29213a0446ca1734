import { createParam, type Param } from "../param.ts";
import { checkBounds, checkOptions, copyOptions } from "../options.ts";
import { INVALID, scalarCode, type ParamCode, type Take } from "../param-code.ts";

/** Bounds of a number, both inclusive. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

interface NumericType {
  readonly type: "integer" | "number";
  readonly limits: { readonly min: number; readonly max: number };
  readonly take: (min: number, max: number) => Take;
  readonly test: (bound: number) => boolean;
  readonly bound: string;
  readonly sentence: string;
}

/** Beyond 2^53-1 a JSON number names more than one integer. */
const INTEGER: NumericType = {
  type: "integer",
  limits: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  take: (min, max) => (value) => (isBetween(value, min, max) && Number.isInteger(value) ? withoutSign(value) : INVALID),
  test: Number.isSafeInteger,
  bound: "a safe integer (at most 2^53-1 from zero)",
  sentence: "Must be a whole number.",
};

/** `1e400` is Infinity once it is parsed: the published bounds refuse it too. */
const NUMBER: NumericType = {
  type: "number",
  limits: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
  take: (min, max) => (value) => (isBetween(value, min, max) ? withoutSign(value) : INVALID),
  test: Number.isFinite,
  bound: "a finite number",
  sentence: "Must be a number.",
};

/** A whole number, exact: at most 2^53-1 from zero whatever the bounds. */
export function integer(bounds: NumberBounds = {}): Param<number> {
  return numeric(INTEGER, bounds);
}

/** A finite number; for money use {@link money}. */
export function number(bounds: NumberBounds = {}): Param<number> {
  return numeric(NUMBER, bounds);
}

function numeric(kind: NumericType, given: NumberBounds): Param<number> {
  const { min, max } = { ...kind.limits, ...given };
  const options = copyOptions(given);
  return createParam((name) => {
    checkOptions(name, kind.type, options, ["min", "max"]);
    checkBounds(name, kind.type, { min, max }, { test: kind.test, sentence: kind.bound });
    // Adding 0 makes a bound of -0 the 0 that it means.
    return numericCode(kind, min + 0, max + 0);
  });
}

function numericCode({ type, take, sentence }: NumericType, min: number, max: number): ParamCode {
  return scalarCode({ type, minimum: min, maximum: max }, take(min, max), (value) => {
    if (typeof value !== "number" || Number.isNaN(value)) return sentence;
    if (type === "integer" && !Number.isInteger(value) && Number.isFinite(value)) return sentence;
    return value < min ? `Must be at least ${min}.` : `Must be at most ${max}.`;
  });
}

function isBetween(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}

/** 0 for -0. */
function withoutSign(value: number): number {
  return value === 0 ? 0 : value;
}
