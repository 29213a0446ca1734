import assert from "node:assert/strict";
import type { ConnectedStore } from "../../examples/northwind-cluster/store.ts";
import { checkBooksOf, readAll } from "../crash/books.ts";
import type { Done } from "../crash/kill-loop.ts";
import type { Crew, Fulfilment } from "./crew.ts";

/** Collections in which nothing is left when all runs have ended. */
const EMPTY = ["northwind.Reservation", "actionport.workflow.open", "actionport.workflow.step"];
const ENDS = ["completed", "failed", "cancelled"];
const REPLAYED = 500;

/** Settles when every run has ended. */
export async function untilAllEnded({ store }: ConnectedStore): Promise<void> {
  for (;;) {
    const runs = await readAll(store, "actionport.workflow");
    if (runs.every(({ status }) => ENDS.includes(String(status)))) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Orders, shipments, stock and trail agree with every answer that was given; each fulfilment has ended once, and each customer was told once. */
export async function checkBooks(connected: ConnectedStore, { done, fulfilments }: Crew): Promise<{ readonly completed: number; readonly cancelled: number; readonly failed: number }> {
  const { store, pool } = connected;
  const runs = new Map((await readAll(store, "actionport.workflow")).map((run) => [Number(Object(run["subject"]).id), run]));
  assert.equal(runs.size, fulfilments.length, "each fulfilment that was answered for has one run, and there is no other");
  const orders = new Map((await readAll(store, "northwind.Order")).map((order) => [Number(order["id"]), order]));
  const shipped: Done[] = [];
  const count = { completed: 0, cancelled: 0, failed: 0 };
  for (const { order, plan } of fulfilments) {
    const { status, result, error } = Object(runs.get(order));
    if (status === "completed") shipped.push(toShipped(order, result.shipment, orders.get(order)?.["shipped_at"]));
    else assert.equal(orders.get(order)?.["shipped_at"], null, `order ${order}`);
    if (status !== "failed") assert.equal(status, plan === "pick" ? "completed" : "cancelled", `order ${order}`);
    // Only what was in stock ships.
    else assert.match(error, /in stock/, `order ${order}`);
    if (status === "completed" || status === "cancelled" || status === "failed") count[status as keyof typeof count]++;
  }
  await checkBooksOf(store, [...done, ...shipped]);
  for (const collection of EMPTY) assert.deepEqual(await readAll(store, collection), [], collection);
  const { rows } = await pool.query<{ readonly order: string }>("select message->>'order' as order from northwind_outbox");
  assert.deepEqual(rows.map(({ order }) => Number(order)).sort(), [...completedOf(fulfilments, runs)].sort(), "who was told");
  return count;
}

function completedOf(fulfilments: readonly Fulfilment[], runs: ReadonlyMap<number, unknown>): readonly number[] {
  return fulfilments.map(({ order }) => order).filter((order) => Object(runs.get(order)).status === "completed");
}

/** What shipping the order would have been answered with, had it been a call. */
function toShipped(order: number, shipment: unknown, shipped_at: unknown): Done {
  const data = { id: shipment, order, shipped_at };
  return { job: { kind: "ship", path: "", body: {}, key: "" }, answer: { status: 200, replayed: false, text: JSON.stringify({ data }) } };
}

/** Whoever asks again under the same key, of whichever process, gets the same answer. */
export async function checkRemembered(crew: Crew): Promise<void> {
  for (const { job, answer } of crew.done.slice(-REPLAYED)) {
    const again = await crew.ask(job);
    assert.deepEqual([again.status, again.text, again.replayed], [answer.status, answer.text, true], job.path);
  }
}
