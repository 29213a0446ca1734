import assert from "node:assert/strict";
import { test } from "node:test";
import type { BodyStream, HttpHandler } from "../../../src/adapters/http/message.ts";
import { json, noContent } from "../../../src/adapters/http/response.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { startServer } from "../../../src/adapters/node-http/index.ts";
import type { ServerOptions } from "../../../src/adapters/node-http/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, everyone } from "../../../src/domain/index.ts";
import { echo, failure, serve, signal, type Fixture } from "./fixture.ts";
import { RawClient, type RawAnswer } from "./raw-client.ts";

const GET = ["GET /a HTTP/1.1", "Host: a.example"] as const;
const POST = ["POST /a HTTP/1.1", "Host: a.example", "Content-Length: 10"] as const;
const TOO_MANY_BODIES = failure("too_many_requests", "Too many requests from this address are still on their way; finish some, then try again.");
const TOO_MANY_STREAMS = failure("too_many_requests", "Too many streams are open to this address; close some, then try again.");
const BUSY = failure("unavailable", "The server is busy; try again in a second.");
const ECHOED = '{"method":"POST","path":"/a","body":"0123456789"}';

function half(client: RawClient, address?: string): RawClient {
  return client.send([...POST, ...(address === undefined ? [] : [`X-Forwarded-For: ${address}`])], "01234");
}

/** Which of the clients were answered, once so many were; the others still wait. */
async function answered(clients: readonly RawClient[], count: number): Promise<ReadonlyMap<RawClient, RawAnswer>> {
  const answers = new Map<RawClient, RawAnswer>();
  await new Promise<void>((resolve, reject) => {
    for (const client of clients) {
      client.read().then((answer) => {
        answers.set(client, answer);
        if (answers.size === count) resolve();
      }, reject);
    }
  });
  return answers;
}

function assertRefused(answer: RawAnswer, status: number, body: string): void {
  assert.deepEqual([answer.status, answer.body, answer.headers.get("retry-after")], [status, body, "1"]);
}

test("H3: a request whose body is on its way takes no place of those that run", async (t) => {
  const { open } = await serve(t, echo, { maxInFlight: 1 });
  const slow = Array.from({ length: 5 }, () => half(open()));
  for (const client of [open(), open()]) {
    assert.equal((await client.send(GET).read()).status, 200);
    assert.equal((await client.send(POST, "0123456789").read()).body, ECHOED);
  }
  for (const client of slow) assert.equal((await client.write("56789").read()).body, ECHOED);
});

test("H3: a body that is there when nothing more can run is answered 503, and the connection stays", async (t) => {
  const gate = signal();
  const started = signal();
  const { open } = await serve(t, async ({ request, path }) => {
    if (path !== "/slow") return json(200, Buffer.from((await request.body(10)) ?? "").toString());
    started.happen();
    await gate.happened;
    return noContent(204);
  }, { maxInFlight: 1 });
  const running = open().send(["GET /slow HTTP/1.1", "Host: a"]);
  await started.happened;
  const client = half(open());
  assertRefused(await client.write("56789").read(), 503, BUSY);
  assertRefused(await client.send(POST, "0123456789").read(), 503, BUSY);
  gate.happen();
  assert.equal((await running.read()).status, 204);
  assert.equal((await client.send(POST, "0123456789").read()).status, 200);
});

test("H3: bodies on their way are limited for each address, and whoever is refused is told, then closed", async (t) => {
  const { open } = await serve(t, echo, { maxUnfinishedBodiesPerAddress: 3 });
  const clients = Array.from({ length: 5 }, () => half(open()));
  const refused = await answered(clients, 2);
  for (const [client, answer] of refused) {
    assertRefused(answer, 429, TOO_MANY_BODIES);
    assert.equal(answer.headers.get("connection"), "close");
    client.socket.end();
    assert.equal(await client.readRest(), "");
  }
  assert.equal((await open().send(POST, "0123456789").read()).body, ECHOED, "a body that comes at once is never on its way");
  const next = half(open());
  const [oldest] = await answered([...clients.filter((client) => !refused.has(client)), next], 1);
  assert.notEqual(oldest?.[0], next, "the one that has taken longest gives way");
  assert.equal((await next.write("56789").read()).body, ECHOED);
});

