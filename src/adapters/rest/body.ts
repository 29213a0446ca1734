import type { Actions } from "../../domain/actions.ts";
import { isObject } from "../../domain/json.ts";
import { isPromiseLike } from "../../domain/maybe-promise.ts";
import { parseStrictJson } from "../http/media/strict-json.ts";
import { isJson, parseMediaType } from "../http/media/media-type.ts";
import type { HeaderIndex } from "../http/headers.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import { decodeUtf8 } from "../http/utf8.ts";
import { refuse } from "./respond.ts";

/** A body that was understood, or the answer that refuses it. */
export type ReadBody = { readonly body: Readonly<Record<string, unknown>> } | { readonly refusal: HttpResponse };

const EMPTY: ReadBody = { body: {} };

/** What reads bodies. */
export interface BodyReader {
  readonly actions: Pick<Actions, "breathe">;
  readonly maxBodyBytes: number;
}

/** A body that takes long to read waits until others have had their turn, as all long work does. */
const LONG_BODY_BYTES = 16_384;

/** Reads a request's body as a JSON object, in this order: size, media type, JSON. No body means `{}`. */
export async function readBody({ actions, maxBodyBytes }: BodyReader, request: HttpRequest, headers: HeaderIndex): Promise<ReadBody> {
  const bytes = await request.body(maxBodyBytes);
  const pausing = bytes !== null && bytes.length > LONG_BODY_BYTES ? actions.breathe() : undefined;
  if (isPromiseLike(pausing)) await pausing;
  return readJsonObject(headers, bytes, maxBodyBytes);
}

function readJsonObject(headers: HeaderIndex, bytes: Uint8Array | null, maxBytes: number): ReadBody {
  if (bytes === null) return refused("payload_too_large", `The body is larger than ${maxBytes} bytes; send less at a time.`);
  if (headers.contentEncoding !== undefined) return refused("unsupported_media_type", "Send the body without a Content-Encoding.");
  if (bytes.length === 0) return EMPTY;
  const mediaType = parseMediaType(headers.contentType ?? "");
  if (mediaType === undefined || !isJson(mediaType)) return refused("unsupported_media_type", "Send the body as Content-Type: application/json.");
  const text = decodeUtf8(bytes);
  if (text === undefined) return refused("malformed_request", "The body must be UTF-8 without a byte order mark.");
  return parseObject(text);
}

function parseObject(text: string): ReadBody {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch {
    return refused("malformed_request", "The body must be JSON, with no name twice in one object and at most 32 levels deep.");
  }
  return isObject(value) ? { body: value } : refused("malformed_request", "The body must be a JSON object.");
}

function refused(code: Parameters<typeof refuse>[0], message: string): ReadBody {
  return { refusal: refuse(code, message) };
}
