import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { createPostgresStore, PostgresStoreError, type PostgresStoreOptions } from "../../src/adapters/postgres/index.ts";
import { PASSWORD, startCluster, type Cluster } from "./cluster.ts";
import { connectPg, type Connected } from "./drivers.ts";
import { serveCounters, type Served } from "./served.ts";
import { readTrail, put, entryOf } from "./stores.ts";

let cluster: Cluster;
const ends: (() => Promise<unknown>)[] = [];

before(async () => {
  cluster = await startCluster();
  await createPostgresStore({ query: connect(cluster.url()).query }).migrate();
});

after(async () => {
  for (const end of ends.reverse()) await end();
  await cluster?.remove();
});

function connect(url: string): Connected {
  const connected = connectPg(url, { connectionTimeoutMillis: 3000 });
  ends.push(() => connected.end());
  return connected;
}

/** The URL of a new role with no rights at all, or with all of them and a setting. */
function createRole(name: string, setting?: string): string {
  cluster.psql(`create role ${name} login password '${PASSWORD}' ${setting === undefined ? "" : "superuser"}`);
  if (setting !== undefined) cluster.psql(`alter role ${name} set ${setting}`);
  return cluster.url("postgres", name);
}

/** Why a store does not open: code and sentence. */
async function whyNot(url: string, options: Partial<PostgresStoreOptions> = {}, work: "open" | "migrate" | "ready" = "open"): Promise<readonly [code: string, sentence: string]> {
  const { query } = connect(url);
  try {
    await createPostgresStore({ query, ...options })[work]();
  } catch (error) {
    if (error instanceof PostgresStoreError) return [error.code, error.message];
    throw error;
  }
  assert.fail(`it could ${work}`);
}

const UNREACHABLE = ["unreachable", "PostgreSQL cannot be reached. See that it runs, and that host and port are right."];
const NO_RIGHT = ["no_access", "The role lacks a right in PostgreSQL. Let the role that serves own the schema, or grant it what docs/postgres.md lists."];

test("a URL that is none, an address where nobody listens and a host that is not there are sentences", async () => {
  assert.deepEqual(await whyNot("postgres://owner:secret@[host/postgres"), ["no_access", "The URL of the database is none. Write it as postgres://user:password@host:5432/database, with what is special in the password percent-encoded."]);
  assert.deepEqual(await whyNot("postgres://owner:x@127.0.0.1:1/postgres"), UNREACHABLE);
  assert.deepEqual(await whyNot("postgres://owner:x@nowhere.invalid/postgres"), UNREACHABLE);
});

test("a wrong password, an unknown role and an unknown database are sentences", async () => {
  const password = ["no_access", "PostgreSQL does not accept the password of this role. See that user and password are right."];
  assert.deepEqual(await whyNot(cluster.url().replace(PASSWORD, "wrong")), password);
  assert.deepEqual(await whyNot(cluster.url("postgres", "stranger")), password);
  assert.deepEqual(await whyNot(cluster.url("nothing")), ["no_access", "There is no such database. Create it with `createdb`, or name another."]);
});

test("a schema that nobody has made is a sentence, and so is a table that is missing", async () => {
  assert.deepEqual(await whyNot(cluster.url(), { schema: "unmade" }), ["schema_missing", 'The schema "unmade" in the database "postgres" is not there. Run `actionport postgres migrate` as a role that may.']);
  assert.deepEqual(await whyNot(cluster.url(), { schema: "unmade" }, "ready"), ["schema_missing", 'The schema "unmade" in the database "postgres" is not there. Run `actionport postgres migrate` as a role that may.']);
  const store = createPostgresStore({ query: connect(cluster.url()).query, schema: "unmade" });
  await assert.rejects(async () => store.read("things", ["one"]), { code: "schema_missing" });
  await assert.rejects(async () => store.commit([put("one")]), { code: "schema_missing" });
});

test("a role without rights is a sentence, and with those that the documentation lists it serves", async () => {
  const url = createRole("clerk");
  assert.deepEqual(await whyNot(url), NO_RIGHT);
  assert.deepEqual(await whyNot(url, { schema: "own" }, "migrate"), NO_RIGHT);
  const grants: readonly string[] = JSON.parse(readFileSync(join(import.meta.dirname, "dist/grants.json"), "utf8"));
  assert.equal(grants.length, 3);
  for (const grant of grants) cluster.psql(grant);
  const store = createPostgresStore({ query: connect(url).query });
  await store.open();
  assert.equal((await store.commit([put("clerk")], [entryOf(1)])).committed, true);
  assert.equal((await store.trail({ limit: 9 })).entries.length, 1);
  await store.close();
});

