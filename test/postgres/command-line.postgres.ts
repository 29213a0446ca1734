import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import { openFileStore } from "../../src/adapters/file/index.ts";
import { createPostgresStore } from "../../src/adapters/postgres/index.ts";
import { testWholeStore } from "../contracts/whole-store.ts";
import { startCluster, type Cluster } from "./cluster.ts";
import { connectPg, type Connected } from "./drivers.ts";
import { entryOf, FAR } from "./stores.ts";

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

let schemas = 0;
testWholeStore({
  name: "PostgreSQL",
  test,
  async open(clock) {
    const store = createPostgresStore({ query: connected.query, clock, schema: `whole_${schemas++}` });
    await store.migrate();
    await store.open();
    return { store, close: () => store.close() };
  },
});

/** Types a command where the driver is installed; the URL is in a variable, never in an argument. */
function type(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const main = ["--import", "tsx", resolve("../../src/app/cli/main.ts"), ...words];
  return new Promise((done) => {
    execFile(process.execPath, main, { env: { ...process.env, DATABASE_URL: cluster.url() } }, (error, out, err) => done({ code: typeof error?.code === "number" ? error.code : 0, out, err }));
  });
}

async function makeStore(context: TestContext): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "actionport-copy-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const store = await openFileStore({ directory: join(directory, "one", "store"), clock: Date.now });
  for (let n = 0; n < 700; n++) {
    const id = String.fromCharCode(0xd7f0 + (n % 40)) + n;
    const expiring = n % 5 === 0 ? { expiresAt: FAR + n } : {};
    await store.commit([{ kind: "put", collection: n % 2 === 0 ? "b.Things" : "a", id, basedOn: 0, value: { n, text: "ö\u0000".repeat(n % 9) }, ...expiring }], [entryOf(n)]);
  }
  await store.durable();
  await store.close();
  return directory;
}

test("A data directory is copied into PostgreSQL and back, and each record and entry is the same", async (context) => {
  const directory = await makeStore(context);
  const database = "env:DATABASE_URL";
  const early = await type("store", "copy", "--from", join(directory, "one"), "--to", database);
  assert.equal(early.code, 1);
  assert.match(early.err, /is not there\. Run `actionport postgres migrate` as a role that may\./);
  assert.equal((await type("postgres", "status", "--json")).code, 1);
  assert.deepEqual(await type("postgres", "migrate", database, "--json"), { code: 0, out: '{"success":true,"schema":"actionport","schema_version":1}\n', err: "" });
  const status = await type("postgres", "status", "--json");
  assert.deepEqual([status.code, JSON.parse(status.out).schema_version], [0, 1]);
  const there = await type("store", "copy", "--from", join(directory, "one"), "--to", database, "--json");
  assert.deepEqual(there, { code: 0, out: '{"success":true,"records":700,"entries":700}\n', err: "" });
  const again = await type("store", "copy", "--from", join(directory, "one"), "--to", database);
  assert.deepEqual([again.code, again.err], [1, "The destination has data already; copy into an empty one.\n"]);
  const checked = await type("store", "check", database, "--json");
  assert.deepEqual(JSON.parse(checked.out), { success: true, collections: { a: 350, "b.Things": 350 }, entries: 700 });
  const back = await type("store", "copy", "--from", database, "--to", join(directory, "two"), "--json");
  assert.deepEqual(back, there);
});

test("A password in an argument, and a database that is not there, are told", async () => {
  const [password, unreachable, nothing] = await Promise.all([
    type("postgres", "status", cluster.url()),
    type("postgres", "status", "postgres://owner@127.0.0.1:1/postgres"),
    type("postgres", "status", "env:NOT_SET"),
  ]);
  assert.equal(password.code, 2);
  assert.match(password.err, /^A password in an argument can be read by every user of this machine\./);
  assert.equal(unreachable.code, 4);
  assert.match(unreachable.err, /^PostgreSQL cannot be reached\./);
  assert.deepEqual([nothing.code, nothing.err], [2, "The variable NOT_SET has no URL of a database, such as postgres://user:password@host/database.\n"]);
});
