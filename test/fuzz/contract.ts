import assert from "node:assert/strict";
import { isObject } from "../../src/domain/json.ts";
import { FAILURE_TABLE } from "./failure-table.ts";
import type { ServedAction } from "./served-schemas.ts";
import type { Answer, Call } from "./transports.ts";

/** The members of a JSON object. */
type Members = Readonly<Record<string, unknown>>;

/** Fails unless the answer is one that the documents give for such a call, to the key. */
export type CheckAnswer = (call: Call, answer: Answer) => void;

/** What came of an action's execution: its own answer, or the failure that ended it before. */
export interface Verdict {
  /** Null when the action itself answered. */
  readonly code: string | null;
  readonly errors: Members;
}

/** Checks answers of an API with these actions. */
export function createCheck(actions: readonly ServedAction[]): CheckAnswer {
  const returns = new Map(actions.map((action) => [action.key, action.returns]));
  return (call, answer) => {
    checkHeaders(call, answer);
    const { status, text } = answer;
    if (call.method === "HEAD" || status === 204) return assert.equal(text, "");
    const type = answer.headers["content-type"];
    if (type === "text/event-stream; charset=utf-8") return assert.match(text, /^$|^(event: status\ndata: \{.*\}|id: \d{16}\nevent: entry\ndata: \{.*\}|(id: \d{16}\n)?: still there)\n\n/);
    if (type === "application/x-ndjson; charset=utf-8") return checkLines(call, text, returns);
    if (type === "application/problem+json") return checkBody(call, status, checkProblem(answer), returns);
    assert.equal(type, "application/json; charset=utf-8");
    checkBody(call, status, toMembers(text), returns);
  };
}

/** Answers the members of the usual form, which stand beside those of a problem. */
function checkProblem({ status, headers, text }: Answer): Members {
  const { type, title, status: told, detail, instance, ...members } = toMembers(text);
  const { code, message } = members;
  assert.ok(status >= 400 && told === status && detail === message, "the problem is another");
  assert.equal(type, code === undefined ? "about:blank" : `/api/v1/openapi.json#${encodeURIComponent(String(code))}`);
  assert.ok(typeof title === "string" && title !== "");
  assert.ok(typeof instance === "string" && /^urn:[a-z-]+:/.test(instance) && instance.endsWith(headers["x-request-id"] ?? "?"));
  assert.match(headers["vary"] ?? "", /^Accept\b/);
  return members;
}

function checkHeaders({ headers: sent, method }: Call, { status, headers }: Answer): void {
  const given = sent.filter(([name]) => name === "X-Request-Id").map(([, value]) => value).join(", ");
  // Of what is not even a request, nothing is kept.
  if (/^[A-Za-z0-9._~-]{1,128}$/.test(given) && status !== 400) assert.equal(headers["x-request-id"], given);
  assert.match(headers["x-request-id"] ?? "", /^[A-Za-z0-9._~-]{1,128}$/);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  if (status === 401) assert.match(headers["www-authenticate"] ?? "", /^Bearer realm=/);
  if (status === 405 || method === "OPTIONS" && status === 204 && headers["access-control-allow-methods"] === undefined) assert.match(headers["allow"] ?? "", /^[A-Z]+(, [A-Z]+)*$/);
  if (status === 429 || status === 503) assert.match(headers["retry-after"] ?? "", /^[1-9]\d*$/);
}

type Returns = ReadonlyMap<string, readonly string[]>;

function checkBody({ target }: Call, status: number, body: Members, returns: Returns): void {
  const [path = ""] = target.split("?");
  if (body["success"] === false && !("outcome" in body)) return checkFailure(status, body, /\/(execute|preview)(\/|$)/.test(path));
  assert.equal(status, 200);
  const [, key = "", kind] = /^\/api\/v1\/actions\/(.+?)\/(execute|preview|bulk|schema)(?:\/|$)/.exec(path) ?? [];
  if (kind === "schema") return checkKeys(body, ["key", "label", "description", "effect", "parameters", "returns", "bulk", "idempotency"], ["subject", "result", "errors", "examples"]);
  if (kind === "execute" || kind === "preview") return checkSuccess(body, returns.get(key) ?? [], kind === "preview");
  if (kind === "bulk") return checkBulk(body, returns.get(key) ?? []);
  if (path === "/api/v1/actions") return checkKeys(body, ["success", "data"]);
  if (path === "/api/v1/audit" || path === "/api/v1/workflows" || path.endsWith("/results")) return checkPage(path, body);
  if (path.startsWith("/api/v1/subjects")) return checkSubjects(path, body);
  assert.match(path, /^\/api\/v1\/workflows\/[^/]+(\/cancel|\/signal\/[^/]+)?$/, "this path has no success");
  checkRun(body, ["success"]);
}

