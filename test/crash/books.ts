import assert from "node:assert/strict";
import { openFileStore } from "../../src/adapters/file/index.ts";
import type { JsonObject, RecordStore } from "../../src/domain/index.ts";
import { isObject } from "../../src/domain/json.ts";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import type { Done } from "./kill-loop.ts";

/** Records by class and ID. */
type Books = Map<string, JsonObject | undefined>;

const CLASSES = ["northwind.Order", "northwind.Product", "northwind.Shipment", "northwind.Customer"];

/** Every answered write is there, none is there twice, the stock adds up, and the audit tells the same story. */
export async function checkBooks(directory: string, done: readonly Done[]): Promise<void> {
  const store = await openFileStore({ directory, clock: Date.now });
  try {
    await checkBooksOf(store, done);
  } finally {
    await store.close();
  }
}

/** The same of a store that is open. */
export async function checkBooksOf(store: RecordStore, done: readonly Done[]): Promise<void> {
  const before = initialBooks();
  const after = await readBooks(store);
  checkAnswers(after, done);
  checkCounts(before, after, done);
  checkStock(before, after, done);
  checkAudit(before, after, await readTrail(store));
}

function checkAnswers(after: Books, done: readonly Done[]): void {
  for (const { job, answer } of succeeded(done)) {
    const { data } = JSON.parse(answer.text);
    const order = after.get(keyOf("northwind.Order", job.kind === "ship" ? data.order : data.id));
    if (job.kind === "create") assert.deepEqual(order?.["lines"], data.lines);
    if (job.kind === "approve") assert.equal(order?.["approved_at"], data.approved_at);
    if (job.kind === "ship") assert.deepEqual([after.has(keyOf("northwind.Shipment", data.id)), order?.["shipped_at"]], [true, data.shipped_at]);
  }
}

function checkCounts(before: Books, after: Books, done: readonly Done[]): void {
  const made = (kind: string) => succeeded(done).filter(({ job }) => job.kind === kind).length;
  assert.equal(countOf(after, "northwind.Order"), countOf(before, "northwind.Order") + made("create"), "orders");
  assert.equal(countOf(after, "northwind.Shipment"), countOf(before, "northwind.Shipment") + made("ship"), "shipments");
}

function checkStock(before: Books, after: Books, done: readonly Done[]): void {
  const expected = new Map<string, number>();
  const add = (product: unknown, quantity: number) => {
    const key = keyOf("northwind.Product", product);
    expected.set(key, (expected.get(key) ?? stockOf(before, key)) + quantity);
  };
  for (const { job, answer } of succeeded(done)) {
    const { data } = JSON.parse(answer.text);
    if (job.kind === "restock") add(data.id, Number(job.body["quantity"]));
    const lines = job.kind === "ship" ? after.get(keyOf("northwind.Order", data.order))?.["lines"] : [];
    for (const line of Array.isArray(lines) ? lines : []) add(line.product, -line.quantity);
  }
  for (const [key, stock] of expected) assert.equal(stockOf(after, key), stock, `the stock of ${key}`);
}

/** The trail tells how what is there now came to be. Answers how many entries of a success each request has, by its ID. */
export async function checkTrail(directory: string): Promise<ReadonlyMap<string, number>> {
  const store = await openFileStore({ directory, clock: Date.now });
  try {
    const entries = await readTrail(store);
    checkAudit(initialBooks(), await readBooks(store), entries);
    return countSuccesses(entries);
  } finally {
    await store.close();
  }
}

function countSuccesses(entries: readonly JsonObject[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { request_id, outcome } of entries) {
    const key = String(request_id);
    if (isObject(outcome) && outcome["success"] === true) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Each entry begins where the one before it on the same record ended, and the last one is what is there now. */
function checkAudit(before: Books, after: Books, entries: readonly JsonObject[]): void {
  const told: Books = new Map();
  for (const { changes } of entries) {
    for (const change of Array.isArray(changes) ? changes : []) {
      const key = keyOf(change.class, change.id);
      assert.deepEqual(withoutTitle(change.before), told.get(key) ?? before.get(key), `what was before a change of ${key}`);
      told.set(key, withoutTitle(change.after));
    }
  }
  for (const [key, value] of after) assert.deepEqual(told.get(key) ?? before.get(key), value, `the audit of ${key}`);
}

/** A record as the store has it: the title is made, not kept. */
function withoutTitle(shown: JsonObject | undefined): JsonObject | undefined {
  if (shown === undefined) return undefined;
  const { title: _, ...record } = shown;
  return record;
}

function initialBooks(): Books {
  const books: Books = new Map();
  for (const { subject, records } of readInitialRecords()) {
    for (const record of records) books.set(keyOf(subject.class, record.id), JSON.parse(JSON.stringify(record)));
  }
  return books;
}

async function readBooks(store: RecordStore): Promise<Books> {
  const books: Books = new Map();
  for (const name of CLASSES) for (const value of await readAll(store, name)) books.set(keyOf(name, value["id"]), value);
  return books;
}

/** All values of a collection. */
export async function readAll(store: RecordStore, collection: string): Promise<readonly JsonObject[]> {
  const values: JsonObject[] = [];
  let after: string | null | undefined;
  while (after !== null) {
    const page: Awaited<ReturnType<RecordStore["list"]>> = await store.list(collection, after === undefined ? { limit: 1000 } : { limit: 1000, after });
    values.push(...page.records.map(({ value }) => value));
    after = page.next;
  }
  return values;
}

async function readTrail(store: RecordStore): Promise<readonly JsonObject[]> {
  const values: JsonObject[] = [];
  for (let page = await store.trail({ limit: 1000 }); ; page = await store.trail({ limit: 1000, after: page.next })) {
    values.push(...page.entries.map(({ value }) => value));
    if (page.next === null) return values;
  }
}

function succeeded(done: readonly Done[]): readonly Done[] {
  return done.filter(({ answer }) => answer.status === 200);
}

function keyOf(name: unknown, id: unknown): string {
  return `${String(name)} ${String(id)}`;
}

function countOf(books: Books, name: string): number {
  return [...books.keys()].filter((key) => key.startsWith(`${name} `)).length;
}

function stockOf(books: Books, key: string): number {
  return Number(books.get(key)?.["units_in_stock"]);
}
