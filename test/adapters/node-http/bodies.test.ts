import assert from "node:assert/strict";
import { createServer, IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { AsyncLocalStorage } from "node:async_hooks";
import { Socket } from "node:net";
import { test } from "node:test";
import { toRequestListener } from "../../../src/adapters/node-http/index.ts";
import { json } from "../../../src/adapters/http/response.ts";
import { serve } from "./fixture.ts";

/** A request as the parser makes it: it announces a body, which comes right behind. */
function arrive(body: string): { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse; end(): void } {
  const incoming = new IncomingMessage(new Socket());
  const length = String(Buffer.byteLength(body));
  Object.assign(incoming, { method: "POST", url: "/", httpVersionMajor: 1, httpVersionMinor: 1, rawHeaders: ["Host", "a", "Content-Length", length] });
  const end = (): void => {
    incoming.push(body);
    incoming.complete = true;
    incoming.push(null);
  };
  return { incoming, outgoing: new ServerResponse(incoming), end };
}

test("Requests that were read in one turn of the event loop go on side by side, each part of the work for all of them", async () => {
  const order: string[] = [];
  const listener = toRequestListener(async (request) => {
    const body = Buffer.from((await request.body(10)) ?? []).toString();
    order.push(`${body} read`);
    await undefined;
    order.push(`${body} done`);
    return json(200, {});
  });
  const requests = ["a", "b", "c"].map(arrive);
  for (const { incoming, outgoing, end } of requests) {
    listener(incoming, outgoing);
    end();
    // What runs behind each callback of the event loop.
    await new Promise((resolve) => process.nextTick(resolve));
  }
  await Promise.all(requests.map(({ incoming }) => once(incoming, "close")));
  assert.deepEqual(order, ["a read", "b read", "c read", "a done", "b done", "c done"]);
});

test("Each of them runs in the asynchronous context in which it came", async () => {
  const context = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const listener = toRequestListener(async (request) => {
    seen.push(context.getStore());
    await request.body(10);
    seen.push(context.getStore());
    return json(200, {});
  });
  const requests = ["a", "b"].map(arrive);
  for (const [at, { incoming, outgoing, end }] of requests.entries()) {
    context.run(`of request ${at}`, () => listener(incoming, outgoing));
    end();
  }
  await Promise.all(requests.map(({ incoming }) => once(incoming, "close")));
  assert.deepEqual(seen.sort(), ["of request 0", "of request 0", "of request 1", "of request 1"]);
});

test("A body that fills the parser's buffer does not stop the connection, nor does one without a byte", async (t) => {
  const { open } = await serve(t, async ({ request }) => json(200, { bytes: (await request.body(100_000))?.length }));
  const client = open();
  for (const bytes of [60_000, 60_000, 0, 1]) {
    const body = bytes === 0 ? "0\r\n\r\n" : `${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n0\r\n\r\n`;
    client.send(["POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"], body);
    assert.equal((await client.read()).body, JSON.stringify({ bytes }));
  }
  client.socket.destroy();
});

test("Somebody who only listens to what a client sends takes nothing of it away", async (t) => {
  const listener = toRequestListener(async (request) => json(200, { bytes: (await request.body(10))?.length }));
  const server = createServer((incoming, outgoing) => {
    incoming.on("data", () => {});
    listener(incoming, outgoing);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const answer = await fetch(`http://127.0.0.1:${address.port}`, { method: "POST", body: "12345" });
  assert.deepEqual(await answer.json(), { bytes: 5 });
});

test("The body of a GET that comes behind its head is waited for by whoever asks for it", async (t) => {
  const { open } = await serve(t, async ({ request }) => json(200, { body: Buffer.from((await request.body(10)) ?? []).toString() }));
  const client = open();
  client.send(["GET / HTTP/1.1", "Host: a", "Content-Length: 4"], "ab");
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  client.write("cd");
  assert.equal((await client.read()).body, JSON.stringify({ body: "abcd" }));
  client.socket.destroy();
});

test("A body that is whole only when it is asked for takes a place like any other", async () => {
  const order: number[] = [];
  const late = toRequestListener(async (request) => {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const body = await request.body(10);
    order.push(body?.length ?? -1);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    return json(200, {});
  }, { maxInFlight: 1 });
  const requests = ["a", "b"].map(arrive);
  for (const { incoming, outgoing } of requests) late(incoming, outgoing);
  await new Promise(setImmediate);
  for (const { end } of requests) end();
  await Promise.all(requests.map(({ incoming }) => once(incoming, "close")));
  assert.deepEqual(order, [1]);
});
