import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { getRequestListener } from "@hono/node-server";
import { app as express } from "./dist/express.ts";
import { app as fastify } from "./dist/fastify.ts";
import { app as hono } from "./dist/hono.ts";
import * as route from "./dist/route.ts";
import worker from "./dist/worker.ts";

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return `http://127.0.0.1:${address.port}`;
}

const SERVERS: readonly (readonly [name: string, serve: (t: TestContext) => Promise<string>])[] = [
  ["Express", (t) => listen(t, express)],
  [
    "Fastify",
    (t) => {
      t.after(() => fastify.close());
      return fastify.listen({ host: "127.0.0.1", port: 0 });
    },
  ],
  ["Hono", (t) => listen(t, getRequestListener(hono.fetch))],
  ["Next.js", (t) => listen(t, getRequestListener((request) => (request.method === "POST" ? route.POST(request) : route.GET(request))))],
  ["Bun, Deno and Workers", (t) => listen(t, getRequestListener(worker.fetch))],
];

test("Fastify's own way to test, inject(), and Hono's, request(), get answers without any connection", async () => {
  const headers = { authorization: "Bearer a-secret", "content-type": "application/json" };
  const path = "/api/v1/actions/orders/approve-order/execute/1";
  const injected = await fastify.inject({ method: "POST", url: path, headers, payload: { reason: "x" } });
  assert.deepEqual([injected.statusCode, injected.json().code], [404, "subject_not_found"]);
  assert.equal((await fastify.inject({ url: "/api/v1/actions", headers })).json().data[0].key, "orders/approve-order");
  const requested = await hono.request(path, { method: "POST", headers, body: JSON.stringify({ reason: "x" }) });
  assert.deepEqual([requested.status, (await requested.json()).code], [404, "subject_not_found"]);
});

for (const [name, serve] of SERVERS) {
  test(`What the documentation shows for ${name} serves the API`, async (t) => {
    const url = await serve(t);
    const headers = { authorization: "Bearer a-secret", "content-type": "application/json" };
    const list = await fetch(`${url}/api/v1/actions`, { headers });
    assert.equal((await list.json()).data[0].key, "orders/approve-order");
    const answer = await fetch(`${url}/api/v1/actions/orders/approve-order/execute/1`, { method: "POST", headers, body: "{}" });
    assert.deepEqual([answer.status, (await answer.json()).code], [404, "subject_not_found"]);
  });
}
