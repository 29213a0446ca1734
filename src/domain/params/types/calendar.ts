import { scalarForTrail } from "../for-trail.ts";
import { checkNoOptions } from "../options.ts";
import { createParam, type Param } from "../param.ts";
import { INVALID, scalarCode } from "../param-code.ts";

const MONTH_AND_DAY = [
  "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
  "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
  "02-(?:0[1-9]|1[0-9]|2[0-8])",
].join("|");

/** Divisible by 4, and by 400 when it is by 100: the Gregorian calendar, also before its time. */
const LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

/** A day that the calendar has, in the years 0000 to 9999 (RFC 3339 section 5.6, full-date). */
const DATE = `(?:[0-9]{4}-(?:${MONTH_AND_DAY})|${LEAP_YEAR}-02-29)`;

/**
 * RFC 3339 section 5.6, date-time, with fractions down to the nanosecond. Second 60 is refused: which minutes have
 * one is known only half a year ahead, so no pattern can tell, and neither JavaScript's nor most databases' times can hold it.
 */
const DATE_TIME = `${DATE}[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])`;

/** A day of the calendar: `2026-11-23`. The handler gets it as it came. */
export function date(): Param<string>;
export function date(...given: readonly unknown[]): Param<string> {
  const { schema, matcher } = calendar("date", DATE);
  const take = (value: unknown) => (typeof value === "string" && matcher.test(value) ? value : INVALID);
  return createParam((name) => {
    checkNoOptions(name, "date", given);
    return scalarCode(schema, take, () => "Must be a date of the calendar written as YYYY-MM-DD, such as 2026-11-23.");
  });
}

/** A moment: `2026-11-23T10:00:00Z`, with an offset (RFC 3339). The handler gets it as it came, but for `T` and `Z`, which are capitals. */
export function dateTime(): Param<string>;
export function dateTime(...given: readonly unknown[]): Param<string> {
  const { schema, matcher } = calendar("date-time", DATE_TIME);
  const take = (value: unknown) => (typeof value === "string" && matcher.test(value) ? value.toUpperCase() : INVALID);
  const sentence = "Must be a date and time with an offset, such as 2026-11-23T10:00:00Z or 2026-11-23T12:00:00+02:00.";
  return createParam((name) => {
    checkNoOptions(name, "dateTime", given);
    return { ...scalarCode(schema, take, () => sentence), forTrail: scalarForTrail };
  });
}

/** Pattern and matcher are one expression; `format` is only an annotation to most readers of a schema. */
function calendar(format: "date" | "date-time", source: string) {
  const pattern = `^${source}$`;
  return { schema: { type: "string", format, pattern }, matcher: new RegExp(pattern, "u") };
}
