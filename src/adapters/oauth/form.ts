import { decodeUtf8 } from "../http/utf8.ts";

const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/**
 * The name and value pairs of an `application/x-www-form-urlencoded` text, in order (WHATWG URL
 * section 5.1), or undefined when what is encoded is not UTF-8: replacing bad bytes, as the
 * standard's own decoder does, would make two different texts equal.
 */
export function parseForm(text: string): readonly (readonly [name: string, value: string])[] | undefined {
  const pairs: (readonly [string, string])[] = [];
  for (const part of text.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decodeFormComponent(equals < 0 ? part : part.slice(0, equals));
    const value = decodeFormComponent(equals < 0 ? "" : part.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

/** One half of a pair: `+` is a space, `%XX` a byte, a percent sign with anything else behind it stands for itself. */
export function decodeFormComponent(text: string): string | undefined {
  if (!text.includes("%")) return text.replaceAll("+", " ");
  const encoded = Buffer.from(text, "utf8");
  const bytes = Buffer.alloc(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; at++) {
    const byte = encoded[at] ?? 0;
    const escaped = byte === PERCENT ? parseHexByte(encoded.toString("latin1", at + 1, at + 3)) : undefined;
    if (escaped !== undefined) at += 2;
    bytes[length++] = escaped ?? (byte === PLUS ? SPACE : byte);
  }
  return decodeUtf8(bytes.subarray(0, length));
}

/** Has it a percent sign without two hexadecimal digits behind it? */
export function hasBadEscape(text: string): boolean {
  return /%(?![0-9A-Fa-f]{2})/.test(text);
}

function parseHexByte(digits: string): number | undefined {
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
