import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Listen, PostgresStore } from "../../src/adapters/postgres/index.ts";
import { startCluster, type Cluster } from "./cluster.ts";
import { entryOf, put } from "./stores.ts";

let cluster: Cluster;
const ends: (() => Promise<unknown>)[] = [];

before(async () => {
  cluster = await startCluster();
  process.env["DATABASE_URL"] = cluster.url();
});

after(async () => {
  for (const end of ends.reverse()) await end();
  await cluster?.remove();
});

/** A file of the page, as it stands there. */
async function load<T>(name: string): Promise<T> {
  const loaded: T = await import(`./dist/${name}.ts`);
  return loaded;
}

for (const name of ["store-on-pg", "store-on-postgres-js", "store-on-pglite"]) {
  test(`${name} of the page keeps records and entries, and ends its connections`, async () => {
    const { store } = await load<{ readonly store: PostgresStore }>(name);
    await store.migrate();
    await store.open();
    assert.equal((await store.commit([put(name)], [entryOf(1)])).committed, true);
    assert.deepEqual((await store.read("things", [name])).map((record) => record?.id), [name]);
    await store.close();
    await assert.rejects(async () => store.read("things", [name]), { name: "PostgresStoreError" });
  });
}

for (const name of ["listen-on-pg", "listen-on-postgres-js"]) {
  test(`${name} of the page hears, also when its connection has been broken`, async () => {
    const { listen } = await load<{ readonly listen: Listen }>(name);
    const heard: (string | null)[] = [];
    let wake = (): void => undefined;
    const stop = await listen(name, (payload) => {
      heard.push(payload);
      wake();
    });
    ends.push(async () => stop());
    const hear = async (wanted: string | null) => {
      while (!heard.includes(wanted)) await new Promise<void>((resolve) => (wake = resolve));
    };
    cluster.psql(`select pg_notify('${name}', 'one')`);
    await hear("one");
    heard.length = 0;
    cluster.psql(`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %${name}%' and pid <> pg_backend_pid()`);
    await hear(null);
    cluster.psql(`select pg_notify('${name}', 'two')`);
    await hear("two");
  });
}
