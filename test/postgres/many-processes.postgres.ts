import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import pg from "pg";
import { createPostgresStore, type Listen, type PostgresStore } from "../../src/adapters/postgres/index.ts";
import { createActions, createIdentity, type Change, type KeptEntry } from "../../src/domain/index.ts";
import { ABSENT } from "../../src/domain/ports.ts";
import { startCluster, startPgBouncer, type Cluster } from "./cluster.ts";
import { connectPg, type Connected } from "./drivers.ts";
import { Counter, counting, serveCounters } from "./served.ts";
import { countOf, entryOf, put, readTrail, versionOf } from "./stores.ts";

let cluster: Cluster;
let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
const ends: (() => Promise<unknown>)[] = [];

before(async () => {
  cluster = await startCluster();
  bouncer = await startPgBouncer(cluster);
});

after(async () => {
  for (const end of ends.reverse()) await end();
  await bouncer?.remove();
  await cluster?.remove();
});

function connect(url = cluster.url()): Connected {
  const connected = connectPg(url);
  ends.push(() => connected.end());
  return connected;
}

/** As many stores as there would be processes, each with connections of its own. */
async function openStores(schema: string, count: number, listen?: Listen): Promise<readonly PostgresStore[]> {
  const stores = Array.from({ length: count }, () => createPostgresStore({ query: connect().query, schema, ...(listen === undefined ? {} : { listen }) }));
  await stores[0]?.migrate();
  for (const store of stores) {
    await store.open();
    ends.push(() => store.close());
  }
  return stores;
}

test("ten processes that migrate at once, through PgBouncer, make one schema, and once more changes nothing", async () => {
  const stores = Array.from({ length: 10 }, () => createPostgresStore({ query: connect(bouncer.url("postgres")).query, schema: "at_once" }));
  await Promise.all(stores.map((store) => store.migrate()));
  await Promise.all(stores.map((store) => store.ready()));
  await stores[0]?.commit([put("one")]);
  await Promise.all(stores.map((store) => store.migrate()));
  assert.equal((await stores[9]?.list("things", { limit: 2 }))?.records.length, 1);
  const status = await stores[0]?.status();
  assert.deepEqual({ ...status, server: "" }, { server: "", database: "postgres", role: "owner", schema: "at_once", schemaVersion: 1, neededVersion: 1, faults: [], warnings: [], lastEntry: "0" });
});

test("a schema of a later release is refused and left as it is, and one of somebody else too", async () => {
  const store = createPostgresStore({ query: connect().query, schema: "later" });
  await store.migrate();
  cluster.psql("update later.state set schema_version = 2");
  const message = 'The schema "later" in the database "postgres" has version 2, which is later than 1, the one of this release. Run the release that made it, or a later one.';
  await assert.rejects(() => store.open(), { code: "schema_newer", message });
  await assert.rejects(() => store.ready(), { code: "schema_newer", message });
  await assert.rejects(() => store.migrate(), { code: "schema_newer", message: "The schema was made by a later release, and was left as it is. Run that release, or a later one." });
  assert.equal((await store.status()).schemaVersion, 2);
  cluster.psql("create schema theirs; create table theirs.orders ()");
  await assert.rejects(() => createPostgresStore({ query: connect().query, schema: "theirs" }).migrate(), { code: "unsuitable", message: /^The schema has tables of somebody else, and was left as it is\./ });
});

test("whoever follows the trail while many commit misses no entry, whatever numbers are left out", async () => {
  const stores = await openStores("followed", 3);
  const [follower = assert.fail()] = stores;
  const { query } = connect();
  const writers = 24;
  const each = 25;
  const followed: KeptEntry[] = [];
  const writing = Promise.all(Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; n < each; n++) {
      await stores[writer % 3]?.commit([put(`${writer}-${n}`)], [entryOf(writer * 1000 + n), entryOf(writer * 1000 + n + 0.5)]);
      if (n % 5 === 0) await query("select nextval('followed.number')", []);
    }
  }));
  let isOver = false;
  void writing.finally(() => (isOver = true));
  for (let rounds = 0; followed.length < writers * each * 2; ) {
    const { entries, lost } = await follower.trail({ after: followed.at(-1)?.id ?? "0", limit: 50 });
    assert.equal(lost, undefined);
    followed.push(...entries);
    if (isOver && entries.length === 0) assert.ok(rounds++ < 2, `only ${followed.length} entries came`);
  }
  await writing;
  assert.deepEqual(followed, await readTrail(follower));
  const ids = followed.map(({ id }) => id);
  assert.deepEqual([...new Set(ids)].sort(), ids);
  for (let writer = 0; writer < writers; writer++) {
    const own = followed.map(({ value }) => Number(value["n"])).filter((n) => Math.floor(n / 1000) === writer);
    assert.deepEqual(own, [...own].sort((a, b) => a - b), "what one writer did comes in its order");
    assert.equal(own.length, 2 * each);
  }
});

