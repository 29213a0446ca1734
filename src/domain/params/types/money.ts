import type { JsonObject } from "../../json.ts";
import { centsOfNumber, centsOfText, fromCents, MAX_CENTS } from "./cents.ts";
import { anyOf, digitRangePattern, naturalRangePattern } from "../characters/digit-range.ts";
import { scalarForTrail } from "../for-trail.ts";
import { checkBounds, checkOptions, copyOptions, type BoundRule } from "../options.ts";
import { createParam, type Param } from "../param.ts";
import { INVALID, scalarCode, type ParamCode } from "../param-code.ts";

/** Bounds of an amount, both inclusive, at most 9999999999999.99 from zero. */
export interface MoneyBounds {
  readonly min?: string | number;
  readonly max?: string | number;
}

/**
 * An amount: a decimal string with at most two places, or a whole JSON number. A number with places is refused: none is
 * exactly 19.99, and JSON Schema validators do not agree whether that is a multiple of 0.01. Never rounded: the handler
 * gets the canonical decimal string with two places, `"12.50"`; see {@link toCents} to compute with it.
 */
export function money(bounds: MoneyBounds = {}): Param<string, "required", string | number> {
  const given = copyOptions(bounds);
  return createParam((name) => {
    checkOptions(name, "money", given, ["min", "max"]);
    const min = readBound(given.min, -MAX_CENTS);
    const max = readBound(given.max, MAX_CENTS);
    checkBounds(name, "money", { min, max }, IN_CENTS);
    return moneyCode(min, max);
  });
}

const IN_CENTS: BoundRule = {
  test: (cents: number) => Math.abs(cents) <= MAX_CENTS,
  sentence: 'an amount with at most two decimal places, such as "12.50", and at most 9999999999999.99 from zero',
  show: fromCents,
};

function readBound(bound: unknown, otherwise: number): number {
  if (bound === undefined) return otherwise;
  return centsOf(bound) ?? Number.NaN;
}

function centsOf(value: unknown): number | undefined {
  if (typeof value === "string") return centsOfText(value);
  return typeof value === "number" ? centsOfNumber(value) : undefined;
}

function moneyCode(min: number, max: number): ParamCode {
  const take = (value: unknown) => {
    if (typeof value !== "string" && !Number.isInteger(value)) return INVALID;
    const cents = centsOf(value);
    if (cents === undefined || cents < min || cents > max) return INVALID;
    return typeof value === "string" && isCanonical(value) ? value : fromCents(cents);
  };
  const why = (value: unknown) => {
    const cents = centsOf(value);
    if (cents === undefined) return "Must be an amount with at most two decimal places, such as 12.50.";
    if (cents < min) return `Must be at least ${fromCents(min)}.`;
    if (cents > max) return `Must be at most ${fromCents(max)}.`;
    return 'Must be sent as text, such as "12.50": a number is taken only when it is whole.';
  };
  return { ...scalarCode(toSchema(min, max), take, why), forTrail: scalarForTrail };
}

/** Is the amount written with two places already? */
function isCanonical(amount: string): boolean {
  return amount.charAt(amount.length - 3) === "." && amount !== "-0.00";
}

/** Between some bounds lies no whole amount. */
function toSchema(min: number, max: number): JsonObject {
  const text = { type: "string", pattern: `^${amountPattern(min, max)}$` };
  const [minimum, maximum] = [Math.ceil(min / 100) + 0, Math.floor(max / 100) + 0];
  return minimum > maximum ? text : { anyOf: [text, { type: "integer", minimum, maximum }] };
}

/** The pattern of the decimal strings with at most two places from `min` to `max` cents; `-0.00` is zero. */
function amountPattern(min: number, max: number): string {
  const parts: string[] = [];
  if (min <= 0) parts.push(`-${sizePattern(max < 0 ? -max : 0, -min)}`);
  if (max >= 0) parts.push(sizePattern(min > 0 ? min : 0, max));
  return anyOf(parts);
}

function sizePattern(min: number, max: number): string {
  const [low, high] = [Math.floor(min / 100), Math.floor(max / 100)];
  const [lowPlaces, highPlaces] = [min % 100, max % 100];
  if (low === high) return low + placesPattern(lowPlaces, highPlaces);
  const parts: string[] = [];
  const from = lowPlaces === 0 ? low : low + 1;
  const to = highPlaces === 99 ? high : high - 1;
  if (from > low) parts.push(low + placesPattern(lowPlaces, 99));
  if (from <= to) parts.push(naturalRangePattern(from, to) + placesPattern(0, 99));
  if (to < high) parts.push(high + placesPattern(0, highPlaces));
  return anyOf(parts);
}

/** The point and what follows it, for `min` to `max` hundredths: nothing, one digit, or two. */
function placesPattern(min: number, max: number): string {
  const parts = [digitRangePattern(String(min).padStart(2, "0"), String(max).padStart(2, "0"))];
  const [from, to] = [Math.ceil(min / 10), Math.floor(max / 10)];
  if (from <= to) parts.push(from === to ? String(from) : `[${from}-${to}]`);
  return min === 0 ? `(?:\\.${anyOf(parts)})?` : `\\.${anyOf(parts)}`;
}
