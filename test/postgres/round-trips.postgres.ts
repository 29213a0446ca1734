import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startCluster, type Cluster } from "./cluster.ts";
import { connectPg, type Connected } from "./drivers.ts";
import { serveCounters, type Served } from "./served.ts";

let cluster: Cluster;
let connected: Connected;
let served: Served;
let asked: string[] = [];

before(async () => {
  cluster = await startCluster();
  connected = connectPg(cluster.url());
  served = await serveCounters((text, values) => {
    const name = /"actionport"\.(\w+)\(/.exec(text)?.[1] ?? text;
    // The engine looks for runs that are due, each second.
    if (name !== "list" || values[0] === "shop.Counter") asked.push(name);
    return connected.query(text, values);
  }, { sweepEveryMs: 3_600_000 });
});

after(async () => {
  await served?.stop();
  await connected?.end();
  await cluster?.remove();
});

/** What a call that succeeds asks the database for. */
async function tripsOf(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<readonly string[]> {
  asked = [];
  const { status, body } = await served.call(method, path, headers);
  assert.equal(status, 200, JSON.stringify(body));
  return asked;
}

test("an execution makes three round trips: what the token stands on, the subject, the commit", async () => {
  assert.deepEqual(await tripsOf("POST", "actions/count/execute/1"), ["read", "read", "commit"]);
});

test("what is only read makes two round trips", async () => {
  assert.deepEqual(await tripsOf("POST", "actions/look/execute/1"), ["read", "read"]);
  assert.deepEqual(await tripsOf("GET", "subjects/shop.Counter/1"), ["read", "read"]);
  assert.deepEqual(await tripsOf("GET", "subjects/shop.Counter"), ["read", "list"]);
  assert.deepEqual(await tripsOf("GET", "audit"), ["read", "trail"]);
  assert.deepEqual(await tripsOf("GET", "actions"), ["read"]);
});

test("an idempotency key costs no round trip: what is remembered and the subject are read together", async () => {
  const key = { "idempotency-key": "once" };
  assert.deepEqual(await tripsOf("POST", "actions/count/execute/2", key), ["read", "read", "commit"]);
  assert.deepEqual(await tripsOf("POST", "actions/count/execute/2", key), ["read", "read"]);
});

test("roles cost two round trips when a token comes for the first time or they have changed, and none after that", async () => {
  const { authorization } = served.application;
  const [client = assert.fail()] = await authorization.clients.list();
  await authorization.roles.set("counting", ["count", "view_audit"]);
  await authorization.clients.update(client.client_id, { permissions: [], roles: ["counting"] });
  assert.deepEqual(await tripsOf("POST", "actions/count/execute/2"), ["read", "read", "read", "read", "commit"]);
  assert.deepEqual(await tripsOf("POST", "actions/count/execute/2"), ["read", "read", "commit"]);
});

test("calls at the same time share round trips", async () => {
  asked = [];
  await Promise.all(Array.from({ length: 32 }, (_, n) => served.call("POST", `actions/look/execute/${(n % 3) + 1}`)));
  assert.ok(asked.length < 64, `${asked.length} for 64 reads`);
});
