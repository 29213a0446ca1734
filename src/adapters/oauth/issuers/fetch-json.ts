import { isObject } from "../../../domain/json.ts";
import { parseStrictJson } from "../../http/media/strict-json.ts";
import { decodeUtf8 } from "../../http/utf8.ts";

/** The part of `fetch` that is used. */
export type Fetch = typeof globalThis.fetch;

/** A form that is posted, with the caller's credentials. */
export interface FormPost {
  readonly body: string;
  readonly authorization: string;
}

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 262_144;

/**
 * A JSON object from a configured address. No redirect is followed, nothing larger than 256 KiB is read and
 * nothing slower than five seconds awaited; whatever else comes, or another status than 200,
 * rejects: the issuer counts as unavailable.
 */
export async function fetchJson(fetch: Fetch, url: string, post?: FormPost): Promise<Readonly<Record<string, unknown>>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (post !== undefined) Object.assign(headers, { authorization: post.authorization, "content-type": "application/x-www-form-urlencoded" });
  const response = await fetch(url, {
    method: post === undefined ? "GET" : "POST",
    headers,
    ...(post === undefined ? {} : { body: post.body }),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = decodeUtf8(await readAtMost(response.body));
  if (response.status !== 200) throw new TypeError(`the issuer answered ${response.status}`);
  const json = text === undefined ? undefined : parseStrictJson(text);
  if (!isObject(json)) throw new TypeError("the issuer's answer is no JSON object");
  return json;
}

async function readAtMost(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new TypeError("the issuer's answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
