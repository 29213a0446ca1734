import assert from "node:assert/strict";
import { test } from "node:test";
import { northwind } from "../../examples/northwind/catalog.ts";
import { roundToCents, sumLines } from "../../examples/northwind/orders/order-amount.ts";
import type { JsonObject, Outcome } from "../../src/domain/index.ts";
import { NOW, openNorthwind, type Northwind } from "./northwind-fixture.ts";

/** Chai; 39 in stock. */
const CHAI = 1;
/** Open, with one line of stock that suffices: 40 in stock, 3 ordered, and 10 in stock, 2 ordered. */
const OPEN = 11019;
const SHIPPER = { shipper: "Speedy Express" };
const LINES = [{ product: 11, quantity: 3 }, { product: 72, quantity: 2, discount: 0.15 }];

function refused(message: string): Outcome {
  return { kind: "refused", message };
}

async function createOrder(shop: Northwind, lines: readonly JsonObject[] = []): Promise<number> {
  const order = await shop.data("orders/create-order", undefined, { customer: "ALFKI", ordered_at: "2026-11-20", lines });
  return Number(order["id"]);
}

async function createApproved(shop: Northwind, lines: readonly JsonObject[]): Promise<number> {
  const id = await createOrder(shop, lines);
  await shop.data("orders/approve-order", id);
  return id;
}

async function ship(shop: Northwind): Promise<string> {
  await shop.data("orders/approve-order", OPEN);
  const shipment = await shop.data("orders/ship-order", OPEN, { ...SHIPPER, shipped_at: "2026-11-20" });
  return String(shipment["id"]);
}

test("create-order answers the new order, with the next number, the prices of the products and the customer's address", async () => {
  const shop = await openNorthwind();
  const params = { customer: "ALFKI", ordered_at: "2026-11-23", required_at: "2026-11-23", notes: "Ring twice.", lines: LINES };
  assert.deepEqual(await shop.call("orders/create-order", undefined, params), {
    kind: "data",
    message: "Order created.",
    data: {
      id: 11078,
      title: "Order #11078",
      customer: "ALFKI",
      employee: null,
      ordered_at: "2026-11-23",
      required_at: "2026-11-23",
      shipped_at: null,
      shipper: null,
      freight: 0,
      ship_name: "Alfreds Futterkiste",
      ship_city: "Berlin",
      ship_country: "Germany",
      lines: [
        { product: 11, unit_price: 21, quantity: 3, discount: 0 },
        { product: 72, unit_price: 34.8, quantity: 2, discount: 0.15 },
      ],
      notes: "Ring twice.",
      approved_at: null,
      approved_by: null,
      approval_reason: null,
    },
  });
});

test("An order that an action made has the fields of the data, in their order", async () => {
  const shop = await openNorthwind();
  const id = await createOrder(shop, LINES);
  const [made, loaded] = [await shop.record("northwind.Order", id), await shop.record("northwind.Order", OPEN)];
  assert.deepEqual(Object.keys(made ?? {}), Object.keys(loaded ?? {}));
});

test("create-order needs no lines, and takes null for no notes", async () => {
  const shop = await openNorthwind();
  const order = await shop.data("orders/create-order", undefined, { customer: "PARIS", ordered_at: "2026-11-23", notes: null });
  assert.deepEqual([order["lines"], order["notes"], order["required_at"]], [[], null, null]);
});

test("A cancelled order's number is not given to another", async () => {
  const shop = await openNorthwind();
  const id = await createOrder(shop);
  assert.equal(id, 11078);
  await shop.call("orders/cancel-order", id, { reason: "Typed twice." });
  assert.equal(await createOrder(shop), 11079);
});

test("What is left of a discontinued product can still be ordered", async () => {
  const shop = await openNorthwind();
  assert.equal(await createOrder(shop, [{ product: 28, quantity: 1 }]), 11078);
});

