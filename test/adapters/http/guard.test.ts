import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientGone } from "../../../src/adapters/http/client-gone.ts";
import { createGuard } from "../../../src/adapters/http/guard.ts";
import type { GuardedHandler, GuardOptions } from "../../../src/adapters/http/guard.ts";
import type { HttpRequest, HttpResponse } from "../../../src/adapters/http/message.ts";
import { json, noContent } from "../../../src/adapters/http/response.ts";
import { isPromiseLike } from "../../../src/domain/maybe-promise.ts";
import type { Observation } from "../../../src/domain/ports.ts";

const ok: GuardedHandler = () => json(200, { success: true });

function guardWith(options: Partial<GuardOptions> = {}) {
  const observations: Observation[] = [];
  let now = 1_000;
  const guard = createGuard({
    newId: () => "fresh-id",
    clock: () => (now += 5),
    observe: (observation) => observations.push(observation),
    ...options,
  });
  return { guard, observations };
}

function get(target: string, rawHeaders: readonly string[] = []): HttpRequest {
  return { method: "GET", target, rawHeaders, body: () => new Uint8Array() };
}

function answerNow(handler: GuardedHandler, request: HttpRequest, options?: Partial<GuardOptions>): HttpResponse {
  const answer = guardWith(options).guard(handler)(request);
  assert.ok(!isPromiseLike(answer), "a synchronous handler is answered at once");
  return answer;
}

function malformed(message: string): string {
  return JSON.stringify({ success: false, message, code: "malformed_request" });
}

test("Every answer carries a request id, no-store and nosniff", () => {
  assert.deepEqual(answerNow(ok, get("/")), {
    status: 200,
    headers: {
      "cache-control": "no-store",
      "content-type": "application/json; charset=utf-8",
      "x-content-type-options": "nosniff",
      "x-request-id": "fresh-id",
    },
    body: '{"success":true}',
  });
});

test("A handler may give its own Cache-Control, but neither request id nor nosniff", () => {
  const own = { "cache-control": "max-age=60", "x-request-id": "mine", "x-content-type-options": "none" };
  const { headers } = answerNow(() => noContent(204, own), get("/"));
  assert.deepEqual(headers, { "cache-control": "max-age=60", "x-content-type-options": "nosniff", "x-request-id": "fresh-id" });
});

test("H21: only a well-formed incoming request id is kept", () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["X-Request-Id", "abc.DEF_1~-"], "abc.DEF_1~-"],
    [["x-request-id", "a".repeat(128)], "a".repeat(128)],
    [["X-Request-Id", "a".repeat(129)], "fresh-id"],
    [["X-Request-Id", ""], "fresh-id"],
    [["X-Request-Id", "a b"], "fresh-id"],
    [["X-Request-Id", "a\r\nset-cookie: x"], "fresh-id"],
    [["X-Request-Id", "é"], "fresh-id"],
    [["X-Request-Id", "one", "X-Request-Id", "two"], "fresh-id"],
  ];
  for (const [rawHeaders, expected] of cases) {
    assert.equal(answerNow(ok, get("/", rawHeaders)).headers["x-request-id"], expected, rawHeaders.join());
  }
});

test("The handler sees path and query apart, undecoded", () => {
  const seen: string[] = [];
  const note: GuardedHandler = ({ path, query, requestId }) => {
    seen.push(path, query, requestId);
    return noContent(204);
  };
  for (const target of ["/a%2Fb", "/a?b=%20?c", "/a?"]) answerNow(note, get(target));
  assert.deepEqual(seen, ["/a%2Fb", "", "fresh-id", "/a", "b=%20?c", "fresh-id", "/a", "", "fresh-id"]);
});

test("H6, H7: a header that means one thing only is refused when it comes twice, before the handler runs", () => {
  const names = ["Authorization", "Content-Type", "Host", "Idempotency-Key", "Content-Length"];
  for (const name of names) {
    const refusal = answerNow(failing, get("/", [name, "1", name.toLowerCase(), "1"]));
    assert.equal(refusal.status, 400);
    assert.equal(refusal.body, malformed(`The ${name} header was sent more than once; send it once.`));
    assert.equal(refusal.headers["x-request-id"], "fresh-id");
  }
  assert.equal(answerNow(ok, get("/", ["Accept", "a", "Accept", "b"])).status, 200);
});

test("H17, H18: a target that is not a plain path is refused before the handler runs", () => {
  const cases = [
    ["//evil.example/", "The request target is not a plain path; send one that starts with a single slash."],
    ["http://a.example/", "The request target is not a plain path; send one that starts with a single slash."],
    ["*", "The request target is not a plain path; send one that starts with a single slash."],
    ["/a\\b", "The request target holds a character that must be percent-encoded."],
    ["/%zz", "The path holds a percent sign without two hexadecimal digits behind it; write %25 for the sign itself."],
  ] as const;
  for (const [target, message] of cases) {
    const refusal = answerNow(failing, get(target));
    assert.deepEqual([refusal.status, refusal.body], [400, malformed(message)]);
  }
});

const failing: GuardedHandler = () => {
  throw new Error("secret detail");
};

test("H23, H24: whatever a handler throws is an opaque 500, and its cause goes to the log alone", async () => {
  const rejecting: GuardedHandler = async () => {
    throw new Error("secret detail");
  };
  for (const handler of [failing, rejecting]) {
    const { guard, observations } = guardWith();
    const answer = await guard(handler)(get("/a"));
    assert.equal(answer.status, 500);
    assert.equal(answer.body, '{"success":false,"message":"Server error.","code":"internal_error"}');
    assert.deepEqual(observations.map(({ event, requestId }) => [event, requestId]), [["internal_error", "fresh-id"], ["request", "fresh-id"]]);
    assert.ok(observations[0]?.error instanceof Error && observations[0].error.message === "secret detail");
  }
});

