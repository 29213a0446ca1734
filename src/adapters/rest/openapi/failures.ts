import type { ErrorDescription } from "../../../domain/catalog/describe.ts";
import { FAILURE_CODES, type FailureCode } from "../../../domain/errors.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { FAILURE_STATUS } from "../status.ts";
import { headers, type HeaderName } from "./headers.ts";
import { anyOf, closed, FALSE, ref, schema, TEXT, toPascalCase } from "./names.ts";
import type { Components } from "./part.ts";

const ERRORS: JsonObject = {
  type: "object",
  description: "What is wrong with which field, nested fields as `lines.0.quantity`.",
  additionalProperties: { type: "array", items: TEXT, minItems: 1 },
};
const MESSAGE: JsonObject = { type: "string", description: "A sentence for a person." };

/** The body of a failure with this code. */
function toFailureSchema(code: FailureCode): JsonObject {
  return closed({ success: FALSE, message: MESSAGE, code: { type: "string", const: code }, ...(code === "invalid_params" ? { errors: ERRORS } : {}) });
}

/** What an action's own refusal may be, where the action does not say more of it. */
const REFUSAL: JsonObject = {
  ...closed({ success: FALSE, message: MESSAGE }, { code: { type: "string", description: "The action's own code, if it has one." }, details: { description: "What programs may want to know." } }),
  description: "The action said no.",
};

/** Any failure that is not an action's own. */
const FAILURE: JsonObject = { ...closed({ success: FALSE, message: MESSAGE, code: { type: "string", enum: FAILURE_CODES } }, { errors: ERRORS }), description: "Any failure that is not an action's own." };

/** The same failure for a client that prefers problem details. */
const PROBLEM: JsonObject = {
  ...closed(
    {
      type: { type: "string", format: "uri-reference", description: "A URL of the code; `about:blank` without one." },
      title: { type: "string", description: "The same for all failures of that type." },
      status: { type: "integer", minimum: 400, maximum: 599 },
      detail: MESSAGE,
      instance: { type: "string", format: "uri", description: "The X-Request-Id, as a URN." },
      success: FALSE,
      message: MESSAGE,
    },
    { code: { type: "string", description: "Of the failure, or the action's own." }, errors: ERRORS, details: { description: "What programs may want to know." } },
  ),
  description: "A failure as problem details (RFC 9457), for clients whose `Accept` prefers those.",
};

/** Answers that are failures: all of one status. */
interface FailureResponse {
  readonly when: string;
  readonly codes: readonly FailureCode[];
  readonly headers?: readonly HeaderName[];
  /** Where it is not that of the codes. */
  readonly refusal?: boolean;
}

const RESPONSES = {
  MalformedRequest: { when: "The request is no JSON object in UTF-8, or can be read in two ways.", codes: ["malformed_request"], headers: ["WwwAuthenticate"] },
  Unauthenticated: { when: "No token came, or one that opens nothing (any more).", codes: ["unauthenticated"], headers: ["WwwAuthenticate"] },
  Forbidden: { when: "This identity may not do it.", codes: ["forbidden"], headers: ["WwwAuthenticate"] },
  NoSuchAction: { when: "There is no such action (any more).", codes: ["unknown_action", "not_found"] },
  NoSuchSubject: { when: "There is no such subject, or none that this identity may see; or no such action (any more).", codes: ["subject_not_found", "unknown_action", "not_found"] },
  NotFound: { when: "There is nothing here, or nothing that this identity may see.", codes: ["not_found"] },
  MethodNotAllowed: { when: "Another method is meant.", codes: ["method_not_allowed"], headers: ["Allow"] },
  Conflict: { when: "Somebody else changed it meanwhile, or it has ended. Nothing took effect.", codes: ["conflict"] },
  PreconditionFailed: { when: "What the preview saw whose ETag came as If-Match is no longer so. Nothing took effect.", codes: ["precondition_failed"] },
  PayloadTooLarge: { when: "The body, or what would have to be stored, is too large.", codes: ["payload_too_large"] },
  UnsupportedMediaType: { when: "The body is not `application/json`, or is encoded.", codes: ["unsupported_media_type"] },
  Invalid: { when: "The parameters are not valid.", codes: ["invalid_params"] },
  TooManyRequests: { when: "A quota of this identity or address is used up.", codes: ["too_many_requests"], headers: ["RetryAfter"] },
  InternalError: { when: "Something unforeseen; the log has it under the request ID.", codes: ["internal_error"] },
  Unavailable: { when: "Shutting down, overloaded, or too slow. Nothing took effect.", codes: ["unavailable"], headers: ["RetryAfter"] },
  Refused: {
    when: "The action said no, or the call is not valid.",
    codes: ["invalid_params", "subject_required", "subject_not_accepted", "idempotency_key_reused"],
    headers: ["IdempotencyReplayed"],
    refusal: true,
  },
} as const satisfies Readonly<Record<string, FailureResponse>>;

