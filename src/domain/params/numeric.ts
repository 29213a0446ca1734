import { createParam, type Param } from "./param.ts";
import { checkBounds, checkOptions } from "./options.ts";
import { refuse, type Read } from "./parsing.ts";

/** Bounds of a number, both inclusive. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

interface NumericType {
  readonly type: "integer" | "number";
  readonly limits: { readonly min: number; readonly max: number };
  readonly test: (value: number) => boolean;
  readonly bound: string;
  readonly sentence: string;
}

/** Beyond 2^53-1 a JSON number names more than one integer. */
const INTEGER: NumericType = {
  type: "integer",
  limits: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  test: Number.isSafeInteger,
  bound: "a safe integer (at most 2^53-1 from zero)",
  sentence: "Must be a whole number.",
};

/** `1e400` is Infinity once it is parsed: the published bounds refuse it too. */
const NUMBER: NumericType = {
  type: "number",
  limits: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
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
  const options = { ...given };
  return createParam((name) => {
    checkOptions(name, kind.type, options, ["min", "max"]);
    checkBounds(name, kind.type, { min, max }, { test: kind.test, sentence: kind.bound });
    // Adding 0 makes a bound of -0 the 0 that it means.
    const [minimum, maximum] = [min + 0, max + 0];
    return { schema: { type: kind.type, minimum, maximum }, read: readNumeric(kind, minimum, maximum), subjects: [], mask: null };
  });
}

function readNumeric({ type, sentence }: NumericType, min: number, max: number): Read {
  const tooLow = `Must be at least ${min}.`;
  const tooHigh = `Must be at most ${max}.`;
  return (value, parsing, depth) => {
    if (typeof value !== "number" || Number.isNaN(value)) return refuse(parsing, depth, sentence);
    if (type === "integer" && !Number.isInteger(value) && Number.isFinite(value)) return refuse(parsing, depth, sentence);
    if (value < min) return refuse(parsing, depth, tooLow);
    if (value > max) return refuse(parsing, depth, tooHigh);
    return value + 0;
  };
}
