import type pg from "pg";
import { readAmendment } from "../job/by-hand.ts";
import { amend, answerWith, createOrders } from "../job/order.ts";
import type { Answer, OrderRecord } from "../job/order.ts";

/** The tables of the job as one writes it by hand. */
export async function createTables(pool: pg.Pool): Promise<void> {
  await pool.query("create table orders (id integer primary key, value text not null, version bigint not null)");
  await pool.query(`create table audit (
    id bigint generated always as identity primary key, at timestamptz not null, action text not null, subject text not null, identity text not null, value text not null
  )`);
  await pool.query("create index on audit (action, id); create index on audit (subject, id); create index on audit (identity, id); create index on audit (at)");
  const values = createOrders().map((order) => ({ id: order.id, value: JSON.stringify(order) }));
  await pool.query("insert into orders select id, value, 1 from json_to_recordset($1) as given (id integer, value text)", [JSON.stringify(values)]);
}

/** One call in one transaction: the order is locked, changed, and told of in the audit. */
export async function amendByHand(pool: pg.Pool, id: number, params: unknown): Promise<Answer> {
  const amendment = readAmendment(params);
  if (amendment === null) throw new TypeError("These are no parameters of an amendment.");
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ readonly value: string }>("select value from orders where id = $1 for update", [id]);
    const [row] = rows;
    if (row === undefined) throw new Error("There is no such order.");
    const before: OrderRecord = JSON.parse(row.value);
    const now = new Date().toISOString();
    const after = amend(before, amendment, now);
    await client.query("update orders set value = $2, version = version + 1 where id = $1", [id, JSON.stringify(after)]);
    const entry = JSON.stringify({ at: now, action: "amend-order", identity: { kind: "client", id: "bench" }, subject: { class: "Order", id }, params: amendment, outcome: { success: true }, changes: [{ before, after }] });
    await client.query("insert into audit (at, action, subject, identity, value) values ($1, $2, $3, $4, $5)", [now, "amend-order", String(id), "bench", entry]);
    await client.query("commit");
    return answerWith(after);
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