/** Half bodies from these addresses, one after the other; those that must be refused, in the order given. */
async function refusedFrom(fixture: Fixture, addresses: readonly string[], count: number): Promise<readonly (readonly [string, number])[]> {
  const clients = addresses.map((address) => half(fixture.open(), address));
  const answers = await answered(clients, count);
  return clients.flatMap((client, index) => {
    const answer = answers.get(client);
    return answer === undefined ? [] : [[addresses[index] ?? "", answer.status] as const];
  });
}

const BEHIND: Partial<ServerOptions> = { trustedProxies: ["127.0.0.1"] };

test("H3, H34: behind a trusted proxy its clients are counted apart, an IPv6 network of 64 bits as one", async (t) => {
  const fixture = await serve(t, echo, { ...BEHIND, maxUnfinishedBodiesPerAddress: 1 });
  const addresses = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"];
  await Promise.all(addresses.map(async (address) => assert.equal((await half(fixture.open(), address).write("56789").read()).status, 200)));
  assert.deepEqual(await refusedFrom(fixture, ["192.0.2.1", "192.0.2.1"], 1).then((all) => all.map(([, status]) => status)), [429]);
  assert.deepEqual(await refusedFrom(fixture, ["2001:db8::1", "2001:db8::ffff"], 1).then((all) => all.map(([, status]) => status)), [429]);
});

test("H3: bodies on their way are limited in all, which is 503", async (t) => {
  const fixture = await serve(t, echo, { ...BEHIND, maxUnfinishedBodies: 2 });
  assert.deepEqual((await refusedFrom(fixture, ["192.0.2.1", "192.0.2.2", "192.0.2.3"], 1)).map(([, status]) => status), [503]);
});

test("H3: what has come of all unfinished bodies is limited in bytes; one that is whole is taken all the same", async (t) => {
  const { open } = await serve(t, async ({ request }) => json(200, (await request.body(1_000_000))?.length), { maxUnfinishedBytes: 1_500 });
  const large = ["POST /a HTTP/1.1", "Host: a", "Content-Length: 2000"];
  const first = open().send(large, "x".repeat(1_000));
  const second = open().send(large, "x".repeat(1_000));
  const [[refused, answer] = assert.fail()] = await answered([first, second], 1);
  assertRefused(answer, 503, BUSY);
  assert.equal(answer.headers.get("connection"), "close");
  assert.equal((await open().send(large, "x".repeat(2_000)).read()).body, "2000");
  const held = refused === first ? second : first;
  held.write("x".repeat(1_000));
  await held.readUntil("2000");
});

test("H3: a request that is answered before its body came is let go when too many bodies are on their way", async (t) => {
  const { open } = await serve(t, () => noContent(204), { maxUnfinishedBodiesPerAddress: 1 });
  let last = half(open());
  assert.equal((await last.read()).status, 204);
  for (const client of [half(open()), half(open())]) {
    assert.equal((await client.read()).status, 204);
    assert.equal(await last.readRest(), "");
    last = client;
  }
  assert.equal((await last.write("56789").send(GET).read()).status, 204);
});

test("H3: of one address only so many connections are open", async (t) => {
  const { open, observations } = await serve(t, echo, { maxConnectionsPerAddress: 2 });
  const clients = [await open().connected(), await open().connected()];
  for (const client of clients) assert.equal((await client.send(GET).read()).status, 200);
  assert.equal(await open().readRest(), "");
  assert.deepEqual(observations.filter(({ event }) => event === "connection_dropped"), [{ event: "connection_dropped", reason: "address" }]);
  for (const client of clients) assert.equal((await client.send(GET).read()).status, 200);
});

test("H3: a trusted proxy may have as many connections as there are", async (t) => {
  const { open } = await serve(t, echo, { ...BEHIND, maxConnectionsPerAddress: 1, maxIdleConnectionsPerAddress: 1, connectionsCheckingIntervalMs: 10 });
  const clients = Array.from({ length: 3 }, open);
  for (let round = 0; round < 3; round++) {
    for (const client of clients) assert.equal((await client.send(GET).read()).status, 200);
  }
});

