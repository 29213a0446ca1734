import assert from "node:assert/strict";
import { test } from "node:test";
import { northwind } from "../../examples/northwind/catalog.ts";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createRest } from "../../src/adapters/rest/index.ts";
import { loadInitialRecords } from "../../src/app/initial-records.ts";
import { createActions, createIdentity } from "../../src/domain/index.ts";
import { TRANSPORTS } from "../adapters/rest/harness.ts";

const clock = () => Date.parse("2026-11-23T10:00:00.000Z");
const newId = () => "00000000-0000-4000-8000-000000000001";
const store = createMemoryStore({ clock });
await loadInitialRecords(store, readInitialRecords);
const observe = ({ event, error }: { readonly event: string; readonly error?: unknown }) => void (event === "request" || assert.fail(String(error)));
const actions = createActions({ catalog: northwind, store, clock, newId, observe });
const handler = createRest({
  actions,
  clock,
  newId,
  observe,
  authenticate: (token) => ({ authenticated: true, identity: createIdentity({ kind: "user", id: "nancy", permissions: token === "none" ? [] : [token] }) }),
});

const SUBJECTS = "/api/v1/subjects";

for (const [name, send] of TRANSPORTS) {
  const get = async (permission: string, path = "") => {
    const { status, text } = await send(handler, { method: "GET", path: `${SUBJECTS}${path}`, token: permission });
    return { status, body: JSON.parse(text) };
  };
  const classesOf = async (permission: string) => (await get(permission)).body.data.map((each: { readonly class: string }) => each.class);

  test(`${name}: orders are read with manage_orders, customers with view_reports, products by either, and nothing else by anybody`, async () => {
    assert.deepEqual(await classesOf("manage_orders"), ["northwind.Order", "northwind.Product"]);
    assert.deepEqual(await classesOf("view_reports"), ["northwind.Customer", "northwind.Product"]);
    assert.deepEqual(await classesOf("*"), ["northwind.Customer", "northwind.Order", "northwind.Product"]);
    assert.deepEqual(await classesOf("none"), []);
    const statuses = await Promise.all(
      ["/northwind.Order/10248", "/northwind.Customer/ALFKI", "/northwind.Product/1", "/northwind.Shipment", "/northwind.Reservation"].map(async (path) =>
        [await get("manage_orders", path), await get("view_reports", path), await get("none", path)].map(({ status }) => status),
      ),
    );
    assert.deepEqual(statuses, [[200, 404, 404], [404, 200, 404], [200, 200, 404], [404, 404, 404], [404, 404, 404]]);
  });

  test(`${name}: an order that has shipped comes with why nothing more can be done with it`, async () => {
    const { status, body } = await get("manage_orders", "/northwind.Order/10248");
    assert.equal(status, 200);
    assert.deepEqual([body.data.id, body.data.title, body.data.ship_country, body.data.lines.length], [10248, "Order #10248", "France", 3]);
    const refused = { allowed: false, code: "refused", message: "Order #10248 has already shipped." };
    assert.deepEqual(body.actions, [
      { key: "orders/approve-order", label: "Approve order", effect: "write", ...refused },
      { key: "orders/cancel-order", label: "Cancel order", effect: "destructive", ...refused },
      { key: "orders/fulfil-order", label: "Fulfil order", effect: "write", ...refused },
      { key: "orders/ship-order", label: "Ship order", effect: "write", ...refused },
    ]);
  });

  test(`${name}: one that has not may be approved, and not yet shipped`, async () => {
    const { body } = await get("manage_orders", "/northwind.Order/11008");
    const allowed = body.actions.map((each: { readonly key: string; readonly allowed: boolean; readonly message?: string }) => [each.key, each.allowed, each.message ?? null]);
    assert.deepEqual(allowed, [["orders/approve-order", true, null], ["orders/cancel-order", true, null], ["orders/fulfil-order", true, null], ["orders/ship-order", false, "Order #11008 is not approved."]]);
  });

  test(`${name}: what may not be done is forbidden`, async () => {
    const { body } = await get("manage_orders", "/northwind.Product/1");
    assert.deepEqual(body.actions, [{ key: "products/restock", label: "Restock product", effect: "write", allowed: false, code: "forbidden", message: "You may not do this." }]);
  });

  test(`${name}: orders are found by country, customers by a part of their name, products by whether there are any`, async () => {
    const norway = await get("manage_orders", "/northwind.Order?q=order&ship_country=Norway&limit=2");
    assert.deepEqual([norway.body.data.map(({ id }: { readonly id: number }) => id), norway.body.next], [[10387, 10520], "10520"]);
    const found = await get("view_reports", "/northwind.Customer?q=FUTTER");
    assert.deepEqual([found.body.data.map(({ title }: { readonly title: string }) => title), found.body.next], [["Alfreds Futterkiste"], null]);
    const gone = await get("view_reports", "/northwind.Product?discontinued=true&units_in_stock=0");
    assert.ok(gone.body.data.length > 0);
    const faulty = await get("manage_orders", "/northwind.Order?lines=1&colour=red");
    assert.deepEqual([faulty.status, Object.keys(faulty.body.errors)], [422, ["lines", "colour"]]);
  });
}
