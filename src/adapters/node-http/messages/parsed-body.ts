import type { IncomingMessage } from "node:http";
import type { HeaderIndex } from "../../http/headers.ts";
import { isJson, parseMediaType } from "../../http/media-type.ts";

/**
 * The body of a request that a parser in front of us, such as `express.json()`, has read and left in `request.body`. Bytes and text are
 * what was sent. Of parsed JSON it is written anew: of a name that came twice the parser has kept the last, and of a number that is too
 * long its nearest neighbour, which nobody can see any more.
 *
 * @throws TypeError when what is left is none of these; it names the remedy.
 */
export function toBytes(incoming: IncomingMessage, headers: HeaderIndex): Uint8Array {
  const body: unknown = "body" in incoming ? incoming.body : undefined;
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return Buffer.from(body);
  const mediaType = parseMediaType(headers.contentType ?? "");
  if (body !== undefined && mediaType !== undefined && isJson(mediaType)) return Buffer.from(JSON.stringify(body));
  throw new TypeError("the request's body was read before it came here, and is not in request.body as bytes, text or JSON; put this listener in front of whatever parses bodies");
}
