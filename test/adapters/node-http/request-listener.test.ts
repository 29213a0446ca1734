import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer, ServerResponse, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Readable, Writable } from "node:stream";
import { test, type TestContext } from "node:test";
import { startServer, toRequestListener, type RequestListenerOptions } from "../../../src/adapters/node-http/index.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import type { Observation } from "../../../src/domain/index.ts";

/** Says what it was given: the target, and the body up to 20 bytes. */
const echo: HttpHandler = async (request) => {
  const bytes = await request.body(20);
  return { status: bytes === null ? 413 : 200, headers: {}, body: `${request.target} ${bytes === null ? "" : Buffer.from(bytes).toString()}` };
};

/** A server of somebody else's, in which something is done to each request before it comes to the listener. */
async function serveBehind(t: TestContext, before: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown, options?: RequestListenerOptions, handler = echo): Promise<string> {
  const listener = toRequestListener(handler, options);
  const server = createServer(async (incoming, outgoing) => {
    await before(incoming, outgoing);
    listener(incoming, outgoing);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const address = server.address();
  assert.ok(isInfo(address));
  return `http://127.0.0.1:${address.port}`;
}

function isInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

/** Reads the body as a parser does, and leaves what it made of it. */
function parser(parse: (text: string) => unknown) {
  return async (incoming: IncomingMessage) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece);
    Object.assign(incoming, { body: parse(Buffer.concat(pieces).toString()) });
  };
}

test("Under a mount path the target is what was asked for, and not what the framework left of it", async (t) => {
  const url = await serveBehind(t, (incoming) => {
    Object.assign(incoming, { originalUrl: incoming.url, url: incoming.url?.replace("/api", "") });
  });
  assert.equal(await (await fetch(`${url}/api/v1/x?y=1`)).text(), "/api/v1/x?y=1 ");
});

test("Under a mount path that is the application's own, what is left of the target counts, if it is a path of ours", async (t) => {
  const url = await serveBehind(t, (incoming) => {
    Object.assign(incoming, { originalUrl: incoming.url, url: incoming.url?.replace("/backend", "") });
  });
  for (const [path, target] of [["/backend/api/v1/x?y=1", "/api/v1/x?y=1"], ["/backend/oauth/token", "/oauth/token"], ["/backend/api/v10", "/backend/api/v10"], ["/backend/x", "/backend/x"]]) {
    assert.equal(await (await fetch(`${url}${path}`)).text(), `${target} `);
  }
});

test("Under a mount path below that of another router, the target begins where a path of ours does", async (t) => {
  const url = await serveBehind(t, (incoming) => {
    Object.assign(incoming, { originalUrl: incoming.url, url: incoming.url?.replace(/^\/shops\/[^/]+\/api(\/v1)?/, "") });
  });
  for (const [path, target] of [["/shops/7/api/v1/x?y=/api/v1/z", "/api/v1/x?y=/api/v1/z"], ["/shops/oauth/api/v1/x", "/api/v1/x"], ["/shops/7/api/v2/x", "/shops/7/api/v2/x"], ["/shops/7/api/x/api/v1/y", "/shops/7/api/x/api/v1/y"]]) {
    assert.equal(await (await fetch(`${url}${path}`)).text(), `${target} `);
  }
});

test("A prefix is taken off the target, and only a whole one", async (t) => {
  const url = await serveBehind(t, () => undefined, { prefix: "/back/end" });
  for (const [path, target] of [["/back/end/api", "/api"], ["/back/end?x", "/?x"], ["/back/end", "/"], ["/back/ends", "/back/ends"], ["/api", "/api"]]) {
    assert.equal(await (await fetch(`${url}${path}`)).text(), `${target} `);
  }
});

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

for (const [what, parse, headers] of [
  ["JSON that was parsed", JSON.parse, JSON_TYPE],
  ["bytes", (text: string) => Buffer.from(text), {}],
  ["text", (text: string) => text, {}],
] as const) {
  test(`A body that was read before is taken from request.body: ${what}`, async (t) => {
    const url = await serveBehind(t, parser(parse));
    const send = (body: string) => fetch(url, { method: "POST", headers, body });
    assert.equal(await (await send('{"name":"Ä"}')).text(), '/ {"name":"Ä"}');
    assert.equal((await send(JSON.stringify({ name: "x".repeat(20) }))).status, 413);
    assert.equal(await (await fetch(url, { method: "POST", headers, body: new Blob(["{}"]).stream(), duplex: "half" })).text(), "/ {}");
  });
}

test("A number that a parser could not keep is written so that it is refused, and is not made null", async (t) => {
  const url = await serveBehind(t, parser(JSON.parse));
  assert.equal(await (await fetch(url, { method: "POST", headers: JSON_TYPE, body: '{"n":[1e400]}' })).text(), '/ {"n":[1e999]}');
});

