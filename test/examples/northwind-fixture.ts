import assert from "node:assert/strict";
import { northwind } from "../../examples/northwind/catalog.ts";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { loadInitialRecords } from "../../src/app/initial-records.ts";
import { createActions, createIdentity, type JsonObject, type Outcome, type RecordStore } from "../../src/domain/index.ts";

/** The day of every test. */
export const NOW = "2026-11-23T10:00:00.000Z";

const INITIAL = readInitialRecords();

/** Northwind as it is at its first start, called without any transport. */
export interface Northwind {
  readonly store: RecordStore;
  /** Calls an action as an app named `orders` that has these permissions, all unless given. */
  call(key: string, subject: string | number | undefined, params?: JsonObject, permissions?: readonly string[]): Promise<Outcome>;
  /** {@link call}, which must succeed with data. */
  data(key: string, subject: string | number | undefined, params?: JsonObject): Promise<JsonObject>;
  /** A record as the store has it. */
  record(collection: string, id: string | number): Promise<JsonObject | undefined>;
}

/** Every call starts afresh. */
export async function openNorthwind(): Promise<Northwind> {
  const clock = () => Date.parse(NOW);
  const store = createMemoryStore({ clock });
  await loadInitialRecords(store, () => INITIAL);
  let ids = 0;
  const actions = createActions({
    catalog: northwind,
    store,
    clock,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    observe: ({ event, error }) => assert.fail(`${event}: ${String(error)}`),
  });
  const call: Northwind["call"] = async (key, subject, params = {}, permissions = ["*"]) => {
    const identity = createIdentity({ kind: "client", id: "1", name: "orders", permissions });
    return actions.execute({ key, identity, params, ...(subject === undefined ? {} : { subject: String(subject) }) });
  };
  return {
    store,
    call,
    async data(key, subject, params) {
      const outcome = await call(key, subject, params);
      if (outcome.kind === "data") return outcome.data;
      return assert.fail(`${key}: ${JSON.stringify(outcome)}`);
    },
    async record(collection, id) {
      const [record] = await store.read(collection, [String(id)]);
      return record?.value;
    },
  };
}
