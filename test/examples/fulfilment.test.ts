import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openOutbox } from "../../examples/northwind/fulfilment/outbox.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createTestTime } from "../../src/app/testing/test-time.ts";
import { diesAt } from "../adapters/embedded-workflows/dying-store.ts";
import { createInstantEngine } from "./instant-engine.ts";
import { ORDERS, openWarehouse, type Warehouse } from "./fulfilment-fixture.ts";

/** Not shipped in the data, and every line of it is in stock. */
const ORDER = 11_076;
const DAY = 86_400_000;

interface Line {
  readonly product: number;
  readonly quantity: number;
}

async function linesOf(warehouse: Warehouse, order: number): Promise<readonly Line[]> {
  const record = await warehouse.record("northwind.Order", order);
  return JSON.parse(JSON.stringify(record?.["lines"]));
}

async function stockOf(warehouse: Warehouse, lines: readonly Line[]): Promise<readonly number[]> {
  return Promise.all(lines.map(({ product }) => warehouse.stock(product)));
}

test("a fulfilment approves, reserves, waits to be picked, ships and tells the customer", async () => {
  const warehouse = await openWarehouse();
  const lines = await linesOf(warehouse, ORDER);
  const before = await stockOf(warehouse, lines);
  const id = await warehouse.fulfil(ORDER);
  await warehouse.until(id, "waiting");
  const left = before.map((units, at) => units - (lines[at]?.quantity ?? 0));
  assert.deepEqual(await stockOf(warehouse, lines), left);
  assert.equal((await warehouse.record("northwind.Order", ORDER))?.["approved_by"], "orders");
  await assert.rejects(warehouse.fulfil(ORDER), { message: `Order #${ORDER} is already being fulfilled.` });
  assert.equal(await warehouse.picked(id), "handed over");
  const shown = await warehouse.until(id, "completed");
  const shipment = String(Object(shown.result).shipment);
  assert.deepEqual(shown.result, { order: ORDER, shipment });
  assert.equal((await warehouse.record("northwind.Shipment", shipment))?.["order"], ORDER);
  assert.deepEqual(await stockOf(warehouse, lines), left);
  const [message, ...more] = warehouse.outbox;
  assert.deepEqual([message?.text, more], [`Your order #${ORDER} is on its way with Speedy Express.`, []]);
  assert.equal(message?.key, `${id}/step:tell the customer#1`);
  await assert.rejects(warehouse.fulfil(ORDER), { message: `Order #${ORDER} has already shipped.` });
  assert.equal(await warehouse.picked(id), "This workflow has ended.");
});

test("what is not picked within seven days is cancelled, and its stock released", async () => {
  const warehouse = await openWarehouse();
  const lines = await linesOf(warehouse, ORDER);
  const before = await stockOf(warehouse, lines);
  const id = await warehouse.fulfil(ORDER);
  await warehouse.until(id, "waiting");
  warehouse.time.pass(7 * DAY - 1);
  assert.equal((await warehouse.show(id)).status, "waiting");
  warehouse.time.pass(1);
  const shown = await warehouse.until(id, "cancelled");
  assert.equal(shown.error, `Order #${ORDER} was not picked within 7 days.`);
  assert.deepEqual(await stockOf(warehouse, lines), before);
  assert.deepEqual(warehouse.outbox, []);
  assert.equal(await warehouse.record("northwind.Reservation", ORDER), undefined);
});

test("an order that stock is missing for is not fulfilled, and one that may not be is not begun", async () => {
  const warehouse = await openWarehouse();
  const lines = await linesOf(warehouse, ORDER);
  const [first] = lines;
  assert.ok(first !== undefined);
  const record = await warehouse.record("northwind.Product", first.product);
  const [stored] = await warehouse.store.read("northwind.Product", [String(first.product)]);
  await warehouse.store.commit([{ kind: "put", collection: "northwind.Product", id: String(first.product), basedOn: stored?.version ?? 0, value: { ...record, units_in_stock: 0 } }]);
  const id = await warehouse.fulfil(ORDER);
  await assert.rejects(warehouse.until(id, "completed"), /^Error: Only 0 of /);
  assert.equal((await warehouse.actions.execute({ key: "orders/fulfil-order", subject: "11076", identity: { ...ORDERS, can: () => false } })).kind, "failed");
});

