import { decodeUtf8 } from "../../http/utf8.ts";
import { decodeFormComponent, hasBadEscape } from "../form.ts";

/** A client's id and secret as they came in an Authorization header. */
export interface BasicCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const CONTROL = /\p{Cc}/u;

/**
 * Reads `Basic base64(id:secret)`, or answers undefined for what is malformed. Each half is
 * form-decoded once (RFC 6749 section 2.3.1); ids and secrets of ours have no character that
 * encoding changes, so clients that forget to encode are understood as well.
 */
export function parseBasicCredentials(authorization: string): BasicCredentials | undefined {
  const text = decodeBase64(BASIC.exec(authorization)?.[1] ?? "");
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon < 0) return undefined;
  const clientId = decodeHalf(text.slice(0, colon));
  const clientSecret = decodeHalf(text.slice(colon + 1));
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}

/** Is it the Basic scheme at all, whatever stands behind it? */
export function isBasicScheme(authorization: string): boolean {
  return /^basic(?: |$)/i.test(authorization);
}

function decodeBase64(encoded: string): string | undefined {
  const bytes = Buffer.from(encoded, "base64");
  return bytes.length > 0 && bytes.toString("base64") === encoded ? decodeUtf8(bytes) : undefined;
}

function decodeHalf(half: string): string | undefined {
  if (hasBadEscape(half)) return undefined;
  const decoded = decodeFormComponent(half);
  return decoded === undefined || CONTROL.test(decoded) ? undefined : decoded;
}
