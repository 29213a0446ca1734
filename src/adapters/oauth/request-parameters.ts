import { isObject } from "../../domain/json.ts";
import { parseStrictJson } from "../http/media/strict-json.ts";
import type { GuardedRequest } from "../http/guard.ts";
import { isJson, parseMediaType } from "../http/media/media-type.ts";
import { decodeUtf8 } from "../http/utf8.ts";
import { parseForm } from "./form.ts";
import { OAuthError } from "./oauth-error.ts";

/** The parameters of a request, each at most once; one that is empty counts as absent (RFC 6749 section 3.2). */
export interface RequestParameters {
  get(name: string): string | undefined;
  /** The resources asked for; the one parameter that may repeat (RFC 8707 section 2). */
  readonly resources: readonly string[];
}

type Pairs = readonly (readonly [name: string, value: string])[];

const MAX_BODY_BYTES = 65_536;
const FORM = "application/x-www-form-urlencoded";

/** Reads the parameters of a POST from its form or flat JSON body; never from the query. */
export async function readBodyParameters(guarded: GuardedRequest): Promise<RequestParameters> {
  const mediaType = parseMediaType(guarded.headers.get("content-type") ?? "");
  const parse = mediaType === undefined ? undefined : isJson(mediaType) ? parseFlatJson : mediaType.essence === FORM ? parseForm : undefined;
  if (parse === undefined || guarded.headers.get("content-encoding") !== undefined) {
    throw invalidRequest("Send the parameters as application/x-www-form-urlencoded, or as a flat JSON object.");
  }
  const bytes = await guarded.request.body(MAX_BODY_BYTES);
  if (bytes === null) throw new OAuthError("invalid_request", "The body is too long.", { status: 413 });
  const text = decodeUtf8(bytes);
  const pairs = text === undefined ? undefined : parse(text);
  if (pairs === undefined) throw invalidRequest("The body is not well-formed.");
  return collectParameters(pairs);
}

/** Name and value pairs as parameters; a repeated one is refused. */
function collectParameters(pairs: Pairs): RequestParameters {
  const values = new Map<string, string>();
  const seen = new Set<string>();
  const resources: string[] = [];
  for (const [name, value] of pairs) {
    if (name === "resource") {
      if (value !== "") resources.push(value);
      continue;
    }
    if (seen.has(name)) throw invalidRequest("A parameter was sent more than once.");
    seen.add(name);
    if (value !== "") values.set(name, value);
  }
  return { get: (name) => values.get(name), resources };
}

/** A required parameter. */
export function requireParameter(parameters: RequestParameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw invalidRequest(`The parameter ${name} is missing.`);
  return value;
}

/** A flat object of strings, `resource` also an array of strings; anything else is undefined. */
function parseFlatJson(text: string): Pairs | undefined {
  let json: unknown;
  try {
    json = parseStrictJson(text);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const pairs: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries(json)) {
    const values: readonly unknown[] = name === "resource" && Array.isArray(value) ? value : [value];
    for (const item of values) {
      if (typeof item !== "string") return undefined;
      pairs.push([name, item]);
    }
  }
  return pairs;
}

function invalidRequest(description: string): OAuthError {
  return new OAuthError("invalid_request", description);
}
