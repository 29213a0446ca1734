import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createActions, createIdentity, type Observation } from "../../../src/domain/index.ts";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createNodeTimer } from "../../../src/adapters/node-timer/index.ts";
import { startCluster } from "../../postgres/cluster.ts";

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, "dist");
const TABLE = "CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL); INSERT INTO customers VALUES (1, 'Ada', 'ada@x'), (2, 'Ben', 'ben@x'), (3, 'Eve', 'eve@x')";
const OUTBOX = "CREATE TABLE outbox (id integer PRIMARY KEY, action text, subject text, params text)";

test("What the page has for SQLite works on a Node that has it", async (context) => {
  const file = join(FOLDER, `${randomUUID()}.sqlite`);
  context.after(() => rmSync(file, { force: true }));
  const node = (...args: readonly string[]) => run("npx", ["-y", "node@24", ...args], { cwd: FOLDER, env: { ...process.env, CRM_FILE: file } });
  await node("-e", `new (require("node:sqlite").DatabaseSync)(process.env.CRM_FILE).exec(${JSON.stringify(`${TABLE}; ${OUTBOX}`)})`);
  const { stdout } = await node("on-sqlite.ts");
  assert.equal(stdout, "done\n");
});

test("What the page has for PostgreSQL works: subjects are read, and a change is made once however often its step is tried", async (context) => {
  const cluster = await startCluster();
  context.after(() => cluster.remove());
  cluster.psql(`${TABLE}; CREATE TABLE applied_steps (key text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`);
  process.env["CRM_URL"] = cluster.url();
  const { pool } = await import("./dist/customers-in-postgres.ts");
  const { catalog } = await import("./dist/change-email.ts");
  const [clock, newId] = [Date.now, randomUUID];
  const timer = createNodeTimer({ clock });
  const { promise: stepFailed, resolve } = withResolvers();
  const observe = ({ event }: Observation) => void (event === "workflow_step_failed" && resolve());
  const workflows = { engine: embeddedWorkflows({ timer, random: Math.random }) };
  const actions = createActions({ catalog, store: createMemoryStore({ clock }), clock, timer, newId, observe, workflows });
  await actions.workflows.open();
  context.after(async () => {
    await actions.workflows.close();
    await pool.end();
  });
  const identity = createIdentity({ kind: "user", id: "nancy", permissions: ["manage_customers", "view_customers", "view_workflows"] });
  const change = (subject: string) => actions.execute({ key: "customers/change-email", subject, params: { email: "new@x" }, identity, idempotencyKey: `change ${subject}` });

  assert.deepEqual(await change("9"), { kind: "failed", code: "subject_not_found", message: "There is no such subject." });
  assert.equal((await change("2147483648")).kind, "failed");
  // The first try fails behind the change: the step is tried again.
  cluster.psql("CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN IF NOT EXISTS (SELECT FROM applied_steps WHERE key = 'let through') THEN RAISE EXCEPTION 'not now'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql");
  cluster.psql("CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON customers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()");
  const started = await change("1");
  assert.ok(started.kind === "workflow");
  await stepFailed;
  assert.equal(cluster.psql("SELECT email FROM customers WHERE id = 1"), "ada@x");
  cluster.psql("INSERT INTO applied_steps (key) VALUES ('let through')");
  const following = await actions.workflows.follow(identity, started.workflow_id);
  assert.ok(Symbol.asyncIterator in following);
  const seen: unknown[] = [];
  for await (const answer of following) seen.push(answer);
  assert.match(JSON.stringify(seen.at(-1)), /"status":"completed"/);
  assert.equal(cluster.psql("SELECT email FROM customers WHERE id = 1"), "new@x");
  assert.equal(cluster.psql("SELECT count(*) FROM applied_steps"), "2");
  assert.deepEqual((await change("1")).kind, "workflow");
  const page = await actions.subjects.list(identity, "crm.Customer", { limit: 2, after: "1" });
  assert.ok("data" in page);
  assert.deepEqual(page.data.map(({ title }) => title), ["Ben", "Eve"]);
});

/** As Promise.withResolvers of later Nodes. */
function withResolvers(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