test("Without such a body a failure that names the remedy is told once, and nothing hangs", async (t) => {
  for (const parse of [() => undefined, (text: string) => Object.fromEntries(new URLSearchParams(text))]) {
    const seen: Observation[] = [];
    const url = await serveBehind(t, parser(parse), { observe: (observation) => void seen.push(observation) });
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams("a=b") });
    assert.deepEqual([answer.status, await answer.json()], [500, { success: false, message: "Server error.", code: "internal_error" }]);
    const failures = seen.filter(({ event }) => event === "internal_error");
    assert.deepEqual(failures.map(({ requestId, error }) => [requestId, String(error)]), [
      [answer.headers.get("x-request-id"), "TypeError: the request's body was read before it came here, and is not in request.body as bytes, text or JSON; put this listener in front of whatever parses bodies"],
    ]);
  }
});

test("A request whose body was read before takes one of the places like any other", async (t) => {
  let letGo = () => {};
  const begun = { happen: () => {} };
  const first = new Promise<void>((resolve) => (begun.happen = resolve));
  const url = await serveBehind(t, parser(JSON.parse), { maxInFlight: 1 }, async (request) => {
    await request.body(20);
    begun.happen();
    await new Promise<void>((resolve) => (letGo = resolve));
    return { status: 200, headers: {}, body: "" };
  });
  const send = () => fetch(url, { method: "POST", headers: JSON_TYPE, body: "{}" });
  const running = send();
  await first;
  assert.equal((await send()).status, 503);
  letGo();
  assert.equal((await running).status, 200);
});

test("What is wrong with the options is said at once", async () => {
  const wrong: { readonly [name: string]: unknown } = { port: 0 };
  // @ts-expect-error A mistake of plain JavaScript.
  assert.throws(() => toRequestListener({ handler: echo }), new TypeError("handler must be a function, not an object: give what createRest() answers"));
  // @ts-expect-error Another.
  assert.throws(() => toRequestListener(echo, { observe: console }), new TypeError("observe must be a function, not an object: it gets what happened"));
  // @ts-expect-error No handler.
  await assert.rejects(startServer(wrong), new TypeError("createHandler must be a function, not undefined: it gets the address and answers the handler, such as () => createRest(…)"));
  // @ts-expect-error One that answers none.
  await assert.rejects(startServer({ port: 0, createHandler: () => undefined }), new TypeError("what createHandler answers must be a function, not undefined: answer a handler, such as that of createRest()"));
  // @ts-expect-error A text for a number.
  await assert.rejects(startServer({ port: "3000", createHandler: () => echo }), new TypeError("port: 3000 is out of range; give a whole number from 0 (any free port) to 65535"));
});

/** Wraps `writeHead()` as many middlewares do that have a header to add (express-session and compression up to 2025): a flat list of headers is none that they know. */
function wrapHead(_incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { writeHead } = outgoing;
  outgoing.setHeader("x-powered-by", "somebody");
  Object.assign(outgoing, {
    writeHead(status: number, headers: readonly (readonly string[])[] = []) {
      for (const [name = "", value = ""] of headers) outgoing.setHeader(name, value);
      outgoing.setHeader("x-added", "late");
      return writeHead.call(outgoing, status);
    },
  });
}

test("Headers come through a middleware that wraps writeHead()", async (t) => {
  const headers = { "content-type": "text/x", "x-two": ["a", "b"] };
  async function* pieces() {
    yield "streamed";
  }
  for (const [body, length] of [["whole", "5"], [pieces(), null], [null, "0"]] as const) {
    const url = await serveBehind(t, wrapHead, {}, () => ({ status: 201, headers, body }));
    const answer = await fetch(url);
    assert.equal(answer.status, 201);
    const shown = ["content-type", "x-two", "content-length", "x-powered-by", "x-added"].map((name) => answer.headers.get(name));
    assert.deepEqual(shown, ["text/x", "a, b", length, "somebody", "late"]);
    assert.equal(await answer.text(), body === null ? "" : length === null ? "streamed" : body);
  }
});

test("Each piece of a stream goes out at once through a middleware that holds back what is written until it is flushed, as one that compresses does", async (t) => {
  let goOn = () => {};
  const given = new Promise<void>((resolve) => (goOn = resolve));
  async function* pieces() {
    yield "one";
    await given;
    yield "two";
  }
  const holdBack = (_incoming: IncomingMessage, outgoing: ServerResponse) => {
    const held: string[] = [];
    const { write, end } = outgoing;
    Object.assign(outgoing, {
      write: (text: string) => held.push(text) > 0,
      flush: () => write.call(outgoing, held.splice(0).join(""), "utf8"),
      end: () => end.call(outgoing, held.splice(0).join(""), "utf8"),
    });
  };
  const url = await serveBehind(t, holdBack, {}, () => ({ status: 200, headers: {}, body: pieces() }));
  const reader = (await fetch(url)).body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader?.read())?.value, "one");
  goOn();
  assert.equal((await reader?.read())?.value, "two");
  assert.equal((await reader?.read())?.done, true);
});

