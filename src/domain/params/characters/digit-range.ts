/**
 * The pattern of the canonical decimal integers from `min` to `max` (safe integers, inclusive), not anchored: no
 * leading zero, no `-0`, no plus. Its size grows with the number of digits, not with the range.
 */
export function integerRangePattern(min: number, max: number): string {
  const parts: string[] = [];
  if (min < 0) parts.push(`-${naturalRangePattern(max < 0 ? -max : 1, -min)}`);
  if (max >= 0) parts.push(naturalRangePattern(min > 0 ? min : 0, max));
  return anyOf(parts);
}

/** {@link integerRangePattern} for what is not negative. */
export function naturalRangePattern(min: number, max: number): string {
  const low = String(min);
  const high = String(max);
  if (low.length === high.length) return digitRangePattern(low, high);
  const parts = [digitRangePattern(low, "9".repeat(low.length))];
  // Every length between is taken whole.
  if (high.length - low.length > 1) parts.push(`[1-9]${digits(low.length, high.length - 2)}`);
  parts.push(digitRangePattern(`1${"0".repeat(high.length - 1)}`, high));
  return anyOf(parts);
}

/** The pattern of the digit strings from `low` to `high`, all of one length. */
export function digitRangePattern(low: string, high: string): string {
  const rest = low.length - 1;
  if (rest < 0) return "";
  const [first, last] = [Number(low[0]), Number(high[0])];
  if (first === last) return first + digitRangePattern(low.slice(1), high.slice(1));
  const lowIsWhole = /^.0*$/.test(low);
  const highIsWhole = /^.9*$/.test(high);
  const from = lowIsWhole ? first : first + 1;
  const to = highIsWhole ? last : last - 1;
  const parts: string[] = [];
  if (!lowIsWhole) parts.push(first + digitRangePattern(low.slice(1), "9".repeat(rest)));
  if (from <= to) parts.push((from === to ? String(from) : `[${from}-${to}]`) + digits(rest, rest));
  if (!highIsWhole) parts.push(last + digitRangePattern("0".repeat(rest), high.slice(1)));
  return anyOf(parts);
}

/** One of the patterns, as one atom. */
export function anyOf(patterns: readonly string[]): string {
  return patterns.length === 1 ? patterns.join("") : `(?:${patterns.join("|")})`;
}

function digits(min: number, max: number): string {
  if (max === 0) return "";
  if (min === max) return min === 1 ? "[0-9]" : `[0-9]{${min}}`;
  return `[0-9]{${min},${max}}`;
}
