import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createNorthwind } from "../../examples/northwind/catalog.ts";
import { openOutbox } from "../../examples/northwind/fulfilment/outbox.ts";
import { embeddedWorkflows } from "../../src/adapters/embedded-workflows/index.ts";
import { openFileStore } from "../../src/adapters/file/index.ts";
import { createNodeTimer } from "../../src/adapters/node-timer/index.ts";
import { createActions, createIdentity, type Json, type RecordStore } from "../../src/domain/index.ts";
import { planOf } from "./fulfilment-books.ts";

/**
 * A process that fulfils the orders it is given, each once, whatever an earlier process has left of them. Called with a data directory,
 * the orders as a list of JSON, and where to kill itself: `before 3` is before its third commit, `behind 3` just behind it, `never 0` not at all.
 */
const [directory = "", orders = "[]", when = "never", at = "0"] = process.argv.slice(2);
const clock = Date.now;
const ORDERS = createIdentity({ kind: "client", id: "orders", permissions: ["manage_orders"] });

const store = await openFileStore({ directory: join(directory, "store"), clock });
const timer = createNodeTimer({ clock });
const actions = createActions({
  catalog: createNorthwind(openOutbox(join(directory, "outbox.ndjson"))),
  store: mortal(store),
  clock,
  newId: randomUUID,
  observe: ({ event, error }) => void (event === "internal_error" && process.stderr.write(`${String(error)}\n`)),
  timer,
  workflows: { engine: embeddedWorkflows({ timer, random: Math.random }) },
});
await actions.workflows.open();
process.stdout.write("ready\n");
const begun = await findBegun();
const asked: unknown = JSON.parse(orders);
if (!Array.isArray(asked)) throw new TypeError("the orders must be a list");
await Promise.all(asked.map((order) => fulfil(Number(order))));
await actions.workflows.close();
await store.close();
process.stdout.write("done\n");

/** A store on which this process dies where it was told to. */
function mortal(survivor: RecordStore): RecordStore {
  let commits = 0;
  return {
    read: (...given) => survivor.read(...given),
    list: (...given) => survivor.list(...given),
    trail: (...given) => survivor.trail(...given),
    durable: () => survivor.durable(),
    commit(changes, entries) {
      if (++commits !== Number(at) || when === "never") return survivor.commit(changes, entries);
      if (when === "behind") void survivor.commit(changes, entries);
      return die();
    },
  };
}

/** Behind: once what was committed is on the disk, or a crash would have taken it back. */
async function die(): Promise<never> {
  if (when === "behind") await store.durable();
  process.kill(process.pid, "SIGKILL");
  return new Promise<never>(() => {});
}

/** The runs that an earlier process has begun, by order. */
async function findBegun(): Promise<ReadonlyMap<number, string>> {
  const runs = new Map<number, string>();
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page = await actions.workflows.list(ORDERS, { after, limit: 200 });
    if (page.kind === "failed") throw new Error(page.message);
    for (const { id, subject } of page.data) runs.set(orderOf(subject), String(id));
    after = page.next ?? undefined;
  }
  return runs;
}

function orderOf(subject: Json | undefined): number {
  return Number(Object(subject).id);
}

async function fulfil(order: number): Promise<void> {
  const id = begun.get(order) ?? (await start(order));
  let asked = false;
  const changes = await actions.workflows.follow(ORDERS, id);
  if ("kind" in changes) throw new Error(changes.message);
  for await (const change of changes) {
    if (asked || change?.run["status"] !== "waiting") continue;
    asked = true;
    if (planOf(order) === "ship") await actions.workflows.signal(ORDERS, id, "picked", {});
    else await actions.workflows.cancel(ORDERS, id);
  }
}

async function start(order: number): Promise<string> {
  const outcome = await actions.execute({ key: "orders/fulfil-order", subject: String(order), identity: ORDERS });
  if (outcome.kind === "workflow") return outcome.workflow_id;
  throw new Error(`order ${order}: ${JSON.stringify(outcome)}`);
}