const ONE_CHAI = { product: CHAI, quantity: 1 };
const FAULTS: readonly (readonly [name: string, params: JsonObject, errors: Readonly<Record<string, readonly string[]>>])[] = [
  ["a customer who does not exist", { customer: "NOONE" }, { customer: ["There is no customer with the ID NOONE."] }],
  ["a product that does not exist", { lines: [{ product: 78, quantity: 1 }] }, { "lines.0.product": ["There is no product with the ID 78."] }],
  ["a day that no calendar has", { ordered_at: "2026-02-30" }, { ordered_at: ["ordered_at must be a date of the calendar written as YYYY-MM-DD, such as 2026-11-23."] }],
  ["required_at before ordered_at", { required_at: "2026-11-22" }, { required_at: ["required_at must not be before ordered_at (2026-11-23)."] }],
  ["a product twice", { lines: [ONE_CHAI, { product: 2, quantity: 1 }, ONE_CHAI] }, { "lines.2.product": ["Chai is already in lines.0; put its whole quantity there."] }],
  ["a product three times, a fault for each repetition", { lines: [ONE_CHAI, ONE_CHAI, ONE_CHAI] }, {
    "lines.1.product": ["Chai is already in lines.0; put its whole quantity there."],
    "lines.2.product": ["Chai is already in lines.0; put its whole quantity there."],
  }],
  ["a quantity of nothing", { lines: [{ product: CHAI, quantity: 0 }] }, { "lines.0.quantity": ["lines.0.quantity must be at least 1."] }],
  ["more than 10000 of a product", { lines: [{ product: CHAI, quantity: 10_001 }] }, { "lines.0.quantity": ["lines.0.quantity must be at most 10000."] }],
  ["a discount of more than all", { lines: [{ ...ONE_CHAI, discount: 1.01 }] }, { "lines.0.discount": ["lines.0.discount must be at most 1."] }],
  ["more than 100 lines", { lines: Array.from({ length: 101 }, () => ONE_CHAI) }, { lines: ["lines must have at most 100 items."] }],
];

for (const [name, params, errors] of FAULTS) {
  test(`create-order refuses ${name} and names the field`, async () => {
    const shop = await openNorthwind();
    const outcome = await shop.call("orders/create-order", undefined, { customer: "ALFKI", ordered_at: "2026-11-23", ...params });
    assert.equal(outcome.kind === "failed" && outcome.code, "invalid_params");
    assert.deepEqual(outcome.kind === "failed" && outcome.errors, errors);
    assert.equal(await shop.record("northwind.Order", 11078), undefined);
  });
}

test("approve-order answers the order with when, by whom and why", async () => {
  const shop = await openNorthwind();
  const before = await shop.record("northwind.Order", OPEN);
  assert.deepEqual(await shop.call("orders/approve-order", OPEN, { reason: "An old customer." }), {
    kind: "data",
    message: "Order approved.",
    data: { ...before, title: `Order #${OPEN}`, approved_at: NOW, approved_by: "orders", approval_reason: "An old customer." },
  });
});

test("approve-order needs no reason", async () => {
  const shop = await openNorthwind();
  assert.equal((await shop.data("orders/approve-order", OPEN))["approval_reason"], null);
});

test("approve-order refuses an order that has shipped, and one that is approved", async () => {
  const shop = await openNorthwind();
  assert.deepEqual(await shop.call("orders/approve-order", 10248), refused("Order #10248 has already shipped."));
  await shop.data("orders/approve-order", OPEN);
  assert.deepEqual(await shop.call("orders/approve-order", OPEN), refused(`Order #${OPEN} is already approved.`));
});

test("ship-order answers the new shipment, which ships today unless a day is given", async () => {
  const shop = await openNorthwind();
  await shop.data("orders/approve-order", OPEN);
  const outcome = await shop.call("orders/ship-order", OPEN, SHIPPER);
  const id = outcome.kind === "data" ? outcome.data["id"] : null;
  const shipment = { id, title: `Shipment of order #${OPEN}`, order: OPEN, ...SHIPPER, shipped_at: "2026-11-23", delivered_at: null };
  assert.deepEqual(outcome, { kind: "data", message: "Order shipped.", data: shipment });
  const order = await shop.record("northwind.Order", OPEN);
  assert.deepEqual([order?.["shipped_at"], order?.["shipper"]], ["2026-11-23", "Speedy Express"]);
});

test("ship-order takes the quantities of all lines out of stock", async () => {
  const shop = await openNorthwind();
  const id = await createApproved(shop, [{ product: CHAI, quantity: 39 }, { product: 2, quantity: 7 }]);
  await shop.data("orders/ship-order", id, SHIPPER);
  assert.equal((await shop.record("northwind.Product", CHAI))?.["units_in_stock"], 0);
  assert.equal((await shop.record("northwind.Product", 2))?.["units_in_stock"], 10);
});

test("ship-order refuses when a later line lacks stock, and takes nothing of the earlier ones", async () => {
  const shop = await openNorthwind();
  const id = await createApproved(shop, [{ product: 2, quantity: 7 }, { product: CHAI, quantity: 40 }]);
  assert.deepEqual(await shop.call("orders/ship-order", id, SHIPPER), refused("Only 39 of Chai in stock, 40 ordered."));
  assert.equal((await shop.record("northwind.Product", 2))?.["units_in_stock"], 17);
  assert.equal((await shop.record("northwind.Order", id))?.["shipped_at"], null);
});