for (const option of ["maxIdleConnections", "maxIdleConnectionsPerAddress"] as const) {
  test(`H3: ${option}: of the connections on which nothing runs those that are too many are closed`, async (t) => {
    const gate = signal();
    const started = signal();
    const { open, observations } = await serve(t, async ({ path }) => {
      if (path === "/slow") {
        started.happen();
        await gate.happened;
      }
      return noContent(204);
    }, { [option]: 2, connectionsCheckingIntervalMs: 10 });
    const running = open().send(["GET /slow HTTP/1.1", "Host: a"]);
    await started.happened;
    const idle = Array.from({ length: 5 }, () => open());
    const closed: RawClient[] = [];
    await new Promise<void>((resolve) => {
      for (const client of idle) void client.readRest().then(() => closed.push(client) === 3 && resolve());
    });
    const left = idle.filter((client) => !closed.includes(client));
    for (const client of left) assert.equal((await client.send(GET).read()).status, 204);
    assert.deepEqual(observations.filter(({ event }) => event === "connection_dropped"), Array.from({ length: 3 }, () => ({ event: "connection_dropped", reason: "idle" })));
    gate.happen();
    assert.equal((await running.read()).status, 204);
  });
}

/** A stream that has begun and goes on until its reader leaves. */
function openStream(): BodyStream {
  const left = signal();
  let begun = false;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (begun) await left.happened;
        else return { done: !(begun = true), value: "begun" };
        return { done: true, value: undefined };
      },
      async return() {
        left.happen();
        return { done: true, value: undefined };
      },
    }),
  };
}

test("H3: streams that last take no place of requests, and have limits of their own", async (t) => {
  const { open } = await serve(t, ({ path }) => (path === "/events" ? { status: 200, headers: {}, body: openStream(), lasting: true } : noContent(204)), {
    ...BEHIND, maxInFlight: 1, maxStreams: 3, maxStreamsPerAddress: 2,
  });
  const ask = (address: string) => open().send(["GET /events HTTP/1.1", "Host: a", `X-Forwarded-For: ${address}`]);
  const streams = [ask("192.0.2.1"), ask("192.0.2.1")];
  for (const stream of streams) await stream.readUntil("begun");
  assert.equal((await open().send(GET).read()).status, 204);
  assertRefused(await ask("192.0.2.1").read(), 429, TOO_MANY_STREAMS);
  await ask("192.0.2.2").readUntil("begun");
  assertRefused(await ask("192.0.2.3").read(), 503, BUSY);
});

test("H3: the place of a stream is free again when it has ended", async (t) => {
  const stream = openStream();
  const { open } = await serve(t, () => ({ status: 200, headers: {}, body: stream, lasting: true }), { maxStreams: 1 });
  const reader = open().send(GET);
  await reader.readUntil("begun");
  const other = open();
  assertRefused(await other.send(GET).read(), 503, BUSY);
  await stream[Symbol.asyncIterator]().return?.();
  assert.equal((await reader.read()).body, "begun");
  assert.equal((await other.send(GET).read()).status, 200);
});

const TOO_MANY_CALLS = failure("too_many_requests", "Too many of your calls are under way; wait for the answers of some, then try again.");

/** Puts the API of one action that ends when told so on a server; a token is the name of its client. */
function openApi(): { readonly handler: HttpHandler; readonly begun: (() => void)[] } {
  const begun: (() => void)[] = [];
  const wait = defineAction({ key: "wait", label: "Wait", authorize: everyone, handle: () => new Promise<string>((resolve) => begun.push(() => resolve("Done."))) });
  const ports = { clock: Date.now, newId: () => "fresh-id" };
  const actions = createActions({ ...ports, catalog: createCatalog({ subjects: [], actions: [wait] }), store: createMemoryStore(ports) });
  const authenticate = (token: string) => ({ authenticated: true, identity: createIdentity({ kind: "client", id: token, permissions: [] }) }) as const;
  return { handler: createRest({ ...ports, actions, authenticate }), begun };
}

