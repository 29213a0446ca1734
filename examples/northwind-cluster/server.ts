import { runApplication } from "actionport/app";
import { application } from "../northwind/application.ts";
import { createNorthwind } from "../northwind/catalog.ts";
import { createOutbox } from "./outbox.ts";
import { connectStore, type ConnectedStore } from "./store.ts";

/** One process of the cluster: Northwind on the database at `DATABASE_URL`, whose schema is there. It ends when whoever started it does. */
const { DATABASE_URL: url } = process.env;
if (url === undefined) throw new TypeError("DATABASE_URL must be set: postgres://user:password@host:5432/database");
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
// To wait for that is no reason to go on.
process.channel?.unref();

let connected: ConnectedStore | undefined;
await runApplication({
  ...application,
  // The work of a process that is gone goes on in another within 15 seconds.
  workflows: { leaseMs: 10_000 },
  catalog: () => createNorthwind((message) => createOutbox(connectedTo().pool)(message)),
  async store(parts) {
    connected = connectStore(url, parts);
    const { store } = connected;
    try {
      await store.open();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  },
});

function connectedTo(): ConnectedStore {
  if (connected === undefined) throw new Error("the store is not open yet");
  return connected;
}
