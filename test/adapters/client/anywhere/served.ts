import { randomUUID } from "node:crypto";
import { embeddedWorkflows } from "../../../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../../src/adapters/memory/index.ts";
import { startServer, type RunningServer } from "../../../../src/adapters/node-http/index.ts";
import { createNodeTimer } from "../../../../src/adapters/node-timer/index.ts";
import { createRest } from "../../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, type ApiOf } from "../../../../src/domain/index.ts";
import { add, Counter } from "../counters.ts";

const catalog = createCatalog({ subjects: [Counter], actions: [add] });

/** What the server can be called for. */
export type AnywhereApi = ApiOf<typeof catalog>;

/** Lets everybody in who says it. */
export const TOKEN = "counting";

/** Three counters at 0 behind the whole API, for pages of these origins too. */
export async function serveCounters(origins: readonly string[] = []): Promise<RunningServer> {
  const shared = { clock: Date.now, newId: randomUUID, observe: () => undefined };
  const timer = createNodeTimer(shared);
  const store = createMemoryStore(shared);
  await store.commit([1, 2, 3].map((id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0 } })));
  const actions = createActions({ ...shared, catalog, store, timer, workflows: { engine: embeddedWorkflows({ timer, random: Math.random }) } });
  await actions.workflows.open();
  const identity = createIdentity({ kind: "client", id: "anybody", permissions: ["view_audit"] });
  const handler = createRest({ ...shared, actions, timer, cors: { origins }, authenticate: (token) => (token === TOKEN ? { authenticated: true, identity } : { authenticated: false, reason: "invalid_token" }) });
  const server = await startServer({ ...shared, port: 0, createHandler: () => handler });
  return { ...server, close: async () => void (await Promise.all([actions.workflows.close(), server.close()])) };
}