test("However often a stream waits for its reader, it listens once: middleware that compresses hands a listener on, and cannot take it back", async (t) => {
  let listeners = 0;
  const slow = (_incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { on } = outgoing;
    Object.assign(outgoing, {
      on(event: string, listener: () => void) {
        if (event === "drain") listeners++;
        return on.call(outgoing, event, listener);
      },
      write: () => !setImmediate(() => outgoing.emit("drain")),
    });
  };
  async function* pieces() {
    for (let at = 0; at < 30; at++) yield "x";
  }
  const url = await serveBehind(t, slow, {}, () => ({ status: 200, headers: {}, body: pieces() }));
  assert.equal(await (await fetch(url)).text(), "");
  assert.equal(listeners, 1);
});

/** As the tests of a framework send a request without any connection, such as Fastify's `inject()`: no close comes behind its end, and it is never complete. */
async function inject(listener: ReturnType<typeof toRequestListener>, url: string, body?: string): Promise<string> {
  const asked = new Readable({ autoDestroy: false, read: () => setImmediate(() => asked.push(asked.readableDidRead ? null : (body ?? null))) });
  const rawHeaders = ["host", "x", ...(body === undefined ? [] : ["content-length", String(body.length)])];
  // What such a framework makes is no more than what it looks like.
  const incoming = Object.assign(asked, { method: "POST", url, rawHeaders, headers: {}, httpVersion: "1.1", httpVersionMajor: 1, httpVersionMinor: 1, socket: new EventEmitter() }) as unknown as IncomingMessage;
  const outgoing = new ServerResponse(incoming);
  let text = "";
  outgoing.assignSocket(new Writable({ write: (piece, _encoding, done) => ((text += String(piece)), done()) }) as unknown as Socket);
  listener(incoming, outgoing);
  await once(outgoing, "finish");
  return text;
}

test("A request that a framework's tests have injected is answered, with a body or without, whole or in pieces", async () => {
  assert.match(await inject(toRequestListener(echo), "/x"), /^HTTP\/1\.1 200 [^]*\r\n\r\n\/x $/);
  assert.match(await inject(toRequestListener(echo), "/x", "hello"), /\r\n\r\n\/x hello$/);
  assert.match(await inject(toRequestListener(echo), "/x", "x".repeat(21)), /^HTTP\/1\.1 413 /);
  async function* pieces() {
    yield "one";
    yield "two";
  }
  assert.match(await inject(toRequestListener(() => ({ status: 200, headers: {}, body: pieces() })), "/x", "{}"), /one[^]*two/);
});

test("A request that is made of a cloud's event, with headers by their names alone, is one like all others", async () => {
  const asked = new Readable({ read: () => asked.push(asked.readableDidRead ? null : "hello") });
  const headers = { host: "x", "content-length": 5, "x-two": ["a", "b"] };
  // As serverless-http makes them: numbers are texts, and texts numbers. Its answers read headers by their names alone.
  class Answer extends ServerResponse {
    override writeHead(status: number, given?: unknown): this {
      for (const [name, value] of Object.entries(Object(given))) this.setHeader(name, String(value));
      return super.writeHead(status);
    }
  }
  const incoming = Object.assign(asked, { method: "POST", url: "/x", rawHeaders: [], headers, complete: true, httpVersion: "1.1", httpVersionMajor: "1", httpVersionMinor: "1", socket: new EventEmitter() }) as unknown as IncomingMessage;
  const seen: unknown[] = [];
  const listener = toRequestListener(async (request) => {
    seen.push(request.rawHeaders, Buffer.from((await request.body(5)) ?? []).toString());
    return { status: 200, headers: { "x-two": ["a", "b"] }, body: null };
  });
  const outgoing = new Answer(incoming);
  outgoing.assignSocket(new Writable({ write: (_piece, _encoding, done) => done() }) as unknown as Socket);
  listener(incoming, outgoing);
  await once(outgoing, "finish");
  assert.deepEqual({ ...outgoing.getHeaders() }, { "x-two": ["a", "b"], "content-length": "0" });
  assert.deepEqual([outgoing.statusCode, seen], [200, [["host", "x", "content-length", "5", "x-two", "a", "x-two", "b"], "hello"]]);
});

test("A framework that tells middleware by its third parameter waits for the answer", async (t) => {
  const listener = toRequestListener(echo);
  // As h3 calls what fromNodeMiddleware() was given.
  const call = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    new Promise<void>((resolve) => {
      if (listener.length > 2) outgoing.once("close", resolve);
      listener(incoming, outgoing);
      if (listener.length <= 2) resolve();
    });
  const server = createServer(async (incoming, outgoing) => {
    await call(incoming, outgoing);
    if (!outgoing.headersSent) outgoing.writeHead(404).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const address = server.address();
  assert.ok(isInfo(address));
  assert.equal(await (await fetch(`http://127.0.0.1:${address.port}/x`)).text(), "/x ");
});
