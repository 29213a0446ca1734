import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createMetrics, createMetricsHandler } from "../../../src/adapters/diagnostics/index.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";

const TOKEN = "0123456789abcdef";
const shared = { clock: () => 0, newId: () => "fresh" };

function open(context: TestContext, token?: string): HttpHandler {
  const metrics = createMetrics();
  context.after(() => metrics.close());
  return createMetricsHandler({ metrics, token, ...shared });
}

async function ask(handler: HttpHandler, { method = "GET", target = "/metrics", headers = [] }: { method?: string; target?: string; headers?: readonly string[] } = {}) {
  const { status, headers: got, body } = await handler({ method, target, rawHeaders: ["Host", "x", ...headers], body: () => new Uint8Array() });
  return { status, headers: got, body: typeof body === "string" ? body : "" };
}

test("Whoever reaches it reads the figures, where no token is asked for", async (context) => {
  const handler = open(context);
  const { status, headers, body } = await ask(handler);
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(headers["cache-control"], "no-store");
  assert.match(body, /^# HELP http_server_request_duration_seconds /);
});

test("A reader that takes OpenMetrics gets that", async (context) => {
  const prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
  const { headers, body } = await ask(open(context), { headers: ["Accept", prometheus] });
  assert.equal(headers["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.ok(body.endsWith("# EOF\n"));
});

test("With a token only whoever sends it reads them", async (context) => {
  const handler = open(context, TOKEN);
  for (const headers of [[], ["Authorization", `Bearer ${TOKEN}x`], ["Authorization", `Bearer ${TOKEN.slice(1)}`], ["Authorization", TOKEN], ["Authorization", `Basic ${TOKEN}`], ["Authorization", "Bearer "]]) {
    const { status, headers: got, body } = await ask(handler, { headers });
    assert.equal(status, 401);
    assert.equal(got["www-authenticate"], 'Bearer realm="metrics"');
    assert.equal(body, '{"success":false,"message":"Unauthenticated.","code":"unauthenticated"}');
  }
  for (const scheme of ["Bearer", "bearer"]) assert.equal((await ask(handler, { headers: ["Authorization", `${scheme} ${TOKEN}`] })).status, 200);
});

test("There is nothing but the figures, and they are only read", async (context) => {
  const handler = open(context, TOKEN);
  assert.equal((await ask(handler, { target: "/" })).status, 404);
  const posted = await ask(handler, { method: "POST" });
  assert.deepEqual([posted.status, posted.headers["allow"]], [405, "GET, HEAD, OPTIONS"]);
  const options = await ask(handler, { method: "OPTIONS" });
  assert.deepEqual([options.status, options.headers["allow"]], [204, "GET, HEAD, OPTIONS"]);
});

test("A token that is too short or cannot be sent is refused, and not shown", (context) => {
  const metrics = createMetrics();
  context.after(() => metrics.close());
  for (const token of ["short", "with a space in it", "x".repeat(1025)]) {
    assert.throws(() => createMetricsHandler({ metrics, token, ...shared }), { name: "TypeError", message: "token must be 16 to 1,024 printable ASCII characters without spaces, such as `openssl rand -hex 32` prints" });
  }
});
