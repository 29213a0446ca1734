/** The greatest amount of a {@link money} parameter, in cents: fifteen digits, so that a JSON number names it exactly. */
export const MAX_CENTS = 999_999_999_999_999;

const AMOUNT = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]{1,2})?$/;

/** Digits come after the minus and the point. */
const ZERO = 0x30;

/**
 * An amount as a whole number of cents, exactly: `"12.5"` and `12.5` are 1250. Throws a TypeError
 * for what is no amount with at most two places, has more than 2^53-1 cents, or is a number of more
 * than fifteen digits.
 */
export function toCents(amount: string | number): number {
  const cents = typeof amount === "number" ? centsOfNumber(amount) : centsOfText(amount);
  if (cents !== undefined && Number.isSafeInteger(cents)) return cents;
  throw new TypeError('toCents() takes an amount with at most two decimal places, such as "12.50", and at most 2^53-1 cents');
}

/** The amount that so many cents are, with two places: 1250 is `"12.50"`, -30 is `"-0.30"`. Throws a TypeError unless it is a safe integer. */
export function fromCents(cents: number): string {
  if (!Number.isSafeInteger(cents)) throw new TypeError("fromCents() takes a whole number of cents, at most 2^53-1 from zero");
  const size = Math.abs(cents);
  return `${cents < 0 ? "-" : ""}${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}`;
}

/**
 * The cents of a decimal string, undefined when it is not one; beyond 2^53-1 the answer is no safe
 * integer, but still greater than every one that is.
 */
export function centsOfText(text: string): number | undefined {
  if (!AMOUNT.test(text)) return undefined;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0) digits = digits * 10 + digit;
  }
  const point = text.indexOf(".");
  const size = point < 0 ? digits * 100 : point === text.length - 2 ? digits * 10 : digits;
  return text.startsWith("-") && size > 0 ? -size : size;
}

/**
 * The cents of a JSON number, undefined when it has more than two places. A number of at most
 * fifteen digits is the one nearest to its decimal: dividing the cents gives the same number again
 * exactly when there were no further places. Beyond, a number no longer says which cent is meant:
 * the answer is infinite.
 */
export function centsOfNumber(value: number): number | undefined {
  const cents = Math.round(value * 100) + 0;
  if (Math.abs(cents) > MAX_CENTS) return Math.sign(cents) * Infinity;
  return cents / 100 === value ? cents : undefined;
}
