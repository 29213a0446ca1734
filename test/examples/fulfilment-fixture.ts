import { createNorthwind } from "../../examples/northwind/catalog.ts";
import type { Message, Outbox } from "../../examples/northwind/fulfilment/outbox.ts";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import { embeddedWorkflows } from "../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { loadInitialRecords } from "../../src/app/initial-records.ts";
import { createActions, createIdentity, type Actions, type CreateWorkflowEngine, type JsonObject, type Observation, type RecordStore } from "../../src/domain/index.ts";
import { countedId, turn } from "../adapters/embedded-workflows/lab.ts";
import { createTestTime, type TestTime } from "../../src/app/testing/test-time.ts";

const INITIAL = readInitialRecords();

export const ORDERS = createIdentity({ kind: "client", id: "orders", name: "orders", permissions: ["manage_orders"] });

/** A run, as its starter sees it. */
export interface Shown {
  readonly status: string;
  readonly result?: unknown;
  readonly error?: string;
}

/** Northwind with an engine that runs its workflows. */
export interface Warehouse {
  readonly actions: Actions;
  readonly store: RecordStore;
  readonly time: TestTime;
  readonly outbox: Message[];
  readonly observed: Observation[];
  fulfil(order: number): Promise<string>;
  show(id: string): Promise<Shown>;
  until(id: string, ...statuses: readonly string[]): Promise<Shown>;
  picked(id: string): Promise<string>;
  record(collection: string, id: number | string): Promise<JsonObject | undefined>;
  stock(product: number): Promise<number>;
}

/** How a warehouse may differ. */
export interface WarehouseOptions {
  readonly store?: RecordStore;
  readonly time?: TestTime;
  readonly outbox?: Outbox;
  readonly engine?: CreateWorkflowEngine;
}

/** An outbox in memory, which keeps its promise about keys. */
export function memoryOutbox(messages: Message[]): Outbox {
  return (message) => void (messages.some(({ key }) => key === message.key) || messages.push(message));
}

/** Opens Northwind; the orders and products are loaded when the store is new. */
export async function openWarehouse(options: WarehouseOptions = {}): Promise<Warehouse> {
  const time = options.time ?? createTestTime();
  const { clock, timer } = time;
  const store = options.store ?? createMemoryStore({ clock });
  await loadInitialRecords(store, () => INITIAL);
  const outbox: Message[] = [];
  const observed: Observation[] = [];
  const actions = createActions({
    catalog: createNorthwind(options.outbox ?? memoryOutbox(outbox)),
    store,
    clock,
    newId: countedId,
    observe: (observation) => void observed.push(observation),
    timer,
    workflows: { engine: options.engine ?? embeddedWorkflows({ timer, random: () => 0 }) },
  });
  await actions.workflows.open();
  const show = async (id: string): Promise<Shown> => {
    const found = await actions.workflows.find(ORDERS, id);
    if (found.kind === "failed") throw new Error(found.message);
    return JSON.parse(JSON.stringify(found.run));
  };
  const record = async (collection: string, id: number | string) => {
    const [found] = await store.read(collection, [String(id)]);
    return found?.value;
  };
  return {
    actions,
    store,
    time,
    outbox,
    observed,
    async fulfil(order) {
      const outcome = await actions.execute({ key: "orders/fulfil-order", subject: String(order), identity: ORDERS });
      if (outcome.kind !== "workflow") throw new Error(outcome.kind === "nothing" || outcome.kind === "data" ? outcome.kind : outcome.message);
      return outcome.workflow_id;
    },
    show,
    async until(id, ...statuses) {
      for (;;) {
        const shown = await show(id);
        if (statuses.includes(shown.status)) return shown;
        if (shown.status === "failed") throw new Error(shown.error);
        await turn();
      }
    },
    async picked(id) {
      const answer = await actions.workflows.signal(ORDERS, id, "picked", {});
      return answer.kind === "failed" ? answer.message : "handed over";
    },
    record,
    stock: async (product) => Number((await record("northwind.Product", product))?.["units_in_stock"]),
  };
}
