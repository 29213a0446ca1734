import { randomUUID } from "node:crypto";

/** One call of a client, as plain data. */
export interface SoakCall {
  readonly kind: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON; empty: none. */
  readonly body: string;
  /** The name of the app client that makes it; null: nobody at all. */
  readonly as: "admin" | "orders" | "nobody" | null;
  readonly accept?: string;
  /** Under it the call is made again until it is answered, and its entries are found in the trail: also its request ID. */
  readonly key?: string;
  /** What an answer may be. */
  readonly expected: readonly number[];
}

const PRODUCTS = 12;
const OK = [200];
/** What an action itself, or the state of things, may say. */
const OR_REFUSED = [200, 404, 409, 422];

function pick<T>(items: readonly [T, ...T[]]): T {
  return items[Math.floor(Math.random() * items.length)] ?? items[0];
}

function action(kind: string, path: string, body: unknown, more: Partial<SoakCall> = {}): SoakCall {
  return { kind, method: "POST", path: `/api/v1/actions/${path}`, body: JSON.stringify(body), as: "admin", expected: OK, ...more };
}

function read(kind: string, path: string, more: Partial<SoakCall> = {}): SoakCall {
  return { kind, method: "GET", path: `/api/v1/${path}`, body: "", as: "admin", expected: OK, ...more };
}

const product = (): number => 1 + Math.floor(Math.random() * PRODUCTS);

function products(count: number): readonly number[] {
  const first = Math.floor(Math.random() * 70);
  return Array.from({ length: count }, (_, index) => 1 + ((first + index) % 77));
}

export const createOrder = (): SoakCall => action("create", "orders/create-order/execute", { customer: "ALFKI", ordered_at: "2026-11-23", lines: [{ product: product(), quantity: 1 }, { product: 20 + product(), quantity: 2 }] }, { key: randomUUID(), as: "orders" });
export const approveOrder = (id: number): SoakCall => action("approve", `orders/approve-order/execute/${id}`, {}, { key: randomUUID(), as: "orders", expected: OR_REFUSED });
export const shipOrder = (id: number): SoakCall => action("ship", `orders/ship-order/execute/${id}`, { shipper: "Speedy Express" }, { key: randomUUID(), as: "orders", expected: OR_REFUSED });
export const fulfilOrder = (id: number): SoakCall => action("fulfil", `orders/fulfil-order/execute/${id}`, {}, { key: randomUUID(), as: "orders", expected: OR_REFUSED });
/** So that there are never more orders than are being worked on, and a report of all costs what it did in the first minute. */
export const forgetOrder = (id: number): SoakCall => action("forget", `test/forget-order/execute/${id}`, {}, { key: randomUUID(), as: "orders", expected: OR_REFUSED });
export const restock = (): SoakCall => action("restock", `products/restock/execute/${product()}`, { quantity: 5 }, { key: randomUUID() });

const bulk = (kind: string, more: object, count: number, over: Partial<SoakCall> = {}): SoakCall => action(kind, "products/restock/bulk", { ids: products(count), params: { quantity: 1 }, ...more }, { key: randomUUID(), expected: [200, 409], ...over });

const BULKS: readonly [() => SoakCall, ...(() => SoakCall)[]] = [
  () => bulk("bulk each", {}, 30),
  () => bulk("bulk stop", { mode: "stop" }, 10),
  () => bulk("bulk atomic", { mode: "atomic" }, 10),
  () => bulk("bulk lines", {}, 30, { accept: "application/x-ndjson" }),
  () => bulk("bulk preview", { preview: true, mode: "atomic" }, 20),
];
export const bulkLater = (): SoakCall => bulk("bulk async", { async: true }, 25);

const READS: readonly [() => SoakCall, ...(() => SoakCall)[]] = [
  () => action("preview", `orders/approve-order/preview/${pick([11_008, 11_019, 11_039])}`, {}, { expected: OR_REFUSED }),
  () => action("report", "reports/sales-by-country/execute", { country: "Norway" }),
  () => read("list", "actions"),
  () => read("schema", "actions/orders/create-order/schema"),
  () => read("audit", `audit?limit=20&subject=northwind.Product:${product()}`),
  () => read("audit of an action", "audit?limit=20&action=orders/create-order"),
  () => read("workflows", "workflows?limit=5"),
];

/** Calls that get what they deserve. */
const REFUSED: readonly [() => SoakCall, ...(() => SoakCall)[]] = [
  () => action("forbidden", "orders/approve-order/execute/11008", { reason: "x".repeat(400) }, { as: "nobody", expected: [403] }),
  () => action("invalid", `products/restock/execute/${product()}`, { quantity: "many" }, { expected: [422] }),
  () => action("unknown subject", "products/restock/execute/99999", { quantity: 1 }, { key: randomUUID(), expected: [404] }),
  () => action("unknown action", "products/burn/execute/1", {}, { expected: [404] }),
  () => read("no token", "actions", { as: null, expected: [401] }),
  () => ({ ...action("malformed", `products/restock/execute/${product()}`, {}), body: "{", expected: [400] }),
];

/** Some hang one behind the other. */
export const hang = (): SoakCall => action("hang", `test/hang/execute/${pick(["ALFKI", "ANATR", "ANTON", "AROUT"])}`, {}, { expected: [409, 503] });
export const slowAudit = (): SoakCall => read("slow reader", "audit?limit=200");

export const anyRead = (): SoakCall => pick(READS)();
export const anyRefused = (): SoakCall => pick(REFUSED)();
export const anyBulk = (): SoakCall => pick(BULKS)();