test("settings that rule a database out are sentences, and no commit is made with them", async () => {
  for (const [url, sentence] of [
    [createRole("serial", "default_transaction_isolation = 'serializable'"), "Transactions have to be `read committed`; set default_transaction_isolation so for this role."],
    [createRole("reader", "default_transaction_read_only = on"), "PostgreSQL only lets this role read; set default_transaction_read_only to off for it."],
  ] as const) {
    assert.deepEqual(await whyNot(url), ["unsuitable", sentence]);
    await assert.rejects(async () => createPostgresStore({ query: connect(url).query }).commit([put("one")]), { code: "unsuitable" });
  }
  cluster.psql("create database ascii encoding 'SQL_ASCII' template template0");
  assert.deepEqual(await whyNot(cluster.url("ascii")), ["unsuitable", "The database does not have the encoding UTF8; create one with `createdb --encoding=UTF8 --template=template0`."]);
});

const UNAVAILABLE = { status: 503, retryAfter: "1", body: { success: false, message: "The service is not available right now. Try again later.", code: "unavailable" } };

async function countOf(served: Served): Promise<unknown> {
  return (await served.call("POST", "actions/look/execute/1")).body;
}

test("a statement that takes longer than statement_timeout is 503 with Retry-After, nothing of it is kept, and it goes on by itself", async () => {
  cluster.psql("create database slow");
  cluster.psql("alter database slow set statement_timeout = '200ms'");
  const served = await serveCounters(connect(cluster.url("slow")).query);
  const holder = new pg.Client(cluster.url("slow"));
  await holder.connect();
  await holder.query("begin; select from actionport.records where collection = 'shop.Counter' for update");
  assert.deepEqual(await served.call("POST", "actions/count/execute/1"), UNAVAILABLE);
  await holder.query("rollback");
  assert.equal((await served.call("POST", "actions/count/execute/1")).status, 200);
  assert.deepEqual(await countOf(served), { success: true, message: "1" });
  assert.deepEqual(served.observed.filter(({ event }) => event === "store_unavailable").map(({ error }) => error instanceof PostgresStoreError && error.code), ["timed_out"]);
  await holder.end();
  await served.stop();
});

test("while PostgreSQL is down calls are 503 with Retry-After, and they go on when it is back", async () => {
  cluster.psql("create database down");
  const { query } = connect(cluster.url("down"));
  const served = await serveCounters(query, { timeoutMs: 1000 });
  const store = createPostgresStore({ query });
  await store.ready();
  await cluster.crash();
  assert.deepEqual(await served.call("POST", "actions/count/execute/1"), { ...UNAVAILABLE, retryAfter: "5" }, "whose token it is cannot be seen");
  assert.deepEqual(await served.call("GET", "actions"), { ...UNAVAILABLE, retryAfter: "5" });
  await assert.rejects(() => store.ready(), { code: "unreachable" });
  await cluster.start();
  await store.ready();
  assert.equal((await served.call("POST", "actions/count/execute/1")).status, 200);
  assert.deepEqual(await countOf(served), { success: true, message: "1" });
  await served.stop();
});

test("when the disk of PostgreSQL is full calls are 503, and nothing that was acknowledged is lost", async (context) => {
  const disk = mkdtempSync(join(tmpdir(), "actionport-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=120m,mode=700", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    rmSync(disk, { recursive: true });
    return context.skip("a small disk can only be mounted by root");
  }
  const small = await startCluster({ dataDirectory: disk, settings: { max_wal_size: "32MB", min_wal_size: "32MB", wal_level: "minimal", max_wal_senders: "0" } });
  const connected = connectPg(small.url(), { connectionTimeoutMillis: 2000 });
  try {
    const served = await serveCounters(connected.query, { timeoutMs: 2000 });
    const store = createPostgresStore({ query: connected.query, timeoutMs: 2000 });
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - 3 * 1024 * 1024)));
    let acknowledged = 0;
    const failure = await (async () => {
      try {
        for (;; acknowledged++) await store.commit([put(String(acknowledged), 0, { filler: randomBytes(100_000).toString("base64") })], [entryOf(acknowledged)]);
      } catch (error) {
        return error;
      }
    })();
    assert.ok(failure instanceof PostgresStoreError && ["full", "outcome_unknown", "unreachable"].includes(failure.code), String(failure));
    const refused = await served.call("POST", "actions/count/execute/1");
    if (failure.code !== "full") assert.deepEqual(refused, UNAVAILABLE);
    rmSync(join(disk, "filler"));
    await small.crash();
    await small.start();
    const kept = await readTrail(store);
    assert.ok(kept.length >= acknowledged && kept.length <= acknowledged + 2, `${acknowledged} acknowledged, ${kept.length} kept`);
    assert.equal((await store.list("things", { limit: 1000 })).records.length >= acknowledged, true);
    assert.equal((await served.call("POST", "actions/count/execute/2")).status, 200);
    await served.stop();
  } finally {
    await connected.end();
    await small.remove();
    execFileSync("umount", [disk]);
    rmSync(disk, { recursive: true });
  }
});
