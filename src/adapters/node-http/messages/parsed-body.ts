import type { IncomingMessage } from "node:http";
import type { HeaderIndex } from "../../http/headers.ts";

/** A parser of these leaves an object that is no JSON. */
const FORM = /^\s*(?:application\/x-www-form-urlencoded|multipart\/)/i;
/** Stands for a number that JSON can say and a parser cannot keep. Whoever sends the text itself is refused as if it were one. */
const BEYOND = "\u0000beyond all numbers";

/**
 * The body of a request that a parser in front of us, such as `express.json()`, has read and left in `request.body`. Bytes and text are
 * what was sent. Of parsed JSON it is written again: of a name that came twice the parser has kept the last, and of a number that is too
 * long its nearest neighbour, which nobody can see any more.
 *
 * @throws TypeError when what is left is none of these; it names the remedy.
 */
export function toBytes(incoming: IncomingMessage, headers: HeaderIndex): Uint8Array {
  const body: unknown = "body" in incoming ? incoming.body : undefined;
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return Buffer.from(body);
  if (body !== undefined && !FORM.test(headers.contentType ?? "")) return Buffer.from(toJsonText(body));
  throw new TypeError("the request's body was read before it came here, and is not in request.body as bytes, text or JSON; put this listener in front of whatever parses bodies");
}

/** `1e999` was parsed to Infinity, which would become null. */
function toJsonText(body: unknown): string {
  const text = JSON.stringify(body, (_name, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? BEYOND : value));
  return text.replaceAll(JSON.stringify(BEYOND), "1e999");
}
