import { once } from "node:events";
import { openSync, readSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Customer } from "../../examples/northwind/customers/customer.ts";
import { Order } from "../../examples/northwind/orders/order.ts";
import { createNorthwind } from "../../examples/northwind/catalog.ts";
import { openOutbox } from "../../examples/northwind/fulfilment/outbox.ts";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import { runApplication } from "../../src/app/index.ts";
import { createCatalog, defineAction, everyone, type Catalog } from "../../src/domain/index.ts";
import { percentile } from "./percentiles.ts";

/** What the process is asked, and what it answers. */
export interface Measurement {
  /** On the heap once all garbage is gone, in bytes. */
  readonly heapBytes: number;
  /** In buffers beside the heap, in bytes. */
  readonly bufferBytes: number;
  /** By how much timers were late since the last question, in milliseconds, for whatever reason: others may have had the processor. */
  readonly delayP99Ms: number;
  /** For how long the event loop was kept by this process itself: the time that its thread computed between two turns of a timer. */
  readonly busyP99Ms: number;
  readonly busyMaxMs: number;
}

/** Never answers, and is given up after half a second. */
const hang = defineAction({ key: "test/hang", label: "Hang", subject: Customer, timeoutMs: 500, authorize: everyone, handle: () => new Promise<never>(() => undefined) });

/** Ends an order for good, so that there are never more than are being worked on. */
const forget = defineAction({
  key: "test/forget-order", label: "Forget order", effect: "destructive", subject: Order,
  authorize: ({ identity }) => identity.can("manage_orders"),
  handle({ subject, subjects }) {
    subjects.delete(Order, subject.id);
    return "Order forgotten.";
  },
});

/** Northwind, an action whose handler hangs, and an end for orders. */
function createSoakCatalog(dataDirectory: string): Catalog {
  const { actions, subjects, workflow } = createNorthwind(openOutbox(join(dataDirectory, "outbox.ndjson")));
  const fulfilment = workflow("orders/fulfilment");
  return createCatalog({ subjects, actions: [...actions, hang, forget], workflows: fulfilment === undefined ? [] : [fulfilment] });
}

const TICK_MS = 5;

const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
const numbers = Buffer.alloc(64);

/** Processor time of the main thread so far, in milliseconds (Linux: the first number of its schedstat, in nanoseconds). */
function readThreadMs(): number {
  return Number.parseInt(numbers.toString("latin1", 0, readSync(schedstat, numbers, 0, numbers.length, 0)), 10) / 1e6;
}

function answerQuestions(): void {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  const busy: number[] = [];
  let last = readThreadMs();
  setInterval(() => busy.push(-last + (last = readThreadMs())), TICK_MS).unref();
  process.on("message", () => {
    const held = { delayP99Ms: delay.percentile(99) / 1e6, busyP99Ms: percentile(busy, 99), busyMaxMs: Math.max(0, ...busy) };
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const measurement: Measurement = { heapBytes: heapUsed, bufferBytes: arrayBuffers, ...held };
    process.send?.(measurement);
    // The collection has held everything up, and is none of the server's doing.
    delay.reset();
    busy.length = 0;
    last = readThreadMs();
  });
  void once(process, "disconnect").then(() => process.exit());
}

answerQuestions();
await runApplication({
  name: "northwind",
  catalog: ({ dataDirectory }) => createSoakCatalog(dataDirectory),
  initialRecords: readInitialRecords,
  // Full within a minute: what grows from then on is no cache.
  store: { maxCachedBytes: 8_388_608 },
  clients: { orders: ["manage_orders"], admin: ["*"], nobody: [] },
  publicClients: { portal: ["http://127.0.0.1/callback"] },
  users: { nancy: ["manage_orders"] },
  firstCall: { client: "orders", key: "orders/approve-order", subject: "11008", params: {} },
});
process.channel?.unref();
