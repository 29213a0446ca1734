import assert from "node:assert/strict";
import { test } from "node:test";
import { toFetchHandler, type FetchHandlerOptions } from "../../../src/adapters/fetch/index.ts";
import type { HttpHandler, HttpRequest, HttpResponse } from "../../../src/adapters/http/message.ts";
import type { Observation } from "../../../src/domain/index.ts";

const URL_OF = "https://shop.example/api/v1/actions?after=a%2Fb";
const OK: HttpResponse = { status: 200, headers: { "x-request-id": "r-1" }, body: "fine" };

/** What a handler is given for a request. */
async function handed(request: Request, options?: FetchHandlerOptions): Promise<HttpRequest> {
  const seen: HttpRequest[] = [];
  await toFetchHandler((asked) => (seen.push(asked), OK), options)(request);
  return seen[0] ?? assert.fail("the handler was not asked");
}

/** A stream of pieces of which it is known how many were asked for and whether it was ended. */
function source(pieces: number, fail?: Error) {
  const state = { asked: 0, ended: 0 };
  const body = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (++state.asked > pieces) {
          if (fail !== undefined) throw fail;
          return { done: true as const, value: undefined };
        }
        return { done: false as const, value: `piece ${state.asked}\n` };
      },
      async return() {
        state.ended++;
        return { done: true as const, value: undefined };
      },
    }),
  };
  return { state, body };
}

test("The target is path and query as the URL has them, and what it is behind the prefix", async () => {
  assert.equal((await handed(new Request(URL_OF))).target, "/api/v1/actions?after=a%2Fb");
  assert.equal((await handed(new Request("https://shop.example"))).target, "/");
  assert.equal((await handed(new Request("https://shop.example/backend/api/v1/actions#x"), { prefix: "/backend" })).target, "/api/v1/actions");
  assert.equal((await handed(new Request("https://shop.example/backends/api"), { prefix: "/backend" })).target, "/backends/api");
});

test("The Host header is that of the URL where the platform shows none", async () => {
  assert.deepEqual((await handed(new Request(URL_OF))).rawHeaders, ["host", "shop.example"]);
});

test("The address is what the platform's function says, and none without it", async () => {
  const request = new Request(URL_OF, { headers: { "x-forwarded-for": "10.0.0.1" } });
  assert.equal((await handed(request)).remoteAddress, undefined);
  assert.equal((await handed(request, { clientAddress: () => "10.0.0.2" })).remoteAddress, "10.0.0.2");
});

test("A function for the address that throws fails the request that needs it, with the request's ID", async () => {
  const seen: Observation[] = [];
  const clientAddress = () => {
    throw new Error("no address");
  };
  const handler = toFetchHandler(({ remoteAddress }) => ({ ...OK, body: remoteAddress ?? "" }), { clientAddress, newId: () => "r-2", observe: (observation) => void seen.push(observation) });
  assert.equal((await handler(new Request(URL_OF))).status, 500);
  assert.deepEqual(seen.filter(({ error }) => error !== undefined).map(({ event, requestId, error }) => [event, requestId, String(error)]), [["internal_error", "r-2", "Error: no address"]]);
});

test("A client that goes away aborts the handler's signal", async () => {
  const gone = new AbortController();
  const { signal } = await handed(new Request(URL_OF, { signal: gone.signal }));
  assert.equal(signal?.aborted, false);
  gone.abort();
  assert.equal(signal?.aborted, true);
});

test("A body is read no further than the limit, and what is left of it is cancelled", async () => {
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream({ pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(10))), cancel: () => void (cancelled = true) }, { highWaterMark: 0 });
  const asked = await handed(new Request(URL_OF, { method: "POST", body, duplex: "half" }));
  assert.equal(await asked.body(25), null);
  assert.deepEqual([pulled, cancelled], [3, true]);
  assert.equal(await (await handed(new Request(URL_OF, { method: "POST", body: "12345", headers: { "content-length": "5" } }))).body(4), null);
  assert.equal((await (await handed(new Request(URL_OF, { method: "POST", body: "12345" }))).body(5))?.length, 5);
});

test("A body that breaks off is a client that has gone, and no failure of ours", async () => {
  const seen: Observation[] = [];
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
  const answer = await toFetchHandler(async (asked) => (await asked.body(10), OK), { observe: (observation) => void seen.push(observation) })(new Request(URL_OF, { method: "POST", body, duplex: "half" }));
  assert.equal(answer.status, 400);
  assert.deepEqual(seen.filter(({ event }) => event === "internal_error"), []);
});

test("A Request whose body was read before is an internal error whose cause names the remedy", async () => {
  const seen: Observation[] = [];
  const request = new Request(URL_OF, { method: "POST", body: "{}" });
  await request.text();
  const answer = await toFetchHandler(async (asked) => (await asked.body(10), OK), { observe: (observation) => void seen.push(observation) })(request);
  assert.equal(answer.status, 500);
  assert.match(String(seen[0]?.error), /^TypeError: the body of this Request was read before it came here; hand over the Request unread/);
  assert.equal(seen[0]?.requestId, answer.headers.get("x-request-id"));
});

