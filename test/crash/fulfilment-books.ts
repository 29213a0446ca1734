import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import { openFileStore } from "../../src/adapters/file/index.ts";
import { loadInitialRecords } from "../../src/app/initial-records.ts";
import type { JsonObject, RecordStore } from "../../src/domain/index.ts";
import { argumentsToRun } from "../compiled.ts";

/** What becomes of an order: every third is cancelled instead of picked. */
export function planOf(order: number): "ship" | "cancel" {
  return order % 3 === 0 ? "cancel" : "ship";
}

/** A directory that the processes work in. */
export interface Premises {
  readonly directory: string;
  readonly orders: readonly number[];
  /** Another of the same, as it was at first. */
  copy(): Premises;
  remove(): void;
}

const UNITS = 1_000_000;
const clock = Date.now;

/** Northwind in a directory of its own, with so many orders that have not shipped, and stock for all of them. */
export async function preparePremises(count: number): Promise<Premises> {
  const directory = mkdtempSync(join(tmpdir(), "fulfilment-"));
  const store = await openFileStore({ directory: join(directory, "store"), clock });
  await loadInitialRecords(store, readInitialRecords);
  const orders = (await readAll(store, "northwind.Order")).slice(0, count);
  const products = await readAll(store, "northwind.Product");
  const put = (collection: string, records: readonly JsonObject[], change: JsonObject) => records.map(async (record) => {
    const [stored] = await store.read(collection, [String(record["id"])]);
    await store.commit([{ kind: "put", collection, id: String(record["id"]), basedOn: stored?.version ?? 0, value: { ...record, ...change } }]);
  });
  await Promise.all([...put("northwind.Order", orders, { shipped_at: null }), ...put("northwind.Product", products, { units_in_stock: UNITS })]);
  await store.close();
  return toPremises(directory, orders.map(({ id }) => Number(id)));
}

function toPremises(directory: string, orders: readonly number[]): Premises {
  return {
    directory,
    orders,
    copy() {
      const other = mkdtempSync(join(tmpdir(), "fulfilment-"));
      cpSync(directory, other, { recursive: true });
      return toPremises(other, orders);
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function readAll(store: RecordStore, collection: string): Promise<readonly JsonObject[]> {
  const page = await store.list(collection, { limit: 10_000 });
  return page.records.map(({ value }) => value);
}

/** A process at work. */
export interface Worker {
  readonly child: ChildProcess;
  /** Settles when it works. */
  readonly ready: Promise<void>;
  /** `done`, or how it was killed. */
  readonly ended: Promise<"done" | "killed">;
}

/** Starts a process on the premises; see fulfilment-process.ts. */
export function startWorker({ directory, orders }: Premises, when = "never", at = 0): Worker {
  const child = spawn(process.execPath, [...argumentsToRun("test/crash/fulfilment-process.ts"), directory, JSON.stringify(orders), when, String(at)], { stdio: ["ignore", "pipe", "inherit"] });
  let tellReady = () => {};
  const ready = new Promise<void>((resolve) => (tellReady = resolve));
  let done = false;
  createInterface(child.stdout).on("line", (line) => {
    if (line === "ready") tellReady();
    if (line === "done") done = true;
  });
  const ended = once(child, "close").then(([code, signal]) => {
    tellReady();
    if (signal === "SIGKILL") return "killed" as const;
    assert.deepEqual([code, done], [0, true], "a process that is not killed does its work");
    return "done" as const;
  });
  return { child, ready, ended };
}

/** Each order has come to what was planned, once: its run, its stock, its shipment, and what its customer was told. */
export async function checkBooks({ directory, orders }: Premises): Promise<void> {
  const store = await openFileStore({ directory: join(directory, "store"), clock });
  try {
    const shipped = orders.filter((order) => planOf(order) === "ship");
    const runs = (await readAll(store, "actionport.workflow")).map((run) => [Number(Object(run["subject"]).id), run["status"]]);
    const byOrder = (a: readonly unknown[], b: readonly unknown[]) => Number(a[0]) - Number(b[0]);
    assert.deepEqual(runs.sort(byOrder), orders.map((order) => [order, planOf(order) === "ship" ? "completed" : "cancelled"]).sort(byOrder));
    for (const collection of ["northwind.Reservation", "actionport.workflow.open", "actionport.workflow.step"]) assert.deepEqual(await readAll(store, collection), []);
    const taken = new Map<number, number>();
    for (const order of await readAll(store, "northwind.Order")) {
      if (!shipped.includes(Number(order["id"]))) continue;
      const lines = order["lines"];
      assert.ok(Array.isArray(lines) && order["shipped_at"] !== null);
      for (const line of lines) taken.set(Object(line).product, (taken.get(Object(line).product) ?? 0) + Object(line).quantity);
    }
    for (const product of await readAll(store, "northwind.Product")) assert.equal(product["units_in_stock"], UNITS - (taken.get(Number(product["id"])) ?? 0));
    const shipments = (await readAll(store, "northwind.Shipment")).map((shipment) => Number(shipment["order"]));
    assert.deepEqual(shipments.sort(), [...shipped].sort());
    assert.deepEqual(readOutbox(directory).sort(), [...shipped].sort());
  } finally {
    await store.close();
  }
}

function readOutbox(directory: string): number[] {
  const path = join(directory, "outbox.ndjson");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  return lines.filter((line) => line !== "").map((line) => Number(JSON.parse(line).order));
}
