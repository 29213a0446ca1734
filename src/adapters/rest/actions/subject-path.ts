import { decodeUtf8 } from "../../http/utf8.ts";

const PERCENT = 0x25;

/**
 * The subject ID that stands in a path, percent-decoded once, so that `%2F` is part of the ID.
 * Null when the bytes are no UTF-8; what an ID may hold, the subject class decides. Every escape
 * has been seen to be well-formed before.
 */
export function decodeSubjectId(raw: string): string | null {
  if (!raw.includes("%")) return raw;
  const bytes: number[] = [];
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code !== PERCENT) bytes.push(code);
    else {
      bytes.push(Number.parseInt(raw.slice(at + 1, at + 3), 16));
      at += 2;
    }
  }
  return decodeUtf8(Uint8Array.from(bytes)) ?? null;
}