test("ship-order refuses an order that has shipped, one that is not approved, and a day before the order", async () => {
  const shop = await openNorthwind();
  assert.deepEqual(await shop.call("orders/ship-order", 10248, SHIPPER), refused("Order #10248 has already shipped."));
  assert.deepEqual(await shop.call("orders/ship-order", OPEN, SHIPPER), refused(`Order #${OPEN} is not approved.`));
  const id = await createApproved(shop, LINES);
  const early = await shop.call("orders/ship-order", id, { ...SHIPPER, shipped_at: "2026-11-19" });
  assert.deepEqual(early, refused(`Order #${id} was ordered on 2026-11-20 and cannot ship before that.`));
});

test("100 concurrent ship-orders of 3 Chai each find stock for 13 of them, and never for more", async () => {
  const shop = await openNorthwind();
  const orders: number[] = [];
  for (let made = 0; made < 100; made++) orders.push(await createApproved(shop, [{ product: CHAI, quantity: 3 }]));
  const outcomes = await Promise.all(orders.map((id) => shop.call("orders/ship-order", id, SHIPPER)));
  assert.equal(outcomes.filter(({ kind }) => kind === "data").length, 13);
  assert.deepEqual(outcomes.find(({ kind }) => kind !== "data"), refused("Only 0 of Chai in stock, 3 ordered."));
  assert.equal(outcomes.filter(({ kind }) => kind === "refused").length, 87);
  assert.equal((await shop.record("northwind.Product", CHAI))?.["units_in_stock"], 0);
});

test("cancel-order answers nothing, and the order is gone", async () => {
  const shop = await openNorthwind();
  assert.deepEqual(await shop.call("orders/cancel-order", OPEN, { reason: "No longer needed." }), { kind: "nothing" });
  assert.equal(await shop.record("northwind.Order", OPEN), undefined);
  const again = await shop.call("orders/cancel-order", OPEN, { reason: "No longer needed." });
  assert.equal(again.kind === "failed" && again.code, "subject_not_found");
});

test("cancel-order takes an approved order, refuses one that has shipped, and wants a reason", async () => {
  const shop = await openNorthwind();
  assert.deepEqual(await shop.call("orders/cancel-order", 10248, { reason: "Too late." }), refused("Order #10248 has already shipped."));
  const silent = await shop.call("orders/cancel-order", OPEN, { reason: "" });
  assert.equal(silent.kind === "failed" && silent.code, "invalid_params");
  await shop.data("orders/approve-order", OPEN);
  assert.deepEqual(await shop.call("orders/cancel-order", OPEN, { reason: "No longer needed." }), { kind: "nothing" });
});

test("confirm-delivery answers a sentence and notes the day", async () => {
  const shop = await openNorthwind();
  const shipment = await ship(shop);
  assert.deepEqual(await shop.call("shipments/confirm-delivery", shipment.toUpperCase(), { delivered_at: "2026-11-23" }), {
    kind: "message",
    message: `Order #${OPEN} delivered on 2026-11-23.`,
  });
  assert.equal((await shop.record("northwind.Shipment", shipment))?.["delivered_at"], "2026-11-23");
});

test("confirm-delivery takes the day of shipping, and refuses a day before it and a second delivery", async () => {
  const shop = await openNorthwind();
  const shipment = await ship(shop);
  const early = await shop.call("shipments/confirm-delivery", shipment, { delivered_at: "2026-11-19" });
  assert.deepEqual(early, refused(`Order #${OPEN} shipped on 2026-11-20 and cannot be delivered before that.`));
  assert.equal((await shop.call("shipments/confirm-delivery", shipment, { delivered_at: "2026-11-20" })).kind, "message");
  const again = await shop.call("shipments/confirm-delivery", shipment, { delivered_at: "2026-11-21" });
  assert.deepEqual(again, refused(`Order #${OPEN} was already delivered on 2026-11-20.`));
});

test("send-statement sums up a customer's orders to the cent", async () => {
  const shop = await openNorthwind();
  const sentences = [];
  for (const customer of ["ALFKI", "CENTC", "PARIS"]) sentences.push(await shop.call("customers/send-statement", customer));
  assert.deepEqual(sentences, [
    { kind: "message", message: "Alfreds Futterkiste: 6 orders, 4273.00 in total." },
    { kind: "message", message: "Centro comercial Moctezuma: 1 order, 100.80 in total." },
    { kind: "message", message: "Paris spécialités: 0 orders, 0.00 in total." },
  ]);
});

test("restock answers the product with more in stock, a discontinued one too", async () => {
  const shop = await openNorthwind();
  const outcome = await shop.call("products/restock", CHAI, { quantity: 100_000 });
  assert.equal(outcome.kind === "data" && outcome.message, "Product restocked.");
  assert.deepEqual(outcome.kind === "data" && [outcome.data["title"], outcome.data["units_in_stock"]], ["Chai", 100_039]);
  assert.equal((await shop.data("products/restock", 5, { quantity: 1 }))["units_in_stock"], 1);
});

