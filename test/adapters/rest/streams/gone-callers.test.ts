import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request, type ClientRequest } from "node:http";
import { test, type TestContext } from "node:test";
import { createMemoryStore } from "../../../../src/adapters/memory/index.ts";
import { createNodeTimer } from "../../../../src/adapters/node-timer/index.ts";
import { startServer } from "../../../../src/adapters/node-http/index.ts";
import { createRest } from "../../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, defineSubject, everyone, integerId, type Observation } from "../../../../src/domain/index.ts";
import { createTestTime } from "../../../../src/app/testing/test-time.ts";

const identity = createIdentity({ kind: "client", id: "shop", permissions: ["*"] });
const Account = defineSubject({ class: "bank.Account", param: "account", id: integerId(), title: (account: { id: number; balance: number }) => `Account #${account.id}` });

/** A bank behind a real socket, with one action that counts and one that waits until it is told to go on. */
async function openBank(t: TestContext, timer = createNodeTimer({ clock: Date.now }), clock = Date.now) {
  const store = createMemoryStore({ clock });
  await store.commit([1, 2].map((id) => ({ kind: "put", collection: Account.class, id: String(id), basedOn: 0, value: { id, balance: 0 } }) as const));
  const held = { begun: signal(), aborted: signal(), letGo: () => {} };
  const hold = defineAction({
    key: "accounts/hold",
    label: "Hold",
    subject: Account,
    authorize: everyone,
    async handle({ subject, subjects, signal: caller }) {
      caller.addEventListener("abort", held.aborted.happen);
      await new Promise<void>((resolve) => {
        held.letGo = resolve;
        held.begun.happen();
      });
      subjects.put(Account, { ...subject, balance: subject.balance + 100 });
      return "Held.";
    },
  });
  const deposit = defineAction({ key: "accounts/deposit", label: "Deposit", subject: Account, authorize: everyone, handle: ({ subject, subjects }) => (subjects.put(Account, { ...subject, balance: subject.balance + 1 }), "Deposited.") });
  const answered = { statuses: new Map<number, number>(), wake: () => {} };
  const observe = ({ event, status }: Observation) => {
    if (event !== "request") return;
    answered.statuses.set(Number(status), (answered.statuses.get(Number(status)) ?? 0) + 1);
    answered.wake();
  };
  const actions = createActions({ catalog: createCatalog({ subjects: [Account], actions: [hold, deposit] }), store, clock, timer, newAbortController: () => new AbortController(), newId: randomUUID });
  const handler = createRest({ actions, authenticate: () => ({ authenticated: true, identity }), clock, newId: randomUUID, observe });
  const server = await startServer({ port: 0, createHandler: () => handler, observe, drainTimeoutMs: 0, maxInFlightPerIdentity: 500 });
  t.after(() => server.close());
  return {
    held,
    call: (action: string, id: number, key?: string) => call(server.port, `/api/v1/actions/accounts/${action}/execute/${id}`, key),
    /** Waits until so many requests have been answered with this status, whoever reads it. */
    async answered(status: number, count: number) {
      while ((answered.statuses.get(status) ?? 0) < count) await new Promise<void>((resolve) => (answered.wake = resolve));
    },
    balance: async (id: number) => (await store.read(Account.class, [String(id)]))[0]?.value["balance"],
  };
}

/** Something to wait for, and the function that makes it happen. */
function signal(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => (happen = resolve));
  return { happened, happen: () => happen() };
}

/** A call on a connection of its own. */
function call(port: number, path: string, key?: string): { readonly sent: Promise<void>; readonly status: Promise<number>; hangUp(): void } {
  const headers = { authorization: "Bearer any", "content-length": "0", ...(key === undefined ? {} : { "idempotency-key": key }) };
  const outgoing: ClientRequest = request({ host: "127.0.0.1", port, path, method: "POST", headers, agent: false });
  const status = once(outgoing, "response").then(([response]) => {
    response.resume();
    return Number(response.statusCode);
  });
  // One that hangs up has no answer, and that is no failure.
  status.catch(() => undefined);
  const sent = once(outgoing, "finish").then(() => undefined);
  sent.catch(() => undefined);
  outgoing.on("error", () => undefined).end();
  return { sent, status, hangUp: () => void outgoing.destroy() };
}

test("500 callers that hang up while one handler hangs leave their places to others", async (t) => {
  const bank = await openBank(t);
  const holding = bank.call("hold", 1);
  await bank.held.begun.happened;
  const waiting = Array.from({ length: 499 }, () => bank.call("deposit", 1));
  await Promise.all(waiting.map(({ sent }) => sent));
  const refused: number[] = [];
  // Whoever comes before all of them have is served: those that have been sent are here soon.
  while (refused.at(-1) !== 503) refused.push(await bank.call("deposit", 2).status);
  for (const { hangUp } of waiting) hangUp();
  await bank.answered(409, 499);
  const others = await Promise.all(Array.from({ length: 100 }, () => bank.call("deposit", 2).status));
  assert.deepEqual(new Set(others), new Set([200]));
  bank.held.letGo();
  assert.equal(await holding.status, 200);
  assert.equal(await bank.balance(1), 100);
  assert.equal(await bank.balance(2), 100 + refused.length - 1);
});

test("A handler whose client has hung up is told, and what it does is kept for the retry", async (t) => {
  const bank = await openBank(t);
  const first = bank.call("hold", 1, "k-1");
  await bank.held.begun.happened;
  first.hangUp();
  await bank.held.aborted.happened;
  bank.held.letGo();
  await bank.answered(200, 1);
  assert.equal(await bank.call("hold", 1, "k-1").status, 200);
  assert.equal(await bank.balance(1), 100);
});

test("A handler that hangs for its time is a 503 over HTTP, and the next call is served", async (t) => {
  const time = createTestTime();
  const bank = await openBank(t, time.timer, time.clock);
  const holding = bank.call("hold", 1);
  await bank.held.begun.happened;
  time.pass(30_000);
  assert.equal(await holding.status, 503);
  assert.equal(await bank.call("deposit", 1).status, 200);
  assert.equal(await bank.balance(1), 1);
});
