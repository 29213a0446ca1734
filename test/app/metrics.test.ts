import assert from "node:assert/strict";
import { test } from "node:test";
import { startApplication, type Application } from "../../src/app/index.ts";
import { createCatalog, defineAction, everyone } from "../../src/domain/index.ts";
import { makeDataDirectory } from "./served-northwind.ts";

const TOKEN = "0123456789abcdef";
const greet = defineAction({ key: "greet", label: "Greet", authorize: everyone, handle: () => "Hello." });
const SMALL: Application = { name: "small", catalog: createCatalog({ subjects: [], actions: [greet] }), server: { port: 0 } };

async function ask(url: string, token?: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, text: await response.text() };
}

test("Without a port or a token there are no figures", async (context) => {
  const { url, metricsUrl, stop } = await startApplication(SMALL, { DATA_DIR: makeDataDirectory(context) });
  assert.equal(metricsUrl, null);
  assert.equal((await ask(`${url}/metrics`)).status, 404);
  await stop();
});

test("With a port of their own figures are read there and not beside the API, from the start on", async (context) => {
  const { url, metricsUrl, stop } = await startApplication(SMALL, { DATA_DIR: makeDataDirectory(context), METRICS_PORT: "0" });
  assert.ok(metricsUrl !== null);
  assert.notEqual(new URL(metricsUrl).port, new URL(url).port);
  for (const path of ["/api/v1/actions", "/oauth/jwks", "/oauth/nothing", "/oauth/authorize?client_id=x"]) await ask(`${url}${path}`);
  const { status, text } = await ask(metricsUrl);
  assert.equal(status, 200);
  const requests = [...text.matchAll(/^http_server_request_duration_seconds_count\{http_request_method="GET",(.*),url_scheme="http"\} 1$/gm)].map(([, labels]) => labels);
  assert.deepEqual(requests, [
    'http_route="/api/v1/actions",http_response_status_code="401"',
    'http_route="/oauth/jwks",http_response_status_code="200"',
    'http_response_status_code="404"',
    'http_route="/oauth/authorize",http_response_status_code="400"',
  ]);
  assert.match(text, /^actionport_events_total\{event="store_opened"\} 1$/m);
  assert.match(text, /^actionport_store_bytes\{kind="log"\} [1-9]\d*$/m);
  assert.equal((await ask(`${url}/metrics`)).status, 404);
  await stop();
  await assert.rejects(ask(metricsUrl));
});

test("With a token alone they are beside the API, for whoever sends it, with those of the application", async (context) => {
  const metrics = { token: TOKEN, gauges: [{ name: "small_things", help: "Things.", read: () => 3 }] };
  const { url, metricsUrl, stop } = await startApplication({ ...SMALL, metrics }, { DATA_DIR: makeDataDirectory(context) });
  assert.equal(metricsUrl, null);
  assert.equal((await ask(`${url}/metrics`)).status, 401);
  const { status, text } = await ask(`${url}/metrics`, TOKEN);
  assert.equal(status, 200);
  assert.match(text, /^small_things 3$/m);
  await stop();
});

test("A variable counts before the application, and with both the port asks for the token", async (context) => {
  const variables = { DATA_DIR: makeDataDirectory(context), METRICS_PORT: "0", METRICS_TOKEN: "fedcba9876543210" };
  const { metricsUrl, stop } = await startApplication({ ...SMALL, metrics: { token: TOKEN } }, variables);
  assert.ok(metricsUrl !== null);
  assert.equal((await ask(metricsUrl, TOKEN)).status, 401);
  assert.equal((await ask(metricsUrl, "fedcba9876543210")).status, 200);
  await stop();
});

test("A token that is too short is refused and not repeated, and so is a route that would be in the way", async (context) => {
  const directory = makeDataDirectory(context);
  await assert.rejects(startApplication(SMALL, { DATA_DIR: directory, METRICS_TOKEN: "hunter2" }), { name: "TypeError", message: /^METRICS_TOKEN must be 16 to 1,024 printable ASCII characters without spaces, such as/ });
  const routes = { "/metrics": () => ({ status: 200, headers: {}, body: "own" }) };
  await assert.rejects(startApplication({ ...SMALL, routes }, { DATA_DIR: directory, METRICS_TOKEN: TOKEN }), /routes: "\/metrics" would take \/metrics, which is served already/);
  const { url, stop } = await startApplication({ ...SMALL, routes }, { DATA_DIR: directory });
  assert.equal((await ask(`${url}/metrics`)).text, "own");
  await stop();
});
