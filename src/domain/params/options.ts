import { isObject } from "../json.ts";

/**
 * Refuses anything but a plain object, and names that the type does not
 * know: a misspelt `maximum` would limit nothing.
 */
export function checkOptions(name: string, type: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`parameter "${name}": ${type}() takes its options as an object`);
  }
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown === undefined) return;
  throw new TypeError(`parameter "${name}": ${type}() has no option "${unknown}"; it has ${known.join(", ") || "none"}`);
}

/** Refuses options of a type that has none: `date({ min: "2026-01-01" })` would limit nothing either. */
export function checkNoOptions(name: string, type: string, given: readonly unknown[]): void {
  if (given.length > 0) throw new TypeError(`parameter "${name}": ${type}() takes no options; what limits it belongs into validate()`);
}

/** A copy of the options as they are now; what is none stays what it is, for {@link checkOptions} to refuse. */
export function copyOptions<T>(options: T): T {
  return isObject(options) ? { ...options } : options;
}

/** What a bound may be. */
export interface BoundRule {
  readonly test: (bound: number) => boolean;
  /** Completes "min must be …". */
  readonly sentence: string;
  /** How a bound is written. Default: as a number. */
  readonly show?: (bound: number) => string;
}

/** Refuses a bound that is not one of the numbers that `test` takes, and bounds that leave nothing between them. */
export function checkBounds(
  name: string,
  type: string,
  bounds: { readonly min: number; readonly max: number },
  rule: BoundRule,
): void {
  for (const option of ["min", "max"] as const) {
    if (!rule.test(bounds[option])) throw new TypeError(`parameter "${name}": ${option} of ${type}() must be ${rule.sentence}`);
  }
  const { show = String } = rule;
  if (bounds.min > bounds.max) {
    throw new TypeError(`parameter "${name}": min ${show(bounds.min)} of ${type}() is above max ${show(bounds.max)}; nothing would pass`);
  }
}

/** A number of things, for bounds of lengths and lists. */
export const COUNT: BoundRule = {
  test: (bound: number) => Number.isSafeInteger(bound) && bound >= 0,
  sentence: "a whole number, 0 or more",
};
