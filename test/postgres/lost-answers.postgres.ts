import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";
import { createPostgresStore, PostgresStoreError, type Query } from "../../src/adapters/postgres/index.ts";
import { startCluster, type Cluster } from "./cluster.ts";
import { connectPg, type Connected } from "./drivers.ts";
import { countOf, entryOf, put, readTrail, versionOf } from "./stores.ts";

let cluster: Cluster;
let connected: Connected;

before(async () => {
  cluster = await startCluster();
  connected = connectPg(cluster.url(), { connectionTimeoutMillis: 2000 });
});

after(async () => {
  await connected?.end();
  await cluster?.remove();
});

/** A store whose commits go through this. */
async function openStore(schema: string, commit: (run: () => ReturnType<Query>) => ReturnType<Query>) {
  const { query } = connected;
  const store = createPostgresStore({ schema, timeoutMs: 20_000, query: (text, values) => (isCommit(text) ? commit(() => query(text, values)) : query(text, values)) });
  await store.migrate();
  await store.open();
  return store;
}

function isCommit(text: string): boolean {
  return /^select \S+\.commit\(/.test(text);
}

const reset = (): never => {
  throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
};

for (const [what, entries] of [["with an entry", [entryOf(1)]], ["without one", []]] as const) {
  test(`a commit ${what} whose answer was lost behind it is found, and happens once`, async () => {
    let sent = 0;
    const store = await openStore(`behind_${entries.length}`, async (run) => {
      sent++;
      await run();
      return reset();
    });
    const result = await store.commit([put("one", 0, { n: 1 })], entries);
    assert.deepEqual([result.committed, sent], [true, 1]);
    assert.equal(result.committed && result.version, await versionOf(store, "one"));
    assert.equal((await readTrail(store)).length, entries.length);
    await store.close();
  });
}

test("a commit that comes when it has been given up does nothing any more, and the one that was sent for it counts", async () => {
  const late: (() => ReturnType<Query>)[] = [];
  const store = await openStore("late", async (run) => {
    if (late.length > 0) return run();
    late.push(run);
    return reset();
  });
  assert.equal((await store.commit([put("one", 0, { n: 1 })], [entryOf(1)])).committed, true);
  assert.deepEqual(await late[0]?.(), [{ answer: "refused" }]);
  assert.equal((await readTrail(store)).length, 1);
  await store.close();
});

test("a commit that is still at work when its connection is lost is waited for", async () => {
  const store = await openStore("at_work", (run) => run());
  await store.commit([put("one", 0, { n: 1 })]);
  const version = await versionOf(store, "one");
  const holder = new pg.Client(cluster.url());
  await holder.connect();
  await holder.query("begin");
  await holder.query("select from at_work.records for update");
  const running: ReturnType<Query>[] = [];
  const broken = createPostgresStore({
    schema: "at_work", timeoutMs: 20_000,
    query: (text, values) => {
      if (!isCommit(text)) return connected.query(text, values);
      running.push(connected.query(text, values));
      return waitForBlocked().then(reset);
    },
  });
  const committing = Promise.resolve(broken.commit([put("one", version, { n: 2 })], [entryOf(1)]));
  await waitForBlocked("%outcome%");
  await holder.query("commit");
  assert.equal((await committing).committed, true);
  assert.equal(running.length, 1);
  assert.equal(await countOf(store, "one"), 2);
  await holder.end();
  await store.close();
});

/** Settles when a statement like this waits for a lock. */
async function waitForBlocked(like = "%commit(%"): Promise<void> {
  const { query } = connected;
  for (;;) {
    const [row] = await query("select count(*)::text blocked from pg_stat_activity where wait_event_type = 'Lock' and query like $1", [like]);
    if (row?.["blocked"] !== "0") return;
  }
}

test("when PostgreSQL crashes under load nothing that was acknowledged is lost, and nothing happens twice", async () => {
  const store = await openStore("crashed", (run) => run());
  const clients = 12;
  const acknowledged = new Array<number>(clients).fill(0);
  const unknown = new Array<number>(clients).fill(0);
  const refused = new Set<string>();
  let isOver = false;
  const clientsDone = Array.from({ length: clients }, async (_, client) => {
    const id = `counter-${client}`;
    while (!isOver) {
      try {
        const [record] = await store.read("things", [id]);
        const n = Number(record?.value["n"] ?? 0) + 1;
        if ((await store.commit([put(id, record?.version ?? 0, { n })], [entryOf(client)])).committed) acknowledged[client] = (acknowledged[client] ?? 0) + 1;
      } catch (error) {
        if (!(error instanceof PostgresStoreError)) throw error;
        if (error.code === "outcome_unknown") unknown[client] = (unknown[client] ?? 0) + 1;
        else refused.add(error.code);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  });
  const total = () => acknowledged.reduce((sum, count) => sum + count, 0);
  for (let crash = 0; crash < 3; crash++) {
    const reached = total() + 100;
    while (total() < reached) await new Promise((resolve) => setTimeout(resolve, 5));
    await cluster.crash();
    await cluster.start();
  }
  isOver = true;
  await Promise.all(clientsDone);
  const entries = await readTrail(store);
  for (let client = 0; client < clients; client++) {
    const [count, acks, open] = [await countOf(store, `counter-${client}`), acknowledged[client] ?? 0, unknown[client] ?? 0];
    assert.ok(acks <= count && count <= acks + open, `client ${client}: ${acks} acknowledged, ${open} unknown, ${count} counted`);
    assert.equal(entries.filter(({ value }) => value["n"] === client).length, count, "as many entries as changes");
  }
  assert.deepEqual([...refused].filter((code) => code !== "unreachable" && code !== "timed_out"), []);
  await store.close();
});
