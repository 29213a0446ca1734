import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { embeddedWorkflows } from "../../src/adapters/embedded-workflows/index.ts";
import { createPostgresStore } from "../../src/adapters/postgres/index.ts";
import { testWorkflowEngine } from "../../src/app/testing/contracts/workflow-engine.ts";
import { startCluster, type Cluster } from "./cluster.ts";
import { connectPg, type Connected } from "./drivers.ts";

let cluster: Cluster;
let connected: Connected;

before(async () => {
  cluster = await startCluster();
  connected = connectPg(cluster.url());
});

after(async () => {
  await connected?.end();
  await cluster?.remove();
});

test("The embedded engine does on PostgreSQL all that the contract says", async (t) => {
  const rows: (readonly [sentence: string, run: () => Promise<void>])[] = [];
  let schemas = 0;
  testWorkflowEngine({
    name: "embedded, on PostgreSQL",
    test: (sentence, run) => void rows.push([sentence, run]),
    create: ({ timer }) => embeddedWorkflows({ timer, random: Math.random }),
    async openStore({ clock }) {
      const store = createPostgresStore({ query: connected.query, clock, schema: `engine_${++schemas}` });
      await store.migrate();
      await store.open();
      return { store, close: () => store.close() };
    },
    durable: true,
    realTime: true,
  });
  // At once, since most of a row is waiting.
  assert.equal(rows.length, 15);
  await Promise.all(rows.map(([sentence, run]) => t.test(sentence, { concurrency: true }, run)));
});