/** The answer to what HTTP itself has something against: 408, 417, 431, 501, 505. */
const NOT_HTTP: JsonObject = toResponse("HTTP itself has something against the request: 408, 417, 431, 501 or 505.", [schema("MalformedRequest")], []);

function toResponse(description: string, schemas: readonly JsonObject[], named: readonly HeaderName[]): JsonObject {
  return { description, headers: headers(...named), content: { "application/json": { schema: anyOf(schemas) }, "application/problem+json": { schema: schema("Problem") } } };
}

function toComponent({ when, codes, headers: named = [], refusal = false }: FailureResponse, own: readonly JsonObject[] = []): JsonObject {
  const schemas = codes.map((code) => schema(toPascalCase(code)));
  return toResponse(when, refusal ? [...own, schema("Refusal"), ...schemas] : schemas, named);
}

/** Every failure, as a schema and in the answers it comes in. */
export const FAILURE_COMPONENTS: Components = {
  schemas: {
    ...Object.fromEntries(FAILURE_CODES.map((code) => [toPascalCase(code), toFailureSchema(code)])),
    Refusal: REFUSAL,
    Failure: FAILURE,
    Problem: PROBLEM,
  },
  responses: { ...Object.fromEntries(Object.entries(RESPONSES).map(([name, response]) => [name, toComponent(response)])), NotHttp: NOT_HTTP },
};

/** The answers of 422 of an action that declares errors: those, and what every action may answer. */
export function declaredRefusals(errors: readonly ErrorDescription[]): JsonObject {
  const own = errors.map(({ code, details, retry }) => ({
    ...closed({ success: FALSE, message: MESSAGE, code: { type: "string", const: code }, ...(details === null ? {} : { details }) }),
    description: retry ? "The same call may go well later." : "The same call will not go well later.",
  }));
  return toComponent(RESPONSES.Refused, own);
}

/** One of the failures. */
export type FailureName = keyof typeof RESPONSES;

const ALWAYS = ["MalformedRequest", "Unauthenticated", "MethodNotAllowed", "TooManyRequests", "InternalError", "Unavailable"] as const;
const WITH_BODY = ["PayloadTooLarge", "UnsupportedMediaType"] as const;

function toEntries(names: readonly FailureName[]): JsonObject {
  const byStatus = names.map((name) => [FAILURE_STATUS[RESPONSES[name].codes[0]], ref("responses", name)] as const);
  return { ...Object.fromEntries(byStatus), default: ref("responses", "NotHttp") };
}

/** What an operation that reads may answer beside a success: these, and what any may. */
export function readingFailures(...names: readonly FailureName[]): JsonObject {
  return toEntries([...ALWAYS, ...names]);
}

/** The same for one that takes a body. */
export function actingFailures(...names: readonly FailureName[]): JsonObject {
  return toEntries([...ALWAYS, ...WITH_BODY, ...names]);
}