test("H23: a client that goes away while its body is read is no error", async () => {
  const { guard, observations } = guardWith();
  const gone: HttpRequest = { ...get("/a"), body: () => Promise.reject(new ClientGone()) };
  const answer = await guard(async ({ request }) => json(200, await request.body(10)))(gone);
  assert.deepEqual([answer.status, answer.body], [400, malformed("The request ended before its body was complete; send it again.")]);
  assert.deepEqual(observations.map(({ event }) => event), ["request"]);
});

test("H26: each request is noted once, in one line, without its query and its headers", () => {
  const { guard, observations } = guardWith();
  const handler = guard(ok);
  handler(get("/a/b?token=secret", ["Authorization", "Bearer secret"]));
  handler({ ...get(`/a\r\n{"event":"forged"}${"x".repeat(300)}?secret`), method: "GET\n" });
  assert.deepEqual(observations, [
    { event: "request", requestId: "fresh-id", method: "GET", path: "/a/b", status: 200, duration_ms: 5, identity: undefined },
    { event: "request", requestId: "fresh-id", method: "GET?", path: `/a??{"event":"forged"}${"x".repeat(231)}...`, status: 400, duration_ms: 5, identity: undefined },
  ]);
});

test("H23: an observer that throws harms nobody", () => {
  const observe = () => {
    throw new Error("the log is full");
  };
  assert.equal(answerNow(ok, get("/"), { observe }).status, 200);
  assert.equal(answerNow(failing, get("/"), { observe }).status, 500);
});

test("Another API may give refusals a form of its own", () => {
  const renderFailure: GuardOptions["renderFailure"] = ({ status, message }, requestId) => json(status, { error: "invalid_request", error_description: message, requestId });
  const answer = answerNow(ok, get("*"), { renderFailure });
  assert.equal(answer.status, 400);
  assert.equal(
    answer.body,
    '{"error":"invalid_request","error_description":"The request target is not a plain path; send one that starts with a single slash.","requestId":"fresh-id"}',
  );
});

const cors = { origins: ["https://console.example", "http://localhost:5173"] };
const preflight = (origin: string): HttpRequest => ({
  ...get("/a", ["Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization"]),
  method: "OPTIONS",
});

test("H31: an allowed origin is named, with the headers that a page may read", () => {
  const { headers } = answerNow(ok, get("/", ["Origin", "https://console.example"]), { cors });
  assert.equal(headers["access-control-allow-origin"], "https://console.example");
  assert.equal(headers["access-control-expose-headers"], "X-Request-Id, ETag, Idempotency-Replayed, Retry-After, WWW-Authenticate");
  assert.equal(headers["access-control-allow-credentials"], undefined);
  assert.equal(headers["vary"], "Origin");
});

test("H31: no other origin is ever reflected, and every answer varies with the origin", () => {
  const origins = ["https://console.example.evil", "https://CONSOLE.example", "http://console.example", "null", "*", "https://console.example, https://console.example"];
  for (const rawHeaders of [...origins.map((origin) => ["Origin", origin]), []]) {
    const { headers } = answerNow(() => noContent(204, { vary: "Accept" }), get("/", rawHeaders), { cors });
    assert.equal(headers["access-control-allow-origin"], undefined);
    assert.equal(headers["vary"], "Accept, Origin");
  }
  assert.equal(answerNow(ok, get("/", ["Origin", "https://console.example"])).headers["access-control-allow-origin"], undefined);
  assert.equal(answerNow(ok, get("/", ["Origin", "https://console.example"])).headers["vary"], undefined);
});

test("H31: a preflight from an allowed origin is answered 204; any other reaches the handler", () => {
  const answer = answerNow(failing, preflight("http://localhost:5173"), { cors });
  assert.deepEqual(answer, {
    status: 204,
    headers: {
      "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id",
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "access-control-allow-origin": "http://localhost:5173",
      "access-control-expose-headers": "X-Request-Id, ETag, Idempotency-Replayed, Retry-After, WWW-Authenticate",
      "access-control-max-age": "600",
      "cache-control": "no-store",
      vary: "Origin",
      "x-content-type-options": "nosniff",
      "x-request-id": "fresh-id",
    },
    body: null,
  });
  assert.equal(answerNow(ok, preflight("https://evil.example"), { cors }).status, 200);
  assert.equal(answerNow(ok, preflight("https://evil.example"), { cors }).headers["access-control-allow-methods"], undefined);
  assert.equal(answerNow(ok, preflight("https://console.example")).status, 200);
});

test("H31: a wrong CORS option is refused at start-up", () => {
  for (const origin of ["*", "null", "", "https://a.example/", "https://a.example:443", "HTTPS://a.example", "ftp://a.example", "a.example", "https://a b"]) {
    assert.throws(() => guardWith({ cors: { origins: [origin] } }), { name: "TypeError", message: /^cors\.origins: .* is no origin; write it as a browser does/ }, origin);
  }
  assert.throws(() => guardWith({ cors: { ...cors, requestHeaders: ["*"] } }), { name: "TypeError", message: /^cors\.requestHeaders: / });
  assert.throws(() => guardWith({ cors: { ...cors, maxAgeSeconds: -1 } }), { name: "TypeError", message: /^cors\.maxAgeSeconds: / });
});