/** A failure of the table, or, where an action may have answered, its own. */
function checkFailure(status: number, body: Members, mayBeRefusal: boolean): void {
  const { code, errors, message } = body;
  assert.equal(typeof message, "string");
  const statuses = typeof code === "string" ? FAILURE_TABLE.get(code) : undefined;
  if (statuses === undefined) {
    assert.ok(mayBeRefusal && status === 422, `${status} with the code ${String(code)}`);
    return checkKeys(body, ["success", "message"], ["code", "details"]);
  }
  assert.ok(statuses.has(status), `${status} for ${String(code)}`);
  checkKeys(body, ["success", "message", "code"], code === "invalid_params" ? ["errors"] : []);
  if (code === "invalid_params") checkErrors(errors, String(message));
}

function checkErrors(errors: unknown, message: string): void {
  const sentences = Object.values(membersOf(errors)).flatMap((listed) => (Array.isArray(listed) ? listed : [undefined]));
  assert.ok(sentences.length > 0 && sentences.every((sentence) => typeof sentence === "string" && sentence !== ""), "each field has its sentences");
  const more = sentences.length === 1 ? "" : sentences.length === 2 ? " (and 1 more error)" : ` (and ${sentences.length - 1} more errors)`;
  assert.equal(message, `${String(sentences[0])}${more}`);
}

/** The rows of the result table. */
const ROWS: Readonly<Record<string, readonly string[]>> = { message: ["message"], data: ["message", "data"], workflow: ["workflow_id"], nothing: [] };

function checkSuccess(body: Members, returns: readonly string[], isPreview: boolean): void {
  const row = Object.keys(ROWS).find((name) => {
    const keys = ["success", ...(ROWS[name] ?? []), ...(isPreview ? ["changes"] : [])];
    return keys.length === Object.keys(body).length && keys.every((key) => key in body);
  });
  assert.ok(row !== undefined && returns.includes(row), `${Object.keys(body).join()} is none of ${returns.join()}`);
  assert.equal(body["success"], true);
  if (row === "data") assert.deepEqual(Object.keys(membersOf(body["data"])).slice(0, 2), ["id", "title"]);
  if (isPreview) for (const change of itemsOf(body["changes"])) checkChange(change);
}

function checkSubjects(path: string, body: Members): void {
  const [, , , , name, id] = path.split("/");
  if (name === undefined) for (const each of itemsOf(body["data"])) checkKeys(each, ["class", "label", "param", "id", "fields", "actions"]);
  else if (id === undefined) {
    checkKeys(body, ["success", "data", "next"]);
    for (const each of itemsOf(body["data"])) assert.deepEqual(Object.keys(each).slice(0, 2), ["id", "title"]);
  } else {
    checkKeys(body, ["success", "data", "actions"]);
    assert.deepEqual(Object.keys(membersOf(body["data"])).slice(0, 2), ["id", "title"]);
    for (const each of itemsOf(body["actions"])) checkKeys(each, ["key", "label", "effect", "allowed"], each["allowed"] === true ? [] : ["code", "message"]);
  }
}

function checkChange(change: Members): void {
  const shown = { create: ["after"], update: ["before", "after"], delete: ["before"] }[String(change["change"])];
  checkKeys(change, ["class", "id", "change", ...(shown ?? ["unknown"])]);
}

function checkBulk(body: Members, returns: readonly string[]): void {
  if ("workflow_id" in body) return checkKeys(body, ["success", "workflow_id"]);
  const { results, ...summary } = body;
  const entries = itemsOf(results);
  checkSummary(summary, entries);
  entries.forEach((entry, index) => {
    assert.equal(entry["index"], index);
    checkEntry(entry, returns);
  });
}