test("an entry whose commit has been answered is on the next page, though an earlier number is still under way", async () => {
  const [store = assert.fail()] = await openStores("pending", 1);
  const held = new pg.Client(cluster.url());
  await held.connect();
  const lock = (await held.query<{ lock: string }>("select substring(pg_get_functiondef('pending.settled_head'::regproc) from 'classid = (\\d+)') lock")).rows[0]?.lock;
  await held.query("begin");
  await held.query(`select pg_advisory_xact_lock_shared(${lock}, 2), nextval('pending.number')`);
  await store.commit([], [entryOf(2)]);
  const reading = Promise.resolve(store.trail({ limit: 9 }));
  assert.equal((await store.trail({ limit: 9, order: "descending" })).entries.length, 1, "downwards nobody waits");
  await held.query("insert into pending.trail values (1, 1, null, 1, 4e12, 'count', null, null, 'somebody', '{\"n\":1}')");
  await held.query("commit");
  assert.deepEqual((await reading).entries.map(({ value }) => value["n"]), [1, 2]);
  await held.end();
});

test("of two commits that each rely on the absence of what the other makes, one conflicts", async () => {
  const stores = await openStores("absence", 2);
  const check = (id: string): Change => ({ kind: "check", collection: "things", id, basedOn: ABSENT });
  for (let round = 0; round < 40; round++) {
    const [a, b] = [`a${round}`, `b${round}`];
    const results = await Promise.all([stores[0]?.commit([check(a), put(b)]), stores[1]?.commit([put(a), check(b)])]);
    assert.equal(results.filter((result) => result?.committed).length, 1, `round ${round}`);
  }
});

test("the same record made by two processes at once is made once", async () => {
  const stores = await openStores("made", 3);
  for (let round = 0; round < 30; round++) {
    const id = `same-${round}`;
    const results = await Promise.all(stores.map(async (store, n) => store.commit([put(`own-${n}-${round}`), put(id, ABSENT, { n })], [entryOf(n)])));
    const winners = results.flatMap((result, n) => (result.committed ? [n] : []));
    assert.equal(winners.length, 1);
    assert.deepEqual(results.filter(({ committed }) => !committed), [0, 1].map(() => ({ committed: false, conflicts: [{ collection: "things", id }] })));
    const records = await stores[0]?.read("things", [id, ...[0, 1, 2].map((n) => `own-${n}-${round}`)]);
    assert.deepEqual(records?.map((record) => record !== undefined), [true, ...[0, 1, 2].map((n) => n === winners[0])]);
  }
  assert.equal((await readTrail(stores[0] ?? assert.fail())).length, 30);
});

test("the same idempotency key sent to two processes at once takes effect once, and both get the same answer", async () => {
  const stores = await openStores("keys", 2);
  const identity = createIdentity({ kind: "client", id: "shop", permissions: ["count"] });
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const processes = stores.map((store) => createActions({ catalog: counting, store, clock: Date.now, newId: randomUUID, digest, observe: () => undefined }));
  await stores[0]?.commit([{ kind: "put", collection: Counter.class, id: "1", basedOn: ABSENT, value: { id: 1, count: 0 } }]);
  for (let round = 1; round <= 20; round++) {
    const call = { key: "count", subject: "1", identity, idempotencyKey: `round-${round}` };
    const answers = await Promise.all(processes.map((actions) => actions.execute(call)));
    for (const answer of answers) assert.equal(answer.kind === "data" && answer.data["count"], round);
    assert.equal(answers.filter((answer) => "replayed" in answer).length, 1, "the other is told what the first was");
  }
  assert.equal((await readTrail(stores[0] ?? assert.fail())).length, 20);
});

