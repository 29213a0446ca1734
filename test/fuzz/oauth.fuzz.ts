import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { isObject } from "../../src/domain/json.ts";
import { oauthCalls, type Learned } from "./oauth-calls.ts";
import { openOAuthWorld } from "./oauth-world.ts";
import { settings } from "./settings.ts";
import { describeFault, inProcess, inTime, type Answer, type Call } from "./transports.ts";

const SHARE = 0.1;
const CALLS_A_WORLD = 40;
/** RFC 6749 section 5.2, RFC 8707 section 2 and RFC 7009 section 2.2, and what is ours. */
const ERRORS: Readonly<Record<string, readonly number[]>> = {
  invalid_request: [400, 405, 413, 415], invalid_client: [401], invalid_grant: [400], unauthorized_client: [400], unsupported_grant_type: [400], invalid_scope: [400],
  invalid_target: [400], not_found: [404], temporarily_unavailable: [429, 503],
};
const DOCUMENTED_ERRORS = /^(invalid_request|unauthorized_client|access_denied|unsupported_response_type|invalid_scope|invalid_target|temporarily_unavailable)$/;
const reached = new Set<string>();

test("The authorization server answers every call in time and as the standards say", async (context) => {
  const calls = Math.ceil(settings.calls * SHARE);
  context.diagnostic(`FUZZ_SEED=${settings.seed}, ${calls} calls`);
  const few = fc.array(oauthCalls, { minLength: CALLS_A_WORLD, maxLength: CALLS_A_WORLD, size: "max" });
  await fc.assert(fc.asyncProperty(few, callAll), { seed: settings.seed, numRuns: Math.ceil(calls / CALLS_A_WORLD), interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true });
});

after(() => {
  if (settings.calls >= 20_000) assert.deepEqual([...reached].sort(), ["access", "code", "cookie", "form", "refresh", "transaction"], "no flow has come to its end: the calls are too wild");
});

async function callAll(calls: readonly Call[]): Promise<void> {
  const { handler, failures, names } = await openOAuthWorld();
  const learned: Learned = { ...names, code: "unknown", access: "unknown", refresh: "unknown", form: "x=1", transaction: "unknown", cookie: "x=1" };
  for (const call of calls) {
    const made = { ...call, target: fill(call.target, learned), body: fill(String(call.body), learned), headers: call.headers.map(([name, value]) => [name, fill(value, learned)] as const) };
    const answer = await inTime(inProcess(handler), made);
    try {
      assert.deepEqual(failures, []);
      check(made, answer);
    } catch (error) {
      throw describeFault(made, answer, error);
    }
    learn(learned, answer);
  }
}

function fill(text: string, learned: Learned): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => learned[name] ?? all);
}

function check({ method, target }: Call, { status, headers, text }: Answer): void {
  assert.ok(status !== 500 && status !== 503, `status ${status}`);
  assert.match(headers["x-request-id"] ?? "", /^[A-Za-z0-9._~-]{1,128}$/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  if (status === 429) assert.match(headers["retry-after"] ?? "", /^[1-9]\d*$/);
  if (target.startsWith("/oauth/authorize")) return checkPage(status, headers, text);
  if (method === "HEAD" || text === "") return;
  assert.match(headers["content-type"] ?? "", /^application\/json/);
  const body: unknown = JSON.parse(text);
  assert.ok(isObject(body));
  if (status === 200) return checkGiven(target, body);
  assert.deepEqual(Object.keys(body), ["error", "error_description"]);
  assert.ok(ERRORS[String(body["error"])]?.includes(status), `${status} for ${String(body["error"])}`);
  assert.match(String(body["error_description"]), /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
}

/** Pages for people, or back to the app with a code or an error. */
function checkPage(status: number, headers: Answer["headers"], text: string): void {
  const { location } = headers;
  assert.equal(headers["cache-control"], "no-store");
  if (status !== 303) return text === "" ? undefined : assert.match(text, /^<!doctype html>/);
  if (location?.startsWith("/oauth/authorize?transaction=") === true) return;
  assert.match(location ?? "", /^https:\/\/app\.example\/callback\?/);
  const answer = new URL(location ?? "").searchParams;
  assert.equal(answer.get("iss"), "https://as.example");
  if (answer.get("code") === null) assert.match(answer.get("error") ?? "", DOCUMENTED_ERRORS);
}

function checkGiven(target: string, body: Readonly<Record<string, unknown>>): void {
  if (target === "/oauth/token") assert.deepEqual(Object.keys(body).filter((key) => key !== "refresh_token").sort(), ["access_token", "expires_in", "scope", "token_type"]);
  if (target === "/oauth/introspect") assert.equal(typeof body["active"], "boolean");
  if (target.startsWith("/oauth/") && target !== "/oauth/jwks") assert.ok(!("error" in body));
}

/** What later calls may use. */
function learn(learned: Learned, { status, headers, text }: Answer): void {
  const note = (name: string, value: string | null | undefined): void => {
    if (value === null || value === undefined || value === "") return;
    learned[name] = value;
    reached.add(name);
  };
  const cookies = [...(headers["set-cookie"] ?? "").matchAll(/(?:^|, )([\w-]+=[^;,]+)/g)].map(([, pair]) => pair);
  if (cookies.length > 0) note("cookie", [...(learned["cookie"] ?? "").split("; ").filter((pair) => !cookies.some((fresh) => fresh?.split("=")[0] === pair.split("=")[0])), ...cookies].join("; "));
  if (status === 303) {
    const answer = new URL(headers["location"] ?? "", "https://as.example").searchParams;
    note("code", answer.get("code"));
    note("transaction", answer.get("transaction"));
  }
  const hidden = [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => `${name}=${value}`);
  note("form", hidden.join("&"));
  note("transaction", /name="transaction" value="([^"]*)"/.exec(text)?.[1]);
  note("access", /"access_token":"([^"]*)"/.exec(text)?.[1]);
  note("refresh", /"refresh_token":"([^"]*)"/.exec(text)?.[1]);
}
