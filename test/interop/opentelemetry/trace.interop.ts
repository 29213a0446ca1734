import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ToldSpan } from "./messages.ts";
import { startShop, type ShopProcess } from "./shop-process.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER = "00f067aa0ba902b7";
const EXECUTE = "POST /api/v1/actions/{key}/execute/{id}";

test("One trace has the request, the action inside it, its commit, and the steps of its workflow, before and after the process was killed", async (context) => {
  const directory = mkdtempSync(join(tmpdir(), "opentelemetry-"));
  const shops: ShopProcess[] = [];
  context.after(async () => {
    for (const shop of shops) await shop.kill();
    rmSync(directory, { recursive: true, force: true });
  });
  const start = async () => {
    const shop = await startShop(directory);
    shops.push(shop);
    return shop;
  };
  const first = await start();
  const started = await first.post("/api/v1/actions/orders/ship/execute/1", {}, { traceparent: `00-${TRACE}-${CALLER}-01` });
  assert.equal(started.status, 200);
  const run = `/api/v1/workflows/${String(started.json["workflow_id"])}`;
  await untilStatus(first, run, "waiting");
  await first.until((spans) => namesOf(spans, TRACE).includes("orders/shipping: pack") && namesOf(spans, TRACE).includes(EXECUTE));
  await first.kill();

  const second = await start();
  const signalled = await second.post(`${run}/signal/delivered`, { by: "the postman" });
  assert.equal(signalled.status, 200);
  await untilStatus(second, run, "completed");
  await second.until((spans) => namesOf(spans, TRACE).includes("orders/shipping: close"));

  const spans = [...first.spans, ...second.spans].filter(({ traceId }) => traceId === TRACE);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const pathTo = (span: ToldSpan): readonly string[] => {
    const parent = span.parentId === undefined ? undefined : byId.get(span.parentId);
    return [...(parent === undefined ? [span.parentId ?? "no parent"] : pathTo(parent)), span.name];
  };
  const paths = spans.map((span) => pathTo(span).join(" > "));
  const execution = `${CALLER} > ${EXECUTE} > execute orders/ship`;
  for (const path of [`${CALLER} > ${EXECUTE}`, execution]) assert.equal(paths.filter((each) => each === path).length, 1, `${path}\n${paths.join("\n")}`);
  assert.ok(paths.includes(`${execution} > commit`), paths.join("\n"));
  for (const step of ["pack", "close"]) {
    const path = `${execution} > orders/shipping: ${step}`;
    assert.equal(paths.filter((each) => each === path).length, 1, `${path}\n${paths.join("\n")}`);
    assert.ok(paths.includes(`${path} > commit`), `${path} > commit\n${paths.join("\n")}`);
  }
  assert.ok(second.spans.some(({ name }) => name === "orders/shipping: close"), "that step was done by the second process");
  assert.ok(second.spans.every(({ name, traceId }) => name !== "POST /api/v1/workflows/{id}/signal/{name}" || traceId !== TRACE), "whoever sends the signal has a trace of his own");

  const request = spans.find(({ name }) => name === EXECUTE);
  assert.deepEqual([request?.attributes["http.request.method"], request?.attributes["http.route"], request?.attributes["http.response.status_code"]], ["POST", "/api/v1/actions/{key}/execute/{id}", 200]);
  const trail = await second.get("/api/v1/audit?order=ascending");
  const entries = Array.isArray(trail.json["data"]) ? trail.json["data"] : [];
  const spanOf = (name: string) => spans.find((span) => span.name === name)?.spanId;
  const expected = [spanOf("execute orders/ship"), spanOf("orders/shipping: pack"), spanOf("orders/shipping: close")].map((spanId) => `00-${TRACE}-${spanId}-01`);
  assert.deepEqual(entries.map(({ traceparent }) => traceparent), expected, "each entry names the span that it is of");
});

async function untilStatus(shop: ShopProcess, run: string, status: string): Promise<void> {
  for (;;) {
    const { json } = await shop.get(run);
    const data = Object(json["data"] ?? json);
    if (data.status === status) return;
    assert.ok(!["completed", "failed", "cancelled"].includes(data.status), JSON.stringify(json));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function namesOf(spans: readonly ToldSpan[], traceId: string): readonly string[] {
  return spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
}
