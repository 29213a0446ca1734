import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DBOS } from "@dbos-inc/dbos-sdk";
import pg from "pg";
import { dbosWorkflows, prepareDbos } from "../../src/adapters/dbos/index.ts";
import { createNodeTimer } from "../../src/adapters/node-timer/index.ts";
import { createPostgresStore } from "../../src/adapters/postgres/index.ts";
import { testWorkflowEngine, type EngineTime } from "../../src/app/testing/contracts/workflow-engine.ts";
import { startCluster, type Cluster } from "../postgres/cluster.ts";

let cluster: Cluster;
let pool: pg.Pool;

before(async () => {
  cluster = await startCluster();
  pool = new pg.Pool({ connectionString: cluster.url(), max: 10 });
  pool.on("error", () => undefined);
  // What is registered with DBOS is registered before it is launched; the engines of all rows share that.
  dbosWorkflows({ dbos: DBOS, timer: createNodeTimer({ clock: Date.now }), random: Math.random });
  DBOS.setConfig({ name: "contract", systemDatabaseUrl: cluster.url(), logLevel: "error" });
  await DBOS.launch();
});

after(async () => {
  await DBOS.shutdown();
  await pool?.end();
  await cluster?.remove();
});

const query = async (text: string, values: string[]) => (await pool.query<Record<string, unknown>>(text, values)).rows;

test("The engine on DBOS Transact does all that the contract says", async (t) => {
  const rows: (readonly [sentence: string, run: () => Promise<void>])[] = [];
  const schemas = new Map<EngineTime, string>();
  testWorkflowEngine({
    name: "DBOS, on PostgreSQL",
    test: (sentence, run) => void rows.push([sentence, run]),
    create: (time) => dbosWorkflows({ dbos: DBOS, timer: time.timer, random: Math.random, schema: schemas.get(time) ?? "none", pollMs: 50 }),
    async openStore(time) {
      const schema = `engine_${schemas.size + 1}`;
      schemas.set(time, schema);
      const store = createPostgresStore({ query, clock: time.clock, schema });
      await store.migrate();
      await prepareDbos({ query, schema });
      await store.open();
      return { store, close: () => store.close() };
    },
    durable: true,
    realTime: true,
  });
  assert.equal(rows.length, 15);
  // At once, since most of a row is waiting.
  await Promise.all(rows.map(([sentence, run]) => t.test(sentence, { concurrency: true }, run)));
});
