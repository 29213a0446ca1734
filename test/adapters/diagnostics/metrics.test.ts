import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { createMetrics, createTracing, type Metrics, type MetricsOptions } from "../../../src/adapters/diagnostics/index.ts";
import type { HttpRequest } from "../../../src/adapters/http/message.ts";
import { count, NOBODY, openLab } from "../../domain/lab.ts";
import { openShop } from "../rest/shop.ts";

const tracing = createTracing();

function open(context: TestContext, options?: MetricsOptions): Metrics {
  const metrics = createMetrics(options);
  context.after(() => metrics.close());
  return metrics;
}

/** The samples of a family, by what stands before the value. */
async function read(metrics: Metrics, name: string): Promise<Readonly<Record<string, number>>> {
  const { text } = await metrics.render();
  const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

function request(method: string, target: string, token = "manager-token"): HttpRequest {
  return { method, target, rawHeaders: ["Host", "shop.example", "Authorization", `Bearer ${token}`], body: () => new Uint8Array() };
}

test("Requests are counted by method, route and status, whatever is asked for, and how long they took by buckets", async (context) => {
  const metrics = open(context);
  const { handler } = openShop({ rest: { tracing } });
  for (const [method, target] of [["GET", "/api/v1/actions"], ["GET", "/api/v1/nowhere/1"], ["GET", "/api/v1/nowhere/2"], ["BREW", "/api/v1/actions"], ["GET", "/api/v1/workflows/1"], ["GET", "/api/v1/workflows/2"]] as const) {
    await handler(request(method, target));
  }
  await handler(request("GET", "/api/v1/actions", "outage-token"));
  const name = "http_server_request_duration_seconds_count";
  assert.deepEqual(await read(metrics, name), {
    [`${name}{http_request_method="GET",http_route="/api/v1/actions",http_response_status_code="200",url_scheme="http"}`]: 1,
    [`${name}{http_request_method="GET",http_response_status_code="404",url_scheme="http"}`]: 2,
    [`${name}{http_request_method="_OTHER",http_route="/api/v1/actions",http_response_status_code="405",url_scheme="http"}`]: 1,
    [`${name}{http_request_method="GET",http_route="/api/v1/workflows/{id}",http_response_status_code="404",url_scheme="http"}`]: 2,
    [`${name}{http_request_method="GET",http_route="/api/v1/actions",http_response_status_code="503",error_type="503",url_scheme="http"}`]: 1,
  });
  const buckets = Object.entries(await read(metrics, "http_server_request_duration_seconds_bucket")).filter(([line]) => line.includes('status_code="405"'));
  assert.equal(buckets.length, 15);
  assert.equal(buckets.at(-1)?.[0].includes('le="+Inf"'), true);
  assert.equal(buckets.at(-1)?.[1], 1);
  for (const [at, [, value]] of buckets.entries()) assert.ok(value >= (buckets[at - 1]?.[1] ?? 0), "the buckets rise");
});

test("A request is among the active ones until it is answered", async (context) => {
  const metrics = open(context);
  let go = (): void => undefined;
  const { handler } = openShop({ rest: { tracing, authenticate: () => new Promise((resolve) => (go = () => resolve({ authenticated: false, reason: "invalid_token" }))) } });
  const answer = handler(request("GET", "/api/v1/actions"));
  const line = 'http_server_active_requests{http_request_method="GET",url_scheme="http"}';
  assert.deepEqual(await read(metrics, "http_server_active_requests"), { [line]: 1 });
  go();
  await answer;
  assert.deepEqual(await read(metrics, "http_server_active_requests"), { [line]: 0 });
});

test("Executions, commits, subjects of bulk calls and repeats are counted by action and outcome", async (context) => {
  const metrics = open(context);
  const { actions } = openLab([count], { tracing });
  for (let time = 0; time < 2; time++) await actions.execute({ key: "lab/count", subject: "1", identity: NOBODY, idempotencyKey: "k" });
  await actions.execute({ key: "lab/count", subject: "9", identity: NOBODY });
  await actions.execute({ key: "lab/unknown-and-of-any-name", identity: NOBODY });
  await actions.bulk({ key: "lab/count", identity: NOBODY, input: { ids: [1, 2, 9] } });
  await actions.bulk({ key: "lab/count", identity: NOBODY, input: { ids: [1, 2], preview: true } });
  const name = "actionport_execution_duration_seconds_count";
  assert.deepEqual(await read(metrics, name), {
    [`${name}{action="lab/count",kind="execute",outcome="success"}`]: 2,
    [`${name}{action="lab/count",kind="execute",outcome="subject_not_found"}`]: 1,
    [`${name}{action="lab/count",kind="bulk",outcome="partial"}`]: 1,
    [`${name}{action="lab/count",kind="preview",outcome="success"}`]: 1,
  });
  assert.deepEqual(await read(metrics, "actionport_replays_total"), { 'actionport_replays_total{action="lab/count"}': 1 });
  assert.deepEqual(await read(metrics, "actionport_bulk_items_total"), {
    'actionport_bulk_items_total{action="lab/count",outcome="succeeded"}': 2,
    'actionport_bulk_items_total{action="lab/count",outcome="failed"}': 1,
  });
  assert.deepEqual(await read(metrics, "actionport_commit_duration_seconds_count"), { 'actionport_commit_duration_seconds_count{outcome="committed"}': 2 });
});

test("Runs and steps are counted by their workflow, and lines of the log by their event", async (context) => {
  const metrics = open(context);
  const step = { workflow: "w", workflowId: "1", step: "each 17", attempt: 1, action: "a", subject: null, identity: { kind: "user", issuer: "local", id: "1", clientId: undefined }, traceparent: undefined, outcome: null } as const;
  const message: Parameters<NonNullable<typeof tracing.step>>[0] = { ...step };
  tracing.step?.(message, () => null, () => (message.outcome = "done"));
  tracing.run?.({ workflow: "w", workflowId: "1", status: "completed", traceparent: undefined });
  metrics.observe({ event: "connection_dropped", reason: "address" });
  assert.deepEqual(await read(metrics, "actionport_workflow_step_duration_seconds_count"), { 'actionport_workflow_step_duration_seconds_count{workflow="w",outcome="done"}': 1 });
  assert.deepEqual(await read(metrics, "actionport_workflow_runs_total"), { 'actionport_workflow_runs_total{workflow="w",status="completed"}': 1 });
  assert.deepEqual(await read(metrics, "actionport_events_total"), { 'actionport_events_total{event="connection_dropped"}': 1 });
});

test("Figures of one's own stand beside the others, one that cannot be read is missing, and a value is escaped", async (context) => {
  const failing = (): never => {
    throw new Error("not now");
  };
  const metrics = open(context, {
    gauges: [
      { name: "shop_open_orders", help: "Orders that wait.", read: () => 7 },
      { name: "shop_bytes", help: "A line\nand a \\.", label: "file", read: async () => ({ log: 1, 'a "b"\\\n': Number.NaN }) },
      { name: "shop_broken", help: "Broken.", read: failing },
    ],
  });
  const { text, contentType } = await metrics.render();
  assert.equal(contentType, "text/plain; version=0.0.4; charset=utf-8");
  assert.ok(text.includes("# HELP shop_open_orders Orders that wait.\n# TYPE shop_open_orders gauge\nshop_open_orders 7\n"));
  assert.ok(text.includes('# HELP shop_bytes A line\\nand a \\\\.\n# TYPE shop_bytes gauge\nshop_bytes{file="log"} 1\nshop_bytes{file="a \\"b\\"\\\\\\n"} NaN\n'));
  assert.equal(text.includes("shop_broken"), false);
});

test("OpenMetrics has counters without _total in their family's name, units, bounds with a point, and an end", async (context) => {
  const metrics = open(context);
  metrics.observe({ event: "stopping" });
  const { handler } = openShop({ rest: { tracing } });
  await handler(request("GET", "/api/v1/actions"));
  const { text, contentType } = await metrics.render("openmetrics");
  assert.equal(contentType, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.ok(text.includes('# TYPE actionport_events counter\nactionport_events_total{event="stopping"} 1\n'));
  assert.ok(text.includes("# UNIT http_server_request_duration_seconds seconds\n"));
  assert.match(text, /le="1\.0"/);
  assert.ok(text.endsWith("\n# EOF\n"));
});

test("What is closed counts no more, and no channel has a subscriber left", async () => {
  const metrics = createMetrics();
  metrics.close();
  for (const kind of ["request", "execution", "commit", "step", "run"] as const) assert.equal(tracing[kind], null);
});

test("A gauge with a wrong name, or one that is there already, is refused", () => {
  const read = () => 1;
  for (const [gauges, message] of [
    [[{ name: "a b", help: "", read }], 'gauge "a b": a name is letters, digits and "_", such as actionport_store_bytes'],
    [[{ name: "a", help: "", read, label: "le" }], 'gauge a: label "le" is none; give letters, digits and "_", and not "le"'],
    [[{ name: "process_uptime_seconds", help: "", read }], "gauge process_uptime_seconds is there twice; give each a name of its own"],
    [[{ name: "a", help: "", read }, { name: "a", help: "", read }], "gauge a is there twice; give each a name of its own"],
  ] as const) assert.throws(() => createMetrics({ gauges }), { name: "TypeError", message });
  assert.equal(tracing.request, null, "nothing was left behind");
});

test("The table of figures in the documentation has every family with its type, and no other", async (context) => {
  const metrics = open(context);
  const page = readFileSync("docs/observability.md", "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \|/gm)].map(([, name, type]) => [name, type]);
  const { text } = await metrics.render();
  const families = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]);
  assert.deepEqual(rows.sort(), families.sort());
});
