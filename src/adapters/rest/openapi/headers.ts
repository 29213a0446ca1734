import type { JsonObject } from "../../../domain/json.ts";
import { ref, TEXT } from "./names.ts";
import type { Components } from "./part.ts";

/** The headers of answers that mean something, by the names of their components. */
const HEADERS = {
  XRequestId: { name: "X-Request-Id", header: { description: "Names the request in the log: the one that was sent, if it was well-formed.", required: true, schema: { type: "string", pattern: "^[A-Za-z0-9._~-]{1,128}$" } } },
  WwwAuthenticate: { name: "WWW-Authenticate", header: { description: "What kind of token opens this, and what was wrong with the one that came (RFC 6750, RFC 9728).", schema: TEXT } },
  RetryAfter: { name: "Retry-After", header: { description: "Seconds after which it is worth trying again.", required: true, schema: { type: "integer", minimum: 1 } } },
  Allow: { name: "Allow", header: { description: "The methods that are allowed here.", required: true, schema: TEXT } },
  ETag: { name: "ETag", header: { description: "Stands for all that the preview saw, for an `If-Match` of the call itself.", schema: { type: "string", pattern: '^"[0-9a-f]{64}"$' } } },
  IdempotencyReplayed: { name: "Idempotency-Replayed", header: { description: "There when this is the answer that an earlier call with the same Idempotency-Key was given; nothing ran.", schema: { type: "string", const: "true" } } },
} as const;

/** One of the headers. */
export type HeaderName = keyof typeof HEADERS;

/** The headers of an answer: these, beside the X-Request-Id that every one has. */
export function headers(...names: readonly HeaderName[]): JsonObject {
  const all: readonly HeaderName[] = ["XRequestId", ...names];
  return Object.fromEntries(all.map((name) => [HEADERS[name].name, ref("headers", name)]));
}

export const HEADER_COMPONENTS: Components = { headers: Object.fromEntries(Object.entries(HEADERS).map(([name, { header }]) => [name, header])) };

const REQUEST_ID = { name: "X-Request-Id", in: "header", description: "Names the request in the log; comes back with the answer.", schema: { type: "string", pattern: "^[A-Za-z0-9._~-]{1,128}$" } };
const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  description: "Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once.",
  schema: { type: "string", minLength: 1, maxLength: 512, pattern: "^[\\x20-\\x7E]+$" },
};
const IF_MATCH = {
  name: "If-Match",
  in: "header",
  description: "The `ETag` of a preview: the call takes effect only if everything is as that saw it.",
  schema: { type: "string", pattern: '^(W/)?"[!#-~]*"$' },
};
const AFTER = { name: "after", in: "query", description: "The `next` of the page before.", schema: TEXT };
const LIMIT = { name: "limit", in: "query", description: "How many at most.", schema: { type: "integer", minimum: 1, maximum: 200, default: 50 } };
const WORKFLOW_ID = { name: "id", in: "path", required: true, description: "The workflow's ID, as the answer that started it gave it.", schema: TEXT };

export const PARAMETER_COMPONENTS: Components = {
  parameters: { XRequestId: REQUEST_ID, IdempotencyKey: IDEMPOTENCY_KEY, IfMatch: IF_MATCH, After: AFTER, Limit: LIMIT, WorkflowId: WORKFLOW_ID },
};

/** Parameters that are shared, beside the X-Request-Id that every operation takes. */
export function parameters(...names: readonly string[]): readonly JsonObject[] {
  return [...names, "XRequestId"].map((name) => ref("parameters", name));
}
