import { POLYNOMIAL } from "./crc32c.ts";

/*
 * A checksum is a polynomial with coefficients of one bit, modulo that of CRC-32C: bit 31 is the coefficient of 1, bit 0 that of x to the 31st.
 * To append a byte multiplies it by x to the 8th. So checksums of stretches make that of the whole without a look at the bytes.
 */

const ONE = 0x8000_0000;
const X = 0x4000_0000;

/** x to the power of 2, 4, 8, … : as many as a number of bits has digits. */
const SQUARES = squares();

/** Of each length that was asked for; most stretches are of a few lengths. */
const SHIFTS = new Map<number, number>();
const MAX_SHIFTS = 4096;

/** The checksum of two stretches, one behind the other, from that of each: `crc32c(b, 0, b.length, crc32c(a))`. */
export function joinChecksums(first: number, second: number, secondBytes: number): number {
  return (multiply(shiftOf(secondBytes), first) ^ second) >>> 0;
}

/** What appending so many bytes multiplies by. */
function shiftOf(bytes: number): number {
  const known = SHIFTS.get(bytes);
  if (known !== undefined) return known;
  let shift = ONE;
  for (let left = 8 * bytes, at = 0; left >= 1; left = Math.floor(left / 2), at++) if (left % 2 === 1) shift = multiply(SQUARES[at] ?? 0, shift);
  if (SHIFTS.size >= MAX_SHIFTS) SHIFTS.clear();
  SHIFTS.set(bytes, shift);
  return shift;
}

function squares(): readonly number[] {
  const powers = [X];
  for (let at = 1; at < 53; at++) powers.push(multiply(powers[at - 1] ?? 0, powers[at - 1] ?? 0));
  return powers;
}

/** Modulo the polynomial, coefficient by coefficient. */
function multiply(one: number, two: number): number {
  let product = 0;
  let shifted = two;
  for (let bit = 31; bit >= 0; bit--) {
    if ((one >>> bit) & 1) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return product;
}