test("Of a body in pieces no more is made than is read, and it ends when the reader cancels", async () => {
  const { state, body } = source(5);
  const { body: stream } = await toFetchHandler(() => ({ ...OK, body }))(new Request(URL_OF));
  const reader = stream?.getReader() ?? assert.fail();
  assert.equal(state.asked, 0);
  assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), "piece 1\n");
  assert.equal(state.asked, 1);
  await reader.cancel();
  assert.deepEqual(state, { asked: 1, ended: 1 });
});

for (const last of [{ done: true, value: undefined }, { done: false, value: "late" }] as const) {
  test(`A reader that leaves while a piece is made is no failure, though ${last.done ? "the end" : "the piece"} comes afterwards`, async () => {
    const seen: Observation[] = [];
    let give = (_piece: IteratorResult<string, undefined>) => {};
    const next = new Promise<IteratorResult<string, undefined>>((resolve) => (give = resolve));
    const body = { [Symbol.asyncIterator]: () => ({ next: () => next, return: async () => ({ done: true as const, value: undefined }) }) };
    const answer = await toFetchHandler(() => ({ ...OK, body }), { observe: (observation) => void seen.push(observation) })(new Request(URL_OF));
    const reader = answer.body?.getReader() ?? assert.fail();
    const reading = reader.read();
    await reader.cancel();
    give(last);
    await next;
    assert.equal((await reading).done, true);
    await new Promise(setImmediate);
    assert.deepEqual(seen, []);
  });
}

test("A body in pieces ends when the client goes away", async () => {
  const { state, body } = source(5);
  const gone = new AbortController();
  await toFetchHandler(() => ({ ...OK, body }))(new Request(URL_OF, { signal: gone.signal }));
  gone.abort();
  assert.equal(state.ended, 1);
});

test("A body that fails breaks off, and is told once with the request's ID", async () => {
  const seen: Observation[] = [];
  const { body } = source(1, new Error("disk"));
  const answer = await toFetchHandler(() => ({ ...OK, body }), { observe: (observation) => void seen.push(observation) })(new Request(URL_OF));
  await assert.rejects(answer.text(), /disk/);
  assert.deepEqual(seen.map(({ event, requestId, error }) => [event, requestId, String(error)]), [["internal_error", "r-1", "Error: disk"]]);
});

test("HEAD, 204 and 304 have no body, and one in pieces is ended unread", async () => {
  const { state, body } = source(5);
  const head = await toFetchHandler(() => ({ ...OK, body }))(new Request(URL_OF, { method: "HEAD" }));
  assert.deepEqual([head.status, head.body, state], [200, null, { asked: 0, ended: 1 }]);
  for (const status of [204, 304]) assert.equal((await toFetchHandler(() => ({ status, headers: {}, body: null }))(new Request(URL_OF))).body, null);
});

test("A header with several values goes out several times", async () => {
  const answer = await toFetchHandler(() => ({ ...OK, headers: { "set-cookie": ["a=1", "b=2"] } }))(new Request(URL_OF));
  assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
});

const BROKEN: readonly (readonly [sentence: string, handler: HttpHandler])[] = [
  ["throws", () => assert.fail("hunter2")],
  ["rejects", () => Promise.reject(new Error("hunter2"))],
  ["answers a header that is none", () => ({ ...OK, headers: { "x-bad": "a\nb" } })],
];

for (const [sentence, handler] of BROKEN) {
  test(`A handler that ${sentence} is an opaque 500, told once`, async () => {
    const seen: Observation[] = [];
    const answer = await toFetchHandler(handler, { newId: () => "r-2", observe: (observation) => void seen.push(observation) })(new Request(URL_OF));
    assert.deepEqual([answer.status, await answer.text()], [500, '{"success":false,"message":"Server error.","code":"internal_error"}']);
    assert.deepEqual(seen.filter(({ event }) => event === "internal_error").map(({ requestId }) => requestId), ["r-2"]);
  });
}

test("What is wrong with the options is said at once", () => {
  // @ts-expect-error A mistake of plain JavaScript.
  assert.throws(() => toFetchHandler({}), new TypeError("handler must be a function, not an object: give what createRest() answers"));
  // @ts-expect-error Another.
  assert.throws(() => toFetchHandler(() => OK, { clientAddress: "x-forwarded-for" }), new TypeError("clientAddress must be a function, not a string: it gets the Request and answers an address"));
  for (const prefix of ["backend", "/backend/", "/", "//x", "/a?b"]) {
    assert.throws(() => toFetchHandler(() => OK, { prefix }), new TypeError(`prefix: ${JSON.stringify(prefix)} is no path; write it with a slash before it and none behind, such as "/backend"`));
  }
});

test("What is no Request, such as a framework's context, is said with the remedy", async () => {
  const answer = toFetchHandler(() => OK);
  const request = new Request("http://x/");
  const message = "what came is no Request of the Fetch standard; hand that over, such as context.req.raw or event.request";
  for (const wrong of [undefined, { req: { raw: request } }, { url: new URL(request.url), request }]) await assert.rejects(Reflect.apply(answer, undefined, [wrong]), new TypeError(message));
});
