/**
 * Any character of well-formed text, in a pattern that means the same with and without the `u` flag:
 * with it the first part is every character, without it the second part is a surrogate pair.
 */
export const ANY_CHARACTER = "(?:[^\\uD800-\\uDFFF]|[\\uD800-\\uDBFF][\\uDC00-\\uDFFF])";

/** The pattern of well-formed text: a lone half of a surrogate pair is no Unicode character and has no UTF-8. */
export const WELL_FORMED_PATTERN = `^${ANY_CHARACTER}*$`;

declare global {
  /** ES2024. Node 20 has it already, and the types of ES2023 do not know it. */
  interface String {
    isWellFormed(): boolean;
  }
}

/** Is every surrogate half of a pair? The native twin of {@link WELL_FORMED_PATTERN}. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** Is the text's length in code points within these bounds? Counts only when the UTF-16 length leaves it open. */
export function compareLength(text: string, min: number, max: number): -1 | 0 | 1 {
  const units = text.length;
  if (units < min) return -1;
  if (units <= max && units >= 2 * min) return 0;
  if (units > 2 * max) return 1;
  const points = countCodePoints(text);
  if (points < min) return -1;
  return points > max ? 1 : 0;
}

/** A pair counts as one; so does a lone half. */
function countCodePoints(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    if (isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1))) count--;
  }
  return count;
}

/** The length of well-formed text in UTF-8. (No TextEncoder: the domain is only the language.) */
export function countUtf8Bytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    // Each half of a pair stands for two of its four bytes.
    else bytes += isHigh(unit) || isLow(unit) ? 2 : 3;
  }
  return bytes;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
