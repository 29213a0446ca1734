import type pg from "pg";
import type { Outbox } from "../northwind/fulfilment/outbox.ts";

/** Makes the table of the outbox where there is none; to be called once, before any process writes to it. */
export async function createOutboxTable(pool: pg.Pool): Promise<void> {
  await pool.query("create table if not exists northwind_outbox (key text primary key, message json not null)");
}

/** Messages in a table, which stands for what a mail server would be told: the same key once, whichever process hands it over. */
export function createOutbox(pool: pg.Pool): Outbox {
  return async (message) => {
    await pool.query("insert into northwind_outbox (key, message) values ($1, $2) on conflict do nothing", [message.key, JSON.stringify(message)]);
  };
}