function checkSummary(summary: Members, entries: readonly Members[]): void {
  checkKeys(summary, ["success", "outcome", "message", "total", "succeeded", "failed", "skipped"]);
  const { outcome, total, succeeded, failed, skipped } = summary;
  const skips = entries.filter((entry) => entry["skipped"] === true).length;
  const successes = entries.filter((entry) => entry["success"] === true).length;
  assert.deepEqual({ total, succeeded, failed, skipped }, { total: entries.length, succeeded: successes, failed: entries.length - successes - skips, skipped: skips });
  assert.equal(outcome, successes === entries.length ? "success" : successes === 0 ? "failed" : "partial");
  assert.equal(summary["success"], outcome === "success");
}

/** What the single call would have answered, with its place in the batch. */
function checkEntry({ index, id, status, replayed: _, ...body }: Members, returns: readonly string[]): void {
  assert.ok(Number.isInteger(index) && (typeof id === "string" || typeof id === "number"));
  if (body["skipped"] === true) return assert.deepEqual({ status, ...body }, { status: undefined, success: false, skipped: true });
  if (body["success"] === false) return checkFailure(Number(status), body, true);
  assert.equal(status, 200);
  checkSuccess(body, returns, "changes" in body);
}

function checkLines({ target }: Call, text: string, returns: Returns): void {
  assert.ok(text === "" || text.endsWith("\n"));
  const lines = text.split("\n").slice(0, -1).map(toMembers);
  const [, key] = /^\/api\/v1\/actions\/(.+)\/bulk/.exec(target) ?? [];
  if (target.startsWith("/api/v1/audit")) return lines.forEach((entry) => checkKeys(entry, ENTRY, MORE));
  const entries = key === undefined ? lines : lines.slice(0, -1);
  for (const entry of entries) checkEntry(entry, key === undefined ? Object.keys(ROWS) : (returns.get(key) ?? []));
  if (key !== undefined) checkSummary(lines.at(-1) ?? {}, entries);
}

const ENTRY = ["id", "when", "request_id", "identity", "action", "subject", "params", "outcome", "changes"];
const MORE = ["via", "traceparent", "client_id"];
const RUN = ["id", "name", "action", "subject", "status", "progress", "created_at", "updated_at", "poll_after_ms"];

function checkPage(path: string, body: Members): void {
  checkKeys(body, ["success", "data", "next"]);
  assert.ok(body["next"] === null || typeof body["next"] === "string");
  for (const item of itemsOf(body["data"])) {
    if (path === "/api/v1/audit") checkKeys(item, ENTRY, MORE);
    else if (path === "/api/v1/workflows") checkRun(item, []);
    else checkEntry(item, Object.keys(ROWS));
  }
}

function checkRun(run: Members, more: readonly string[]): void {
  checkKeys(run, [...more, ...RUN], ["result", "error"]);
}

function checkKeys(members: Members, required: readonly string[], optional: readonly string[] = []): void {
  const missing = required.filter((key) => !Object.hasOwn(members, key));
  const unknown = Object.keys(members).filter((key) => !required.includes(key) && !optional.includes(key));
  assert.deepEqual({ missing, unknown }, { missing: [], unknown: [] });
}

function toMembers(text: string): Members {
  return membersOf(JSON.parse(text));
}

function membersOf(value: unknown): Members {
  assert.ok(isObject(value), `an object was expected, not ${JSON.stringify(value)}`);
  return value;
}

function itemsOf(value: unknown): readonly Members[] {
  assert.ok(Array.isArray(value), "a list was expected");
  return value.map(membersOf);
}

/** What the answer says of each execution that was asked for; none where it tells nothing of them. */
export function readVerdicts({ status, headers, text }: Answer): readonly Verdict[] {
  if (status !== 200 && status !== 422) return [];
  const lines = headers["content-type"]?.startsWith("application/x-ndjson") === true ? text.split("\n").slice(0, -1).map(toMembers) : null;
  const body = lines === null ? toMembers(text) : {};
  const entries = lines?.slice(0, -1) ?? ("results" in body ? itemsOf(body["results"]) : [body]);
  return entries.filter((entry) => entry["skipped"] !== true).map(toVerdict);
}

function toVerdict({ success, code, errors }: Members): Verdict {
  const known = success === false && typeof code === "string" && FAILURE_TABLE.has(code) ? code : null;
  return { code: known, errors: isObject(errors) ? errors : {} };
}
