/** `CRASH_SHARE`: which part of the kills is done, above 0 to 1; all of them by default. */
const SHARE = Number(process.env["CRASH_SHARE"] ?? 1);
if (!(SHARE > 0 && SHARE <= 1)) throw new TypeError(`CRASH_SHARE must be above 0 and at most 1, not ${process.env["CRASH_SHARE"]}`);

/** So many of so many kills. */
export function shareOf(kills: number): number {
  return Math.ceil(SHARE * kills);
}
