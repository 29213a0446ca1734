/** A length of time: milliseconds, or its parts added up: `{ days: 7 }`. */
export type Duration =
  | number
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number; readonly milliseconds?: number };

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { days: DAY_MS, hours: 3_600_000, minutes: 60_000, seconds: 1000, milliseconds: 1 };
/** A hundred years. */
const MAX_MS = 36_525 * DAY_MS;

/** In milliseconds. Throws a TypeError for what is no length of time from 0 to a hundred years. */
export function toMilliseconds(duration: Duration): number {
  const total = typeof duration === "number" ? duration : sum(duration);
  if (total >= 0 && total <= MAX_MS) return Math.ceil(total);
  throw new TypeError("a duration must be milliseconds, or such as { days: 7 }, from 0 to a hundred years");
}

/** NaN for what is none: a part that is misspelt would be no time at all. */
function sum(parts: Exclude<Duration, number>): number {
  if (typeof parts !== "object" || parts === null || parts instanceof Date) return Number.NaN;
  return Object.entries(parts).reduce((total, [name, count = 0]) => total + partOf(name, count), 0);
}

function partOf(name: string, count: unknown): number {
  const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
  return unit === undefined || typeof count !== "number" ? Number.NaN : count * unit;
}
