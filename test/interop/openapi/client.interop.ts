import assert from "node:assert/strict";
import { after, test } from "node:test";
import createClient from "openapi-fetch";
import { openLive } from "./northwind.ts";
import type { paths } from "./northwind.gen.ts";

const live = await openLive();
after(() => live.stop());
const client = createClient<paths, "application/json">({ baseUrl: live.url, headers: { authorization: `Bearer ${live.token}` } });

test("a client made by openapi-typescript and openapi-fetch previews, then runs an action", async () => {
  const call = { params: { path: { order: "11008" } }, body: { reason: "An old customer." } };
  const preview = await client.POST("/api/v1/actions/orders/approve-order/preview/{order}", call);
  assert.equal(preview.data?.changes[0]?.change, "update");
  const { data, error } = await client.POST("/api/v1/actions/orders/approve-order/execute/{order}", { ...call, params: { ...call.params, header: { "Idempotency-Key": "1" } } });
  assert.equal(error, undefined);
  const order: { readonly title: string; readonly approval_reason: string | null } | undefined = data?.data;
  assert.deepEqual([order?.title, order?.approval_reason], ["Order #11008", "An old customer."]);
  assert.equal(data?.message, "Order approved.");
});

test("its failures are told apart by code", async () => {
  // @ts-expect-error A parameter that there is not.
  const wrong = await client.POST("/api/v1/actions/orders/cancel-order/execute/{order}", { params: { path: { order: "11019" } }, body: { why: "" } });
  const { error } = wrong;
  assert.ok(error !== undefined && "code" in error && error.code === "invalid_params" && "errors" in error);
  assert.deepEqual(Object.keys(error.errors ?? {}), ["reason", "why"]);
  // @ts-expect-error An action that there is not.
  const none = await client.POST("/api/v1/actions/orders/no-such/execute/{order}", { params: { path: { order: "1" } } });
  assert.equal(none.response.status, 404);
});

test("it runs an action on many subjects", async () => {
  const { data } = await client.POST("/api/v1/actions/orders/approve-order/bulk", { body: { ids: [11008, "11019"], params: {}, mode: "each" } });
  assert.ok(data !== undefined && "results" in data);
  assert.deepEqual(data.results.map(({ id, success }) => [id, success]), [[11008, false], ["11019", true]]);
});

test("it reads what there is to call", async () => {
  const { data } = await client.GET("/api/v1/actions");
  assert.ok(data?.data.some(({ key }) => key === "orders/approve-order"));
});

test("it looks subjects up, with their fields and what could be done with each", async () => {
  const { data: page } = await client.GET("/api/v1/subjects/northwind.Order", { params: { query: { q: "#11008", limit: 1 } } });
  const [order] = page?.data ?? [];
  assert.equal(order?.title, "Order #11008");
  const { data: one } = await client.GET("/api/v1/subjects/northwind.Order/{order}", { params: { path: { order: order?.id ?? 0 } } });
  const fulfil = one?.actions.find(({ key }) => key === "orders/fulfil-order");
  assert.equal(fulfil?.allowed, true);
});