test("a permission that is taken away in one process counts at the next call in every other, for tokens that are out", async () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const variables = { ACTIONPORT_ISSUER: "https://counters.example.com", ACTIONPORT_SIGNING_KEY: String(privateKey.export({ format: "pem", type: "pkcs8" })) };
  const one = await serveCounters(connect().query, { schema: "rights" }, { variables });
  const two = await serveCounters(connect().query, { schema: "rights" }, { variables, token: one.token });
  ends.push(() => one.stop(), () => two.stop());
  for (const served of [one, two]) assert.equal((await served.call("POST", "actions/count/execute/1")).status, 200);
  const [client = assert.fail()] = await one.application.authorization.clients.list();
  await one.application.authorization.clients.update(client.client_id, { permissions: ["view_audit"] });
  assert.equal((await two.call("POST", "actions/count/execute/1")).status, 403);
  await two.application.authorization.clients.disable(client.client_id);
  assert.equal((await one.call("GET", "audit")).status, 401);
});

test("transfers between accounts, named in any order by three processes, neither lose money nor lock up", async () => {
  const stores = await openStores("accounts", 3);
  const accounts = Array.from({ length: 8 }, (_, n) => `account-${n}`);
  await stores[0]?.commit(accounts.map((id) => put(id, ABSENT, { n: 100 })));
  const transfer = async (store: PostgresStore, from: string, to: string): Promise<void> => {
    for (;;) {
      const [one, two] = await store.read("things", [from, to]);
      if (one === undefined || two === undefined) assert.fail();
      const changes = [put(from, one.version, { n: Number(one.value["n"]) - 1 }), put(to, two.version, { n: Number(two.value["n"]) + 1 })];
      if ((await store.commit(changes)).committed) return;
    }
  };
  await Promise.all(Array.from({ length: 120 }, (_, n) => transfer(stores[n % 3] ?? assert.fail(), `account-${n % 8}`, `account-${(n + 1 + (n % 7)) % 8}`)));
  let total = 0;
  for (const id of accounts) total += await countOf(stores[1] ?? assert.fail(), id);
  assert.equal(total, 800);
});

test("a commit of more new records than PostgreSQL has locks for is kept whole", async () => {
  const [store = assert.fail()] = await openStores("large", 1);
  const changes = Array.from({ length: 12_000 }, (_, n) => put(String(n), ABSENT, { n }));
  const result = await store.commit(changes, Array.from({ length: 12_000 }, (_, n) => entryOf(n)));
  assert.equal(result.committed, true);
  assert.equal(await countOf(store, "11999"), 11_999);
  assert.equal((await store.trail({ limit: 1, order: "descending" })).entries[0]?.id, "0000000000012000");
});

test("what has expired is removed in batches, whichever process does it, and the latest entry stays", async () => {
  const time = { now: 1000 };
  const stores = [0, 1].map(() => createPostgresStore({ query: connect().query, schema: "swept", clock: () => time.now, sweepEveryMs: 100 }));
  const [store = assert.fail()] = stores;
  await store.migrate();
  await store.commit([put("stays"), ...Array.from({ length: 2500 }, (_, n): Change => ({ kind: "put", collection: "things", id: `goes-${n}`, basedOn: ABSENT, value: {}, expiresAt: 2000 }))]);
  await store.commit([], Array.from({ length: 2500 }, (_, n) => entryOf(n, 2000)));
  time.now = 2000;
  for (const each of stores) await each.open();
  const counted = () => cluster.psql("select (select count(*) from swept.records) || ' ' || (select count(*) from swept.trail) || ' ' || (select swept from swept.state)");
  while (counted() !== "1 1 2499") await new Promise((resolve) => setTimeout(resolve, 20));
  for (const each of stores) await each.close();
  await store.commit([], [entryOf(7)]);
  assert.deepEqual(await store.trail({ after: "0000000000000100", limit: 5 }), { entries: [], next: null, lost: true });
  assert.deepEqual((await store.trail({ after: "0000000000002500", limit: 5 })).entries.map(({ value }) => value), [{ n: 7 }]);
  assert.equal(await versionOf(store, "stays") > 0, true);
});

test("whoever listens hears which collections have changed, and what others commit", async () => {
  const listen: Listen = async (channel, heard) => {
    const client = new pg.Client(cluster.url());
    await client.connect();
    client.on("notification", ({ payload }) => heard(payload ?? null));
    await client.query(`listen "${channel}"`);
    return () => client.end();
  };
  const [one = assert.fail(), two = assert.fail()] = await openStores("heard", 2, listen);
  const heard = new Promise<readonly string[] | null>((resolve) => void two.watch(resolve));
  await one.commit([put("one"), { kind: "put", collection: "others", id: "one", basedOn: ABSENT, value: {} }], [entryOf(1)]);
  assert.deepEqual([...((await heard) ?? [])].sort(), ["others", "things", "trail"]);
});
