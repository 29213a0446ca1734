import { DBOS } from "@dbos-inc/dbos-sdk";
import { prepareDbos } from "actionport/dbos";
import { createOutboxTable } from "../outbox.ts";
import { connectStore } from "../store.ts";

/** Brings everything in the database up to date, as it is done once for a release, before its processes start. */
export async function prepareDatabase(url: string): Promise<void> {
  const { store, pool } = connectStore(url, { clock: Date.now, observe: () => undefined });
  try {
    await store.migrate();
    await createOutboxTable(pool);
    await DBOS.migrate(url);
    await prepareDbos({ query: async (text, values) => (await pool.query(text, values)).rows });
  } finally {
    await store.close();
  }
}
