import { basename } from "node:path";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { runApplication } from "actionport/app";
import { dbosWorkflows } from "actionport/dbos";
import { createNodeTimer } from "actionport/node-timer";
import { application } from "../northwind/application.ts";
import { createNorthwind } from "../northwind/catalog.ts";
import { createOutbox } from "./outbox.ts";
import { connectStore, type ConnectedStore } from "./store.ts";

/**
 * One process of the cluster: Northwind on the database at `DATABASE_URL`, whose schema is there; with `WORKFLOWS=dbos` its workflows are
 * on DBOS Transact. It ends when whoever started it does.
 */
const { DATABASE_URL: url, DATA_DIR: directory, WORKFLOWS } = process.env;
if (url === undefined) throw new TypeError("DATABASE_URL must be set: postgres://user:password@host:5432/database");
if (directory === undefined) throw new TypeError("DATA_DIR must be set: a directory of this process alone");
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
// To wait for that is no reason to go on.
process.channel?.unref();

const onDbos = WORKFLOWS === "dbos";
/** The work of a process that is gone goes on in another within 15 seconds. */
const LEASE_MS = 10_000;
if (onDbos) DBOS.setConfig({ name: "northwind", systemDatabaseUrl: url, executorID: basename(directory), applicationVersion: "1", runMigrations: false, logLevel: "error" });

let connected: ConnectedStore | undefined;
await runApplication({
  ...application,
  catalog: () => createNorthwind((message) => createOutbox(connectedTo().pool)(message)),
  workflows: onDbos ? dbosWorkflows({ dbos: DBOS, timer: createNodeTimer({ clock: Date.now }), random: Math.random, leaseMs: LEASE_MS }) : { leaseMs: LEASE_MS },
  async store(parts) {
    connected = connectStore(url, parts, onDbos ? () => DBOS.shutdown() : undefined);
    const { store } = connected;
    await store.open();
    if (onDbos) await launch(store);
    return store;
  },
});

/** A store that does not open has closed itself; one that is open must not keep the process from ending. */
async function launch(store: ConnectedStore["store"]): Promise<void> {
  try {
    await DBOS.launch();
  } catch (error) {
    await store.close();
    throw error;
  }
}

function connectedTo(): ConnectedStore {
  if (connected === undefined) throw new Error("the store is not open yet");
  return connected;
}
