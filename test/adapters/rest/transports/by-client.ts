import assert from "node:assert/strict";
import { CallFailure, createClient } from "../../../../src/adapters/client/index.ts";
import { toFetchHandler } from "../../../../src/adapters/fetch/index.ts";
import type { HttpHandler } from "../../../../src/adapters/http/message.ts";
import type { Sent } from "./sent.ts";
import type { Received, Transport } from "./transports.ts";

const ACTION = /^\/api\/v1\/actions\/([a-z0-9/-]+?)\/(execute|preview|bulk|schema)(?:\/([^?]+))?$/;

/** What the typed client can be asked for: a well-formed call of an action, with parameters that are an object. */
export function canClientSay({ method = "POST", path, token = "", headers = [], json = {}, body }: Sent): boolean {
  const [, key = "", verb, rawId] = ACTION.exec(path) ?? [];
  if (verb === undefined || token === null || body !== undefined || !isPlain(json) || headers.length > 1) return false;
  if (key.split("/").some((word) => WORDS.has(word)) || !isSayable(rawId)) return false;
  if (verb === "schema" ? method !== "GET" || rawId !== undefined : method !== "POST") return false;
  if (verb === "bulk" && !isBulk(json)) return false;
  return headers.every(([name, value]) => name === "Idempotency-Key" && verb !== "preview" && value.trim() === value && KEY.test(value));
}

/** Of others the client itself says that they are none. */
const KEY = /^[ -~]{1,255}$/;

/** Those that end a key. */
const WORDS: ReadonlySet<string> = new Set(["execute", "preview", "bulk", "schema"]);

function isBulk({ ids, params = {}, mode = "each", preview = true, ...more }: Readonly<Record<string, unknown>>): boolean {
  return isArray(ids) && isPlain(params) && typeof mode === "string" && preview === true && Object.keys(more).length === 0;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isArray(value);
}

function isArray(value: unknown): value is readonly (string | number)[] {
  return Array.isArray(value);
}

/** IDs as the client encodes them. */
function isSayable(rawId = "1"): boolean {
  try {
    return encodeURIComponent(decodeURIComponent(rawId)) === rawId && !/^\.\.?$/.test(rawId);
  } catch {
    return false;
  }
}

/** Through the typed client: the answer as it came, once it is sure that the client says the same. */
export const sendByClient: Transport = async (handler, sent) => {
  const received: Received[] = [];
  const client = createClient({ baseUrl: "http://shop.example", auth: sent.token ?? "manager-token", maxTries: 1, fetch: watch(handler, received) });
  const [, key = "", verb = "", rawId] = ACTION.exec(sent.path) ?? [];
  const json = isPlain(sent.json) ? sent.json : {};
  const idempotencyKey = sent.headers?.[0]?.[1];
  const id = rawId === undefined ? null : decodeURIComponent(rawId);
  const calls: Readonly<Record<string, () => PromiseLike<unknown>>> = {
    execute: () => client.execute(key, id, json, { idempotencyKey }),
    preview: () => client.preview(key, id, json).then(({ execute: _, ...result }) => result),
    schema: () => client.actions.schema(key),
    bulk: () => client.bulk(key, isArray(json["ids"]) ? json["ids"] : [], Object(json["params"]), { ...json, idempotencyKey }),
  };
  const said = await Promise.resolve(calls[verb]?.()).catch((error: unknown) => error);
  const [first = assert.fail("nothing was sent")] = received;
  checkSaid(said, first);
  return first;
};

function watch(handler: HttpHandler, received: Received[]): typeof fetch {
  const answer = toFetchHandler(handler);
  return async (url, init) => {
    const response = await answer(new Request(url, init));
    const { status, headers } = response;
    received.push({ status, headers: Object.fromEntries(headers), text: await response.clone().text() });
    return response;
  };
}

function checkSaid(said: unknown, { status, headers, text }: Received): void {
  const { success: _, ...body } = JSON.parse(text);
  if (status === 200) return assert.deepEqual(said, headers["idempotency-replayed"] === undefined ? body : { ...body, replayed: true });
  assert.ok(said instanceof CallFailure, String(said));
  assert.deepEqual([said.status, said.code, said.message, said.errors, said.details], [status, body.code ?? "refused", body.message, body.errors, body.details]);
}
