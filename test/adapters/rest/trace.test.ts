import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestTracing, TracedRequest } from "../../../src/adapters/http/tracing.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import { findRoute, METHODS, templateOf } from "../../../src/adapters/rest/route.ts";
import { isPromiseLike, type MaybePromise } from "../../../src/domain/maybe-promise.ts";
import { toRequest, type Sent } from "./harness.ts";
import { openShop } from "./shop.ts";

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OF_SPAN = "00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-01";

/** Follows requests; answers what was told when they began, and when they had ended. */
function recording(begin: (message: TracedRequest) => void = () => undefined) {
  const told: { readonly begun: TracedRequest; readonly ended: TracedRequest }[] = [];
  const request = <T>(message: TracedRequest, work: () => MaybePromise<T>, tell: (result: T) => void): MaybePromise<T> => {
    const begun = { ...message };
    begin(message);
    const end = (result: T): T => (tell(result), told.push({ begun, ended: { ...message } }), result);
    const answer = work();
    return isPromiseLike(answer) ? answer.then(end) : end(answer);
  };
  const tracing: RequestTracing = { request };
  return { told, tracing };
}

async function send(handler: HttpHandler, sent: Sent): Promise<{ readonly status: number; readonly json: { data: Record<string, unknown>[] } }> {
  const { status, body } = await handler(toRequest(sent));
  return { status, json: typeof body === "string" ? JSON.parse(body) : { data: [] } };
}

const EXECUTE = "/api/v1/actions/items/rename/execute/7";

test("A request is followed with its route as a template, who asked and its status", async () => {
  const { told, tracing } = recording();
  const { handler } = openShop({ rest: { tracing } });
  const headers = [["X-Request-Id", "r1"], ["traceparent", TRACEPARENT], ["tracestate", "vendor=1"]] as const;
  const { status } = await send(handler, { path: EXECUTE, headers, json: {} });
  const begun = { method: "POST", requestId: "r1", traceparent: TRACEPARENT, tracestate: "vendor=1", route: null, identity: null, status: null };
  assert.equal(told.length, 1);
  assert.deepEqual(told[0]?.begun, begun);
  const { identity, ...ended } = told[0]?.ended ?? { identity: null };
  assert.deepEqual(ended, { method: "POST", requestId: "r1", traceparent: TRACEPARENT, tracestate: "vendor=1", route: "/api/v1/actions/{key}/execute/{id}", status });
  assert.equal(typeof identity?.id, "string");
});

test("A tracestate without a valid traceparent is nothing; a path that is none has no route; whoever is not known is not named", async () => {
  const { told, tracing } = recording();
  const { handler } = openShop({ rest: { tracing } });
  await send(handler, { method: "GET", path: "/api/v1/nowhere", headers: [["traceparent", "00-x"], ["tracestate", "vendor=1"]] });
  await send(handler, { method: "GET", path: "/api/v1/actions", token: "of-nobody" });
  await send(handler, { method: "GET", path: "//", token: null });
  assert.deepEqual(told.map(({ ended: { traceparent, tracestate, route, identity, status } }) => [traceparent, tracestate, route, identity, status]), [
    [undefined, undefined, null, null, 404],
    [undefined, undefined, "/api/v1/actions", null, 401],
    [undefined, undefined, null, null, 400],
  ]);
});

test("What a handler fails with is told beside the 500", async () => {
  const { told, tracing } = recording();
  const { handler } = openShop({ rest: { tracing, authenticate: () => Promise.reject(new RangeError("inside")) } });
  await send(handler, { method: "GET", path: "/api/v1/actions" });
  assert.deepEqual([told[0]?.ended.status, String(told[0]?.ended.error)], [500, "RangeError: inside"]);
});

test("The trace of a request is that of its execution, as the header has it or as a tracer's span has it; one that is not valid is ignored", async () => {
  for (const [tracing, expected] of [[undefined, TRACEPARENT], [recording((message) => (message.traceparent = OF_SPAN)).tracing, OF_SPAN]] as const) {
    const { handler } = openShop(tracing === undefined ? {} : { rest: { tracing } });
    const headers = [["traceparent", TRACEPARENT]] as const;
    await send(handler, { path: "/api/v1/actions/results/refused/execute", headers, json: {} });
    await send(handler, { path: "/api/v1/actions/results/refused/execute", headers: [["traceparent", "00-nonsense"], ["traceparent", TRACEPARENT]], json: {} });
    const { json } = await send(handler, { method: "GET", path: "/api/v1/audit?order=ascending", token: "root-token" });
    const later = tracing === undefined ? undefined : OF_SPAN;
    assert.deepEqual(json.data.map((entry) => entry["traceparent"]), [expected, later]);
  }
});

test("Every kind of resource has a template that leads to it", () => {
  const kinds = new Set<string>();
  for (const template of ["/api/v1/actions", "/api/v1/audit", "/api/v1/openapi.json", "/api/v1/subjects", "/api/v1/subjects/{class}", "/api/v1/subjects/{class}/{id}", "/api/v1/actions/{key}/schema", "/api/v1/actions/{key}/bulk", "/api/v1/actions/{key}/execute", "/api/v1/actions/{key}/execute/{id}", "/api/v1/actions/{key}/preview", "/api/v1/actions/{key}/preview/{id}", "/api/v1/workflows", "/api/v1/workflows/{id}", "/api/v1/workflows/{id}/results", "/api/v1/workflows/{id}/cancel", "/api/v1/workflows/{id}/signal/{name}"]) {
    const route = findRoute(template.replaceAll(/\{\w+\}/g, "x"));
    assert.ok(route, template);
    assert.equal(templateOf(route), template);
    kinds.add(route.kind);
  }
  assert.deepEqual([...kinds].sort(), Object.keys(METHODS).sort());
});
