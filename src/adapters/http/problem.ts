import { isObject } from "../../domain/json.ts";
import { prefersToJson } from "./media/accept.ts";
import type { HeaderIndex } from "./headers.ts";
import type { HttpHeaders, HttpResponse } from "./message.ts";

/** Shows a failure as a client asked for it. */
export type ShowFailure = (answer: HttpResponse, headers: HeaderIndex, requestId: string) => HttpResponse;

/** What stands before a code, so that the two are a URL: where the API describes itself, at the server that gave the answer. */
export const DEFAULT_PROBLEM_TYPE_BASE = "/api/v1/openapi.json#";

const PROBLEM = "application/problem+json";
/** RFC 3986: what a URI reference may be made of. */
const URL_CHARACTERS = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** What an application's own code might hold, and no URL can. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;
/** An action that says no without a code has no problem of its own: it is 422, whose words these are (RFC 9457 section 4.2.1, RFC 9110 section 15.5.21). */
const NO_CODE = { type: "about:blank", title: "Unprocessable Content" } as const;

/**
 * Failures as problem details (RFC 9457) for clients that prefer those, with the members of the usual form beside them; for all others as they
 * are. A failure is JSON by now, whoever made it, so it is read once more: that is seldom, and a form for all.
 *
 * @throws TypeError on a base that is no URL.
 */
export function createProblems(typeBase: string): ShowFailure {
  if (typeof typeBase !== "string" || !URL_CHARACTERS.test(typeBase) || !URL.canParse(`${typeBase}x`, "http://localhost/")) {
    throw new TypeError(`problemTypeBase: ${JSON.stringify(typeBase)} is no URL; write what stands before a code, such as "https://docs.example/errors#"`);
  }
  return (answer, headers, requestId) => {
    const accept = headers.get("accept");
    if (accept === undefined || typeof answer.body !== "string" || !prefersToJson(accept, PROBLEM)) return answer;
    const members: unknown = JSON.parse(answer.body);
    if (!isObject(members)) return answer;
    const problem = toProblem(typeBase, answer.status, requestId, members);
    return { ...answer, headers: toProblemHeaders(answer.headers), body: JSON.stringify(problem) };
  };
}

function toProblem(typeBase: string, status: number, requestId: string, members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { code, message } = members;
  const { type, title } = typeof code === "string" ? { type: `${typeBase}${encodeURIComponent(code.replace(LONE_SURROGATE, "\ufffd"))}`, title: toTitle(code) } : NO_CODE;
  return { type, title, status, detail: message, instance: toUrn(requestId), ...members };
}

/** `subject_not_found` is `Subject not found`. */
function toTitle(code: string): string {
  const words = code.replace(/[_-]+/g, " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** RFC 8141; what a request ID may be made of needs no escapes there. */
function toUrn(requestId: string): string {
  return `${UUID.test(requestId) ? "urn:uuid:" : "urn:request-id:"}${requestId}`;
}

/** That the form was negotiated is said where it was. No answer is ever stored (`no-store`), so the usual form need not. */
function toProblemHeaders(headers: HttpHeaders): HttpHeaders {
  const { vary } = headers;
  return { ...headers, "content-type": PROBLEM, vary: vary === undefined ? "Accept" : `Accept, ${String(vary)}` };
}
