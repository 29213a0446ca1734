import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readFigures } from "./read-figures.ts";
import { startShop } from "./shop-process.ts";

const PAGE = readFileSync(new URL("../../../docs/observability.md", import.meta.url), "utf8");

test("Prometheus' own parsers read every figure of the documentation in both formats, with its labels, and no other", async (context) => {
  const directory = mkdtempSync(join(tmpdir(), "figures-"));
  const shop = await startShop(directory);
  context.after(async () => {
    await shop.kill();
    rmSync(directory, { recursive: true, force: true });
  });
  const key = { "idempotency-key": "once" };
  for (let time = 0; time < 2; time++) await shop.post("/api/v1/actions/orders/ship/execute/1", {}, key);
  await shop.post("/api/v1/actions/orders/ship/bulk", { ids: [2, 3] });
  await shop.post("/api/v1/actions/no-such-action/execute", {});
  await shop.get("/nowhere?q=%22%5C");
  await shop.until((spans) => spans.filter(({ name }) => name === "orders/shipping: pack").length === 2);
  const text = await read(shop.metricsUrl, "text/plain", "text/plain; version=0.0.4; charset=utf-8");
  const families = readFigures(text, "text");

  const rows = [...PAGE.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \|([^|]*)\|/gm)];
  const documented = rows.map(([, name = "", type = "", labels = ""]) => ({ name: name.replace(/_total$/, ""), type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label) }));
  assert.deepEqual(families.map(({ name }) => name).sort(), [...documented.map(({ name }) => name), "actionport_store_bytes"].sort());
  for (const { name, type, labels } of documented) {
    const family = families.find((each) => each.name === name);
    assert.equal(family?.type, type, name);
    assert.ok((family?.samples.length ?? 0) > 0, `${name} has no figure`);
    for (const sample of family?.samples ?? []) for (const label of Object.keys(sample.labels)) assert.ok(label === "le" || labels.includes(label), `${name} has the label ${label}`);
  }

  const values = (name: string) => Object.fromEntries(families.flatMap(({ samples }) => samples).filter((sample) => sample.name === name).map(({ labels, value }) => [Object.values(labels).join(" "), value]));
  assert.deepEqual(values("actionport_execution_duration_seconds_count"), { "orders/ship execute success": 2, "orders/ship bulk partial": 1 });
  assert.equal(values("actionport_execution_duration_seconds_bucket")["orders/ship execute success +Inf"], 2);
  assert.deepEqual(values("actionport_replays_total"), { "orders/ship": 1 });
  assert.deepEqual(values("actionport_bulk_items_total"), { "orders/ship succeeded": 1, "orders/ship failed": 1 });
  assert.deepEqual(values("actionport_workflow_runs_total"), { "orders/shipping started": 2 });
  assert.deepEqual(values("http_server_request_duration_seconds_count"), {
    "POST /api/v1/actions/{key}/execute/{id} 200 http": 2,
    "POST /api/v1/actions/{key}/bulk 200 http": 1,
    "POST /api/v1/actions/{key}/execute 404 http": 1,
    "GET 404 http": 1,
  });

  const open = readFigures(await read(shop.metricsUrl, "application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "application/openmetrics-text; version=1.0.0; charset=utf-8"), "openmetrics");
  assert.deepEqual(open.map(({ name, type }) => [name, type]), families.map(({ name, type }) => [name, type]));
  assert.equal(open.find(({ name }) => name === "http_server_request_duration_seconds")?.unit, "seconds");
});

async function read(url: string, accept: string, type: string): Promise<string> {
  const response = await fetch(url, { headers: { accept } });
  assert.equal(response.headers.get("content-type"), type);
  return response.text();
}