test("H3: one identity never has all places: its next call is 429, all others are still served, and its own again when it has answers", async (t) => {
  const { handler, begun } = openApi();
  const server = await startServer({ port: 0, createHandler: () => handler, maxInFlight: 5, drainTimeoutMs: 0 });
  t.after(() => server.close());
  const call = (token: string, path: string) => new RawClient(server.port).send([`${path} HTTP/1.1`, "Host: a", `Authorization: Bearer ${token}`]);
  const waiting = Array.from({ length: 4 }, () => call("busy", "POST /api/v1/actions/wait/execute"));
  while (begun.length < 4) await new Promise(setImmediate);
  assertRefused(await call("busy", "GET /api/v1/actions").read(), 429, TOO_MANY_CALLS);
  assert.equal((await call("other", "GET /api/v1/actions").read()).status, 200);
  waiting[0]?.socket.destroy();
  begun[0]?.();
  begun[1]?.();
  assert.equal((await waiting[1]?.read())?.status, 200);
  for (let round = 0; round < 5; round++) assert.equal((await call("busy", "GET /api/v1/actions").read()).status, 200);
  for (const end of begun) end();
});

const ENDINGS: readonly (readonly [string, (client: RawClient) => void])[] = [
  ["the client goes away in the middle of its body", (client) => half(client)],
  ["and while its request runs", (client) => client.send(POST, "0123456789")],
  ["and without having sent the body that it was asked for", (client) => client.send([...POST, "Expect: 100-continue"])],
  ["a body is too long", (client) => client.send(["POST /a HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"], "c\r\n0123456789ab\r\n")],
  ["a body is announced too long", (client) => client.send(["POST /a HTTP/1.1", "Host: a", "Content-Length: 1000000"], "0123")],
  ["what should be a body is none", (client) => client.send(["POST /a HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"], "4\r\n0123\r\nzz\r\n")],
  ["nobody reads the body", (client) => client.send(["POST /unread HTTP/1.1", "Host: a", "Content-Length: 10"], "01234")],
  ["the handler fails", (client) => client.send(["POST /fails HTTP/1.1", "Host: a", "Content-Length: 10"], "0123456789")],
  ["a GET brings a body", (client) => client.send(["GET /a HTTP/1.1", "Host: a", "Content-Length: 10"], "0123")],
  ["a second request waits behind it", (client) => half(client.send(POST, "0123456789"))],
  ["a stream is left", (client) => client.send(["POST /stream HTTP/1.1", "Host: a", "Content-Length: 1"], "0")],
];

test("H3: whatever way a request ends, the places that it had are free again", async (t) => {
  const gates: (() => void)[] = [];
  const { open } = await serve(t, async (guarded) => {
    const { path, request } = guarded;
    if (path === "/unread") return noContent(204);
    if (path === "/slow") {
      const gate = signal();
      gates.push(gate.happen);
      await gate.happened;
      return noContent(204);
    }
    const answer = await echo(guarded);
    if (path === "/fails") throw new Error("broken");
    return path === "/stream" && request.method === "POST" ? { status: 200, headers: {}, body: openStream(), lasting: true } : answer;
  }, { maxInFlight: 2, maxUnfinishedBodies: 2, maxUnfinishedBytes: 1_024, maxStreams: 1 });
  for (const [, send] of ENDINGS) {
    for (let round = 0; round < 4; round++) {
      const client = await open().connected();
      send(client);
      // The last one waits for the server, which has seen by then how the others ended.
      if (round < 3) client.socket.destroySoon();
      else client.socket.end();
      await client.readRest();
    }
  }
  const slow = [open(), open()].map((client) => client.send(["GET /slow HTTP/1.1", "Host: a"]));
  while (gates.length < 2) await new Promise(setImmediate);
  assertRefused(await open().send(GET).read(), 503, BUSY);
  const bodies = [half(open()), half(open())];
  for (const gate of gates) gate();
  for (const client of slow) assert.equal((await client.read()).status, 204);
  for (const client of bodies) assert.equal((await client.write("56789").read()).body, ECHOED);
  await open().send(["POST /stream HTTP/1.1", "Host: a", "Content-Length: 1"], "0").readUntil("begun");
});
