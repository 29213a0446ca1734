import type { HeaderIndex } from "../../http/headers.ts";
import type { HttpResponse } from "../../http/message.ts";
import { refuse } from "../respond.ts";

/** One entity tag (RFC 9110, section 8.8.3). A weak one is read as it is: it matches none, since If-Match compares strongly (section 13.1.1). */
const ENTITY_TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/** For all calls that bring none. */
const NONE = { ifMatch: undefined };

/** What a preview is called by that was seen, if the request says so; or the answer that refuses it: neither `*` nor a list stands for anything that was seen. */
export function readIfMatch({ ifMatch: value }: HeaderIndex): { readonly ifMatch: string | undefined } | { readonly refusal: HttpResponse } {
  if (value === undefined) return NONE;
  const [, weak = "", tag] = ENTITY_TAG.exec(value) ?? [];
  return tag === undefined ? { refusal: refuse("malformed_request", 'If-Match must be the ETag of a preview, in quotes as it came: neither "*" nor a list.') } : { ifMatch: weak + tag };
}

/** The answer to a call of many, of which no preview has an ETag; undefined when it does not ask for one. */
export function refuseIfMatch({ ifMatch }: HeaderIndex): HttpResponse | undefined {
  return ifMatch === undefined ? undefined : refuse("malformed_request", "A bulk call takes no If-Match: a preview of many has no ETag.");
}
