import { after, before, test } from "node:test";
import { createPostgresStore } from "../../src/adapters/postgres/index.ts";
import { testRecordStore, type DeclareTest } from "../../src/app/testing/index.ts";
import { startCluster, startPgBouncer, type Cluster } from "./cluster.ts";
import { connectPg, connectPGlite, connectPostgresJs, type Connect, type Connected } from "./drivers.ts";

let cluster: Cluster;
let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
const opened: Connected[] = [];

before(async () => {
  // A schema for each test: what makes it need not wait for the disk. Commits do for all that.
  cluster = await startCluster({ settings: { synchronous_commit: "off" } });
  bouncer = await startPgBouncer(cluster);
});

after(async () => {
  for (const each of opened) await each.end();
  await bouncer?.remove();
  await cluster?.remove();
});

/** One connection pool for all tests of a driver, and a schema for each test. */
function runOn(name: string, connect: () => Connected, declare: DeclareTest = test): void {
  let connected: Connected | undefined;
  let schemas = 0;
  testRecordStore({
    name,
    test: declare,
    async open(clock) {
      if (connected === undefined) opened.push((connected = connect()));
      const { query } = connected;
      const schema = `on_${name.replace(/\W/g, "_").toLowerCase()}_${schemas++}`;
      const store = createPostgresStore({ query, clock, schema });
      await store.migrate();
      await store.open();
      return { store, close: () => store.close() };
    },
  });
}

const through = (connect: Connect, url: () => string) => () => connect(url());

/** PGlite is one connection in this process: there is nothing to show of commits at the same time, and it is slow. */
const declareSequential: DeclareTest = (sentence, run) => (/ concurrent /.test(sentence) ? undefined : test(sentence, run));

runOn("pg", through(connectPg, () => cluster.url()));
runOn("postgres.js", through(connectPostgresJs, () => cluster.url()));
runOn("pg behind PgBouncer", through(connectPg, () => bouncer.url("postgres")));
runOn("PGlite", connectPGlite, declareSequential);
