/** The narrowest encoding that keeps a text: UTF-16 is for lone surrogates, which UTF-8 would lose. */
const ENCODINGS = ["latin1", "utf8", "utf16le"] as const;
export const ASCII = 0;
const UTF8 = 1;
const UTF16 = 2;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** How a text is written, and how long it is then. */
export interface Measure {
  /** Two bits. */
  readonly encoding: number;
  readonly bytes: number;
}

/** The measure of no text at all. */
export const NOTHING: Measure = { encoding: ASCII, bytes: 0 };

/** How a text will be written. */
export function measureText(text: string): Measure {
  const bytes = Buffer.byteLength(text);
  if (bytes === text.length) return { encoding: ASCII, bytes };
  return LONE_SURROGATE.test(text) ? { encoding: UTF16, bytes: 2 * text.length } : { encoding: UTF8, bytes };
}

/** The name of an encoding, given by the lowest two bits. */
export function encodingOf(flags: number): (typeof ENCODINGS)[number] {
  return ENCODINGS[flags & 3] ?? "utf8";
}
