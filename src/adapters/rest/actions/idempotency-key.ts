import type { HeaderIndex } from "../../http/headers.ts";
import type { HttpResponse } from "../../http/message.ts";
import { refuse } from "../respond.ts";

/** Printable ASCII, bare. */
const BARE = /^[\x20-\x7e]{1,255}$/;
/** The same in quotes; a quote or a backslash inside has a backslash before it (RFC 8941 section 3.3.3). */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

const NONE = { idempotencyKey: undefined };

/** The key of a safe retry, if the request has one; or the answer that refuses it. */
export function readIdempotencyKey(headers: HeaderIndex): { readonly idempotencyKey: string | undefined } | { readonly refusal: HttpResponse } {
  const value = headers.idempotencyKey;
  if (value === undefined) return NONE;
  const quoted = QUOTED.exec(value)?.[1];
  const key = quoted === undefined ? value : quoted.replace(/\\(.)/g, "$1");
  if (BARE.test(key)) return { idempotencyKey: key };
  return { refusal: refuse("malformed_request", "The Idempotency-Key must be 1 to 255 printable ASCII characters.") };
}
