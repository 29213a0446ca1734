import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFileStore } from "../../../../src/adapters/file/index.ts";
import { startServer } from "../../../../src/adapters/node-http/index.ts";
import { createRest } from "../../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, defineSubject, everyone, integerId } from "../../../../src/domain/index.ts";

const identity = createIdentity({ kind: "client", id: "shop", permissions: ["*"] });
const Account = defineSubject({ class: "bank.Account", param: "account", id: integerId(), title: (account: { id: number; balance: number }) => `Account #${account.id}` });

test("100 concurrent identical calls, a third of them cut off and sent again: one effect, 100 equal answers", async () => {
  const directory = await mkdtemp(join(tmpdir(), "actionport-storm-"));
  const store = await openFileStore({ directory, clock: Date.now });
  await store.commit([{ kind: "put", collection: Account.class, id: "1", basedOn: 0, value: { id: 1, balance: 0 } }]);
  const gate = openGate();
  let handled = 0;
  const deposit = defineAction({
    key: "accounts/deposit",
    label: "Deposit",
    subject: Account,
    authorize: everyone,
    async handle({ subject, subjects }) {
      handled++;
      await gate.opened;
      return subjects.put(Account, { ...subject, balance: subject.balance + 1 });
    },
    message: "Deposited.",
  });
  const actions = createActions({ catalog: createCatalog({ subjects: [Account], actions: [deposit] }), store, clock: Date.now, newId: randomUUID });
  const handler = createRest({ actions, authenticate: () => ({ authenticated: true, identity }), clock: Date.now, newId: randomUUID });
  const arrived = { count: 0, all: openGate() };
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    createHandler: () => (request) => {
      if (++arrived.count === 100) arrived.all.open();
      return handler(request);
    },
  });
  try {
    const calls = Array.from({ length: 100 }, () => send(server.port));
    await arrived.all.opened;
    calls.slice(0, 33).forEach(({ cut }) => cut());
    const again = Array.from({ length: 33 }, () => send(server.port));
    gate.open();
    const answers = await Promise.all([...calls.slice(33), ...again].map(({ answer }) => answer));
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1, "byte for byte");
    assert.equal(answers[0]?.body, '{"success":true,"message":"Deposited.","data":{"id":1,"title":"Account #1","balance":1}}');
    assert.ok(answers.filter(({ replayed }) => replayed).length >= 99, "at most the first answer is none that was given before");
    assert.equal(handled, 1);
    assert.equal((await store.read(Account.class, ["1"]))[0]?.value["balance"], 1);
  } finally {
    gate.open();
    await server.close();
    await store.close();
    await rm(directory, { recursive: true });
  }
});

interface Sent {
  readonly answer: Promise<{ readonly body: string; readonly replayed: boolean }>;
  cut(): void;
}

function send(port: number): Sent {
  const socket = connect(port, "127.0.0.1");
  socket.write("POST /api/v1/actions/accounts/deposit/execute/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nIdempotency-Key: storm\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk) => (text += String(chunk)));
  socket.on("error", () => {});
  const answer = once(socket, "close").then(() => {
    const end = text.indexOf("\r\n\r\n");
    return { body: text.slice(end + 4), replayed: /^idempotency-replayed: true\r?$/im.test(text.slice(0, end)) };
  });
  return { answer, cut: () => socket.destroy() };
}

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

function openGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