for (const [ending, finish, status] of [
  ["picked", async (warehouse: Warehouse, id: string) => void (await warehouse.picked(id)), "completed"],
  ["not picked", async (warehouse: Warehouse) => warehouse.time.pass(7 * DAY), "cancelled"],
  ["cancelled by its starter", async (warehouse: Warehouse, id: string) => void (await warehouse.actions.workflows.cancel(ORDERS, id)), "cancelled"],
] as const) {
  test(`whatever the commit at which the process dies, a fulfilment that is ${ending} ends once, and stock and outbox agree`, async () => {
    let commits = 0;
    for (let at = 2, done = false; !done; at++) {
      for (const when of ["before", "behind"] as const) done = await dieAndGoOn(at, when, finish, status);
      commits = at;
    }
    assert.ok(commits > 8, `${commits} commits`);
  });
}

/** True when the process did not die before the run had ended. */
async function dieAndGoOn(at: number, when: "before" | "behind", finish: (warehouse: Warehouse, id: string) => Promise<void>, status: string): Promise<boolean> {
  const time = createTestTime();
  const memory = createMemoryStore({ clock: time.clock });
  const { store, died } = diesAt(memory, at, when);
  const first = await openWarehouse({ store, time });
  const lines = await linesOf(first, ORDER);
  const before = await stockOf(first, lines);
  let survived = false;
  const live = async () => {
    const id = await first.fulfil(ORDER);
    await first.until(id, "waiting");
    await finish(first, id);
    await first.until(id, status);
    survived = true;
  };
  await Promise.race([live(), died]);
  const second = await openWarehouse({ store: memory, time, outbox: (message) => void (first.outbox.some(({ key }) => key === message.key) || first.outbox.push(message)) });
  const listed = await second.actions.workflows.list(ORDERS);
  assert.ok(listed.kind === "page" && listed.data.length <= 1);
  const [run] = listed.data;
  if (run === undefined) assert.ok(at === 2 && when === "before");
  else {
    const id = String(run["id"]);
    if ((await second.until(id, "waiting", status)).status === "waiting") await finish(second, id);
    await second.until(id, status);
    const sold = status === "completed";
    assert.deepEqual(await stockOf(second, lines), before.map((units, index) => units - (sold ? (lines[index]?.quantity ?? 0) : 0)), `commit ${at} ${when}`);
    assert.equal(first.outbox.length, sold ? 1 : 0, `commit ${at} ${when}`);
    assert.equal((await second.record("northwind.Order", ORDER))?.["shipped_at"] !== null, sold);
  }
  return survived;
}

test("Northwind runs as it is on another engine", async () => {
  const time = createTestTime();
  const warehouse = await openWarehouse({ time, engine: createInstantEngine() });
  const lines = await linesOf(warehouse, ORDER);
  const before = await stockOf(warehouse, lines);
  const id = await warehouse.fulfil(ORDER);
  await warehouse.until(id, "waiting");
  await warehouse.picked(id);
  await warehouse.until(id, "completed");
  assert.deepEqual(await stockOf(warehouse, lines), before.map((units, at) => units - (lines[at]?.quantity ?? 0)));
  assert.equal(warehouse.outbox.length, 1);
});

test("the outbox writes a message once under its key, and cuts off what a crash has left half", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "outbox-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "outbox.ndjson");
  const message = { key: "run/tell#1", order: 1, customer: "ALFKI", text: "Grüße", at: "2026-11-23T10:00:00.000Z" };
  openOutbox(path)(message);
  appendFileSync(path, '{"key":"run/te');
  const outbox = openOutbox(path);
  outbox(message);
  outbox({ ...message, key: "run/tell#2" });
  outbox({ ...message, key: "run/tell#2" });
  const keys = readFileSync(path, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line).key);
  assert.deepEqual(keys, ["run/tell#1", "run/tell#2"]);
});