test("100 concurrent restocks of one product all count", async () => {
  const shop = await openNorthwind();
  await Promise.all(Array.from({ length: 100 }, () => shop.data("products/restock", CHAI, { quantity: 1 })));
  assert.equal((await shop.record("northwind.Product", CHAI))?.["units_in_stock"], 139);
});

test("sales-by-country sums up by the customer's country to the cent, each sum rounded for itself, the largest first", async () => {
  const shop = await openNorthwind();
  const { countries, ...report } = await shop.data("reports/sales-by-country", undefined);
  assert.deepEqual(report, { id: "sales-by-country", title: "Sales by country", total: 1265793.04 });
  assert.ok(Array.isArray(countries));
  assert.deepEqual(countries.slice(0, 3), [
    { country: "USA", orders: 122, total: 245584.61 },
    { country: "Germany", orders: 122, total: 230284.63 },
    { country: "Austria", orders: 40, total: 128003.84 },
  ]);
  const cents = countries.map(({ total }) => Math.round(total * 100));
  assert.deepEqual(cents, [...cents].sort((one, other) => other - one));
});

test("sales-by-country takes one country in any case, and knows no sales where there are none", async () => {
  const shop = await openNorthwind();
  const usa = await shop.data("reports/sales-by-country", undefined, { country: "usa" });
  assert.deepEqual([usa["total"], usa["countries"]], [245584.61, [{ country: "USA", orders: 122, total: 245584.61 }]]);
  const none = await shop.data("reports/sales-by-country", undefined, { country: "Atlantis" });
  assert.deepEqual([none["total"], none["countries"]], [0, []]);
});

test("Amounts are exact, and only a total is rounded, half up", () => {
  const line = (unit_price: number, quantity: number, discount: number) => ({ product: 1, unit_price, quantity, discount });
  const cases = [
    [[line(0.1, 1, 0), line(0.2, 1, 0)], 30],
    [[line(1.01, 1, 0.5)], 51],
    [[line(1.01, 1, 0.5), line(1.01, 1, 0.5)], 101],
    [[line(0.01, 1, 0.51)], 0],
    [[line(263.5, 10_000, 0.333)], 175_754_500],
    [[line(9.99, 3, 1)], 0],
    [[], 0],
  ] as const;
  for (const [lines, cents] of cases) assert.equal(roundToCents(sumLines(lines)), cents);
});

const PERMISSIONS: readonly (readonly [key: string, subject: string | undefined, permission: string])[] = [
  ["customers/send-statement", "ALFKI", "view_reports"],
  ["orders/approve-order", "11019", "manage_orders"],
  ["orders/cancel-order", "11019", "manage_orders"],
  ["orders/create-order", undefined, "manage_orders"],
  ["orders/fulfil-order", "11008", "manage_orders"],
  ["orders/ship-order", "11019", "manage_orders"],
  ["products/restock", "1", "manage_products"],
  ["reports/sales-by-country", undefined, "view_reports"],
];

test("Every action is for those who have its permission, and for nobody else", async () => {
  const shop = await openNorthwind();
  const shipment = await ship(shop);
  const rows = [...PERMISSIONS, ["shipments/confirm-delivery", shipment, "manage_orders"]] as const;
  assert.deepEqual(rows.map(([key]) => key), northwind.actions.map(({ key }) => key));
  for (const [key, subject, permission] of rows) {
    const others = ["manage_orders", "manage_products", "view_reports"].filter((other) => other !== permission);
    const refusal = await shop.call(key, subject, {}, others);
    assert.equal(refusal.kind === "failed" && refusal.code, "forbidden", key);
    const passed = await shop.call(key, subject, { unknown: true }, [permission]);
    assert.equal(passed.kind === "failed" && passed.code, "invalid_params", key);
  }
});

test("What each action does, takes and answers is declared for people and for programs", () => {
  const declared = northwind.actions.map(({ key, effect, returns, subject }) => [key, effect, returns.join(), subject?.class]);
  assert.deepEqual(declared, [
    ["customers/send-statement", "read", "message", "northwind.Customer"],
    ["orders/approve-order", "write", "data", "northwind.Order"],
    ["orders/cancel-order", "destructive", "nothing", "northwind.Order"],
    ["orders/create-order", "write", "data", undefined],
    ["orders/fulfil-order", "write", "workflow", "northwind.Order"],
    ["orders/ship-order", "write", "data", "northwind.Order"],
    ["products/restock", "write", "data", "northwind.Product"],
    ["reports/sales-by-country", "read", "data", undefined],
    ["shipments/confirm-delivery", "write", "message", "northwind.Shipment"],
  ]);
  for (const { key, label, description } of northwind.actions) assert.ok(label !== "" && description.endsWith("."), key);
});
