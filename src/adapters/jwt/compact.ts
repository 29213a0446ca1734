import { isObject } from "../../domain/json.ts";
import { parseStrictJson } from "../http/media/strict-json.ts";
import { decodeUtf8 } from "../http/utf8.ts";
import { decodeBase64url } from "./base64url.ts";

/** A compact JWS (RFC 7515 section 7.1) taken apart; nothing in it is trusted yet. */
export interface CompactJws {
  readonly header: JoseHeader;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The bytes that the signature covers. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** What the header may say: it selects among trusted keys and nothing else. */
export interface JoseHeader {
  readonly alg: string;
  readonly kid: string | undefined;
  /** Lower-case, without `application/` (RFC 7515 section 4.1.9). */
  readonly typ: string | undefined;
}

/** No honest token is longer, in characters. */
export const MAX_TOKEN_LENGTH = 8192;

/** Members that bring keys along, need understanding, or mean encryption; tokens that carry one are refused. */
const FORBIDDEN_MEMBERS = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"];

/** Takes a token apart, or answers undefined for whatever is not exactly one well-formed JWS of two JSON objects. */
export function parseCompactJws(token: string): CompactJws | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const [head, body, tail, ...more] = token.split(".");
  if (head === undefined || body === undefined || tail === undefined || more.length > 0) return undefined;
  const header = toJoseHeader(decodeObject(head));
  const payload = decodeObject(body);
  const signature = decodeBase64url(tail);
  if (header === undefined || payload === undefined || signature === undefined || signature.length === 0) return undefined;
  return { header, payload, signed: Buffer.from(`${head}.${body}`, "latin1"), signature };
}

function decodeObject(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = decodeBase64url(part);
  const text = bytes && decodeUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    const value = parseStrictJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function toJoseHeader(header: Readonly<Record<string, unknown>> | undefined): JoseHeader | undefined {
  if (header === undefined || FORBIDDEN_MEMBERS.some((name) => Object.hasOwn(header, name))) return undefined;
  const alg = own(header, "alg");
  const kid = own(header, "kid");
  const typ = own(header, "typ");
  if (typeof alg !== "string") return undefined;
  if (kid !== undefined && typeof kid !== "string") return undefined;
  if (typ !== undefined && typeof typ !== "string") return undefined;
  return { alg, kid, typ: typ?.toLowerCase().replace(/^application\//, "") };
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
