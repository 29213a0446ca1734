/** A length of time: milliseconds, or its parts added up: `{ days: 7 }`. */
export type Duration =
  | number
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number; readonly milliseconds?: number };

const UNITS = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000, milliseconds: 1 } as const;
/** A hundred years. */
const MAX_MS = 36_525 * UNITS.days;

/** In milliseconds. Throws a TypeError for what is no length of time from 0 to a hundred years. */
export function toMilliseconds(duration: Duration): number {
  const total = typeof duration === "number" ? duration : sum(duration);
  if (total >= 0 && total <= MAX_MS) return Math.ceil(total);
  throw new TypeError("a duration must be milliseconds, or such as { days: 7 }, from 0 to a hundred years");
}

function sum(duration: Exclude<Duration, number>): number {
  const { days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = duration;
  return days * UNITS.days + hours * UNITS.hours + minutes * UNITS.minutes + seconds * UNITS.seconds + milliseconds;
}
