import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createSecretVerifier } from "../../../src/adapters/oauth/clients/secret-verifier.ts";
import { unavailable } from "../../../src/adapters/oauth/oauth-error.ts";
import { createOAuthStore } from "../../../src/adapters/oauth/oauth-store.ts";
import { createThrottle } from "../../../src/adapters/oauth/throttle.ts";
import { FairQueue } from "../../../src/adapters/oauth/users/fair-queue.ts";
import { createPasswordVerifier } from "../../../src/adapters/oauth/users/password-verifier.ts";
import { PASSWORD, REDIRECT_URI, authorizeQuery, createBrowser } from "./browser.ts";
import { createFixture } from "./fixture.ts";
import type { Answer } from "./fixture.ts";

const LIMIT = { maxFailures: 2, windowMs: 1_000 };

/** The heap in use with the garbage gone, in bytes. */
function measureHeap(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  assert.ok(typeof collect === "function");
  collect();
  return process.memoryUsage().heapUsed;
}

test("C13: whatever strangers call themselves, the throttle keeps a digest of it and no more", () => {
  const throttle = createThrottle(() => 0);
  const keyOf = (number: number) => Buffer.alloc(60_000, `${number} `).toString();
  const before = measureHeap();
  for (let number = 0; number < 500; number++) throttle.charge([{ key: keyOf(number), limit: LIMIT }]);
  assert.ok(measureHeap() - before < 2_000_000, "30 MB of names have come");
  throttle.charge([{ key: keyOf(1), limit: LIMIT }]);
  assert.throws(() => throttle.charge([{ key: keyOf(1), limit: LIMIT }]), { status: 429 });
  throttle.charge([{ key: `${keyOf(1)}x`, limit: LIMIT }]);
});

/** A queue in which a task ends when the test says so, and the order in which tasks began. */
function openQueue(maxWaiting: number) {
  const queue = new FairQueue({ maxRunning: 1, maxWaiting });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const refused: string[] = [];
  const run = (address: string, account: string): Promise<void> =>
    queue
      .run({ address, account }, () => {
        begun.push(`${address} ${account}`);
        return new Promise<void>((resolve) => ends.push(resolve));
      })
      .catch(() => void refused.push(`${address} ${account}`));
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { run, end, begun, refused };
}

test("Hashes take turns by address, and within an address by account, whoever came first with how many", async () => {
  const { run, end, begun } = openQueue(64);
  const all = [...Array.from({ length: 5 }, () => run("a", "batch")), run("a", "other"), run("b", "batch"), run("b", "batch")];
  for (let count = 0; count < 8; count++) await end();
  await Promise.all(all);
  assert.deepEqual(begun, ["a batch", "a batch", "b batch", "a other", "b batch", "a batch", "a batch", "a batch"]);
});

test("When too many hashes wait, whoever has most gives way, and of several the one who came last", async () => {
  const { run, end, begun, refused } = openQueue(3);
  const all = [...Array.from({ length: 4 }, () => run("a", "batch")), run("b", "one")];
  await new Promise(setImmediate);
  assert.deepEqual(refused, ["a batch"]);
  all.push(run("c", "one"), run("d", "one"));
  await new Promise(setImmediate);
  assert.deepEqual(refused, ["a batch", "a batch", "d one"]);
  for (let count = 0; count < 4; count++) await end();
  await Promise.all(all);
  assert.deepEqual(begun, ["a batch", "a batch", "b one", "c one"]);
});

/** A server, a user, and the sign-in of anybody from any address. */
async function ready() {
  const fixture = createFixture();
  const { client_id } = await fixture.server.clients.create({ name: "Portal", type: "public", redirect_uris: [REDIRECT_URI] });
  await fixture.server.users.create({ name: "nancy", password: PASSWORD });
  const addresses: string[] = [];
  const browser = createBrowser({ send: (target, sent) => fixture.send(target, { ...sent, remoteAddress: addresses.shift() ?? "192.0.2.250" }) });
  const page = await browser.get(authorizeQuery(client_id));
  const signIn = (name: string, password: string, address: string): Promise<Answer> => {
    addresses.push(address);
    return browser.submit(page, { name, password, action: "sign-in" });
  };
  return { signIn };
}

test("A19: a batch of guesses from one address keeps nobody at another from signing in", async () => {
  const { signIn } = await ready();
  const answered: string[] = [];
  const batch = Array.from({ length: 59 }, async (_, count) => {
    await signIn(`nobody-${count}`, "wrong password", "192.0.2.1");
    answered.push("guess");
  });
  const { status } = await signIn("nancy", PASSWORD, "192.0.2.2");
  assert.equal(status, 303);
  assert.ok(answered.length < 10, `${answered.length} guesses came first`);
  await Promise.all(batch);
});

test("A19: what could not be checked because the server was overloaded counts against nobody", async () => {
  const { server } = createFixture();
  await server.users.create({ name: "nancy", password: PASSWORD });
  let overloaded = true;
  const matches = async (password: string): Promise<boolean> => {
    if (overloaded) throw unavailable();
    return password === PASSWORD;
  };
  const verify = createPasswordVerifier({ users: server.users, passwordHasher: { hash: async () => "", matches }, throttle: createThrottle(() => 0) });
  for (let count = 0; count < 100; count++) await assert.rejects(verify("nancy", PASSWORD, "192.0.2.1"), { status: 503 });
  overloaded = false;
  for (let count = 0; count < 7; count++) assert.equal(await verify("nancy", "wrong password", "192.0.2.1"), undefined);
  assert.equal((await verify("nancy", PASSWORD, "192.0.2.1"))?.name, "nancy");
  assert.equal(await verify("nancy", "wrong password", "192.0.2.1"), undefined);
  await assert.rejects(verify("nancy", PASSWORD, "192.0.2.1"), { status: 429 });
});

test("C13: nor does it with a client's secret that is stored by scrypt", async () => {
  const { store } = createFixture();
  let overloaded = true;
  const matches = async (): Promise<boolean> => {
    if (overloaded) throw unavailable();
    return false;
  };
  const verify = createSecretVerifier({ store: createOAuthStore(store, () => {}), throttle: createThrottle(() => 0), passwordHasher: { hash: async () => "", matches } });
  const attempt = { clientId: "orders", secret: "any", hashes: ["scrypt$16$1$1$salt$hash"], remoteAddress: "192.0.2.1" };
  for (let count = 0; count < 100; count++) await assert.rejects(verify(attempt), { status: 503 });
  overloaded = false;
  for (let count = 0; count < 10; count++) assert.equal(await verify(attempt), false);
  await assert.rejects(verify(attempt), { status: 429 });
});
