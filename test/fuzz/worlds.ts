import { createHash, randomUUID } from "node:crypto";
import { northwind } from "../../examples/northwind/catalog.ts";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import { embeddedWorkflows } from "../../src/adapters/embedded-workflows/index.ts";
import type { HttpHandler } from "../../src/adapters/http/message.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createNodeTimer } from "../../src/adapters/node-timer/index.ts";
import { createRest } from "../../src/adapters/rest/index.ts";
import { createActions, createIdentity, type Authenticate, type Catalog, type Change, type JsonObject } from "../../src/domain/index.ts";
import { everyType, Thing, type ThingRecord } from "./every-type.ts";

/** An application with a store of its own, which a few calls have to themselves. */
export interface World {
  readonly handler: HttpHandler;
  /** The unforeseen failures so far, each with its stack. */
  readonly failures: readonly string[];
  close(): Promise<void>;
}

/** How to make worlds that are all alike. */
export interface WorldMaker {
  readonly name: string;
  /** Some IDs of subjects that there are. */
  readonly subjects: Readonly<Record<string, readonly string[]>>;
  open(): Promise<World>;
}

/** Each token is the name of what its identity may do. */
export const TOKENS = ["all", "some", "nobody", "user"] as const;

const IDENTITIES = new Map([
  ["all", createIdentity({ kind: "client", id: "all", permissions: ["*"] })],
  ["some", createIdentity({ kind: "client", id: "some", permissions: ["manage_orders", "change"] })],
  ["nobody", createIdentity({ kind: "client", id: "nobody", permissions: [] })],
  ["user", createIdentity({ kind: "user", id: "all", name: "Nancy", permissions: ["view_audit", "manage_orders"] })],
]);

const authenticate: Authenticate = (token) => {
  const identity = IDENTITIES.get(token);
  return identity === undefined ? { authenticated: false, reason: "invalid_token" } : { authenticated: true, identity };
};

const clock = Date.now;
const timer = createNodeTimer({ clock });
const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

async function openWorld(catalog: Catalog, records: readonly Change[]): Promise<World> {
  const failures: string[] = [];
  const observe = ({ event, error }: { readonly event: string; readonly error?: unknown }) => {
    // A workflow may fail for what its actions say: an order whose product is gone.
    if (event !== "request" && event !== "workflow_failed") failures.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`);
  };
  const store = createMemoryStore({ clock });
  await store.commit(records);
  const shared = { clock, newId: randomUUID, observe };
  const workflows = { engine: embeddedWorkflows({ timer, random: Math.random }) };
  const actions = createActions({ ...shared, catalog, store, digest, timer, newAbortController: () => new AbortController(), workflows, maxBulkIds: 12 });
  await actions.workflows.open();
  const handler = createRest({ ...shared, actions, authenticate, maxBodyBytes: 20_000, cors: { origins: ["https://app.example"] } });
  return { handler, failures, close: () => actions.workflows.close() };
}

/** Northwind with a few of its orders, products and customers. */
export const northwindWorlds: WorldMaker = createWorldMaker("Northwind", northwind, readFew());

const THINGS: readonly ThingRecord[] = [1, 2, 3, 4, 42].map((id) => ({ id, name: `Thing ${id}`, count: id % 3, hidden: "secret" }));

/** The catalog of every type. */
export const everyTypeWorlds: WorldMaker = createWorldMaker("every type", everyType, new Map([[Thing.class, THINGS.map((thing) => ({ ...thing }))]]));

function readFew(): ReadonlyMap<string, readonly JsonObject[]> {
  const few = new Map<string, readonly JsonObject[]>();
  for (const { subject, records } of readInitialRecords()) {
    const all: readonly JsonObject[] = JSON.parse(JSON.stringify(records));
    few.set(subject.class, [...all.slice(0, 5), ...all.slice(-5)]);
  }
  return few;
}

function createWorldMaker(name: string, catalog: Catalog, records: ReadonlyMap<string, readonly JsonObject[]>): WorldMaker {
  const changes = [...records].flatMap(([collection, values]) =>
    values.map((value): Change => ({ kind: "put", collection, id: String(value["id"]), basedOn: 0, value })),
  );
  const subjects = Object.fromEntries([...records].map(([collection, values]) => [collection, values.map(({ id }) => String(id))]));
  return { name, subjects, open: () => openWorld(catalog, changes) };
}
