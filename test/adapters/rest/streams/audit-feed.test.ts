import assert from "node:assert/strict";
import { test } from "node:test";
import { createRest } from "../../../../src/adapters/rest/index.ts";
import type { HttpHandler, HttpResponse } from "../../../../src/adapters/http/message.ts";
import type { Authentication } from "../../../../src/domain/index.ts";
import { auditor, openCounters, stranger, worker, type Counters, type CountersOptions } from "../../../domain/counters.ts";
import { createTestTime } from "../../../../src/app/testing/test-time.ts";
import { quiet } from "../../../domain/timed-lab.ts";
import { serve } from "../../node-http/fixture.ts";
import { toRequest, type Sent } from "../harness.ts";

const AUDIT = "/api/v1/audit";
const REFUSED: Authentication = { authenticated: false, reason: "invalid_token" };

interface Scene {
  readonly counters: Counters;
  readonly handler: HttpHandler;
  /** What becomes of the reader's token. */
  reader: Authentication;
  act(requestId: string): Promise<void>;
  get(path: string, accept?: string, more?: Sent["headers"]): Promise<HttpResponse>;
}

function openScene(options: CountersOptions = {}): Scene {
  const counters = openCounters(options);
  const handler = createRest({
    actions: counters.actions,
    clock: () => counters.time.now,
    newId: () => "fresh",
    authenticate: (token) => (token === "reader" ? scene.reader : { authenticated: true, identity: token === "worker" ? worker : stranger }),
  });
  const scene: Scene = {
    counters,
    handler,
    reader: { authenticated: true, identity: auditor },
    async act(requestId) {
      const response = await handler(toRequest({ path: "/api/v1/actions/counters/add/execute/1", token: "worker", headers: [["X-Request-Id", requestId]] }));
      assert.equal(response.status, 200);
    },
    get: async (path, accept, more = []) => handler(toRequest({ method: "GET", path, token: "reader", headers: [...(accept === undefined ? [] : [["Accept", accept] as const]), ...more] })),
  };
  return scene;
}

function textOf({ body }: HttpResponse): string {
  assert.ok(typeof body === "string");
  return body;
}

function read({ status, headers, body }: HttpResponse): AsyncIterator<string> {
  assert.deepEqual([status, headers["content-type"], headers["x-accel-buffering"]], [200, "text/event-stream; charset=utf-8", "no"]);
  assert.ok(body !== null && typeof body !== "string");
  return body[Symbol.asyncIterator]();
}

/** The parts of an event: its ID, and the request ID of its entry. */
function parse(event: unknown): { readonly id: string; readonly request: string; readonly entry: { readonly [name: string]: unknown } } {
  const [, id = "", data = ""] = /^id: (.+)\nevent: entry\ndata: (.+)\n\n$/.exec(String(event)) ?? [];
  const entry = JSON.parse(data);
  assert.equal(entry.id, id);
  return { id, request: entry.request_id, entry };
}

test("The trail is read upwards from any entry, a page at a time, and newest first without a word", async () => {
  const { act, get } = openScene();
  for (const id of ["a", "b", "c"]) await act(id);
  const requests = async (query: string) => {
    const { data, next } = JSON.parse(textOf(await get(`${AUDIT}${query}`)));
    return [data.map(({ request_id }: { request_id: string }) => request_id), next];
  };
  assert.deepEqual(await requests(""), [["c", "b", "a"], null]);
  assert.deepEqual(await requests("?order=ascending"), [["a", "b", "c"], null]);
  const [first, next] = await requests("?order=ascending&limit=2");
  assert.deepEqual(first, ["a", "b"]);
  assert.deepEqual(await requests(`?order=ascending&limit=2&after=${next}`), [["c"], null]);
  const wrong = await get(`${AUDIT}?order=up`);
  assert.deepEqual([wrong.status, textOf(wrong)], [422, '{"success":false,"message":"order must be ascending or descending.","code":"invalid_params","errors":{"order":["order must be ascending or descending."]}}']);
});

test("An entry of a call over HTTP says so", async () => {
  const { act, get } = openScene();
  await act("a");
  const [entry] = JSON.parse(textOf(await get(AUDIT))).data;
  assert.equal(entry.via, "http");
});

test("A page comes by lines for those who ask for lines", async () => {
  const { act, get } = openScene();
  for (const id of ["a", "b", "c"]) await act(id);
  const response = await get(`${AUDIT}?order=ascending&limit=2`, "application/x-ndjson");
  assert.equal(response.headers["content-type"], "application/x-ndjson; charset=utf-8");
  const text = textOf(response);
  assert.ok(text.endsWith("\n"));
  const lines = text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ request_id }) => request_id), ["a", "b"]);
  const behind = await get(`${AUDIT}?order=ascending&after=${lines.at(-1).id}`, "application/x-ndjson");
  assert.match(textOf(behind), /^\{.*"request_id":"c".*\}\n$/);
});

test("The trail goes on as events, each with the ID that its reader resumes behind", async () => {
  const { act, get } = openScene();
  for (const id of ["a", "b"]) await act(id);
  const reader = read(await get(`${AUDIT}?order=ascending`, "text/event-stream"));
  const [a, b] = [parse((await reader.next()).value), parse((await reader.next()).value)];
  assert.deepEqual([a.request, b.request], ["a", "b"]);
  const coming = reader.next();
  await act("c");
  assert.equal(parse((await coming).value).request, "c");
  await reader.return?.();
  const again = read(await get(AUDIT, "text/event-stream", [["Last-Event-ID", b.id]]));
  assert.equal(parse((await again.next()).value).request, "c");
  const neither = read(await get(`${AUDIT}?after=${b.id}`, "text/event-stream", [["Last-Event-ID", ""]]));
  assert.equal(parse((await neither.next()).value).request, "c", "an ID that is empty says nothing");
  const both = read(await get(`${AUDIT}?after=${a.id}`, "text/event-stream", [["Last-Event-ID", b.id]]));
  assert.equal(parse((await both.next()).value).request, "c", "where it came to counts more than where it began");
  const behind = read(await get(`${AUDIT}?after=${a.id}&limit=1`, "text/event-stream"));
  assert.equal(parse((await behind.next()).value).request, "b");
});

for (const [accept, type] of [
  ["application/json, text/event-stream", "text/event-stream"],
  ["application/json, text/event-stream;q=0.5", "application/json"],
  ["text/event-stream;q=0.5, */*", "application/json"],
  ["text/event-stream;q=0.5, */*;q=0.1", "text/event-stream"],
  ["text/event-stream;q=0", "application/json"],
  ["application/x-ndjson, text/event-stream;q=0.5", "application/x-ndjson"],
  ["application/x-ndjson, text/event-stream", "text/event-stream"],
  ["application/x-ndjson;q=0.5, application/json", "application/json"],
  ["Application/X-NDJSON", "application/x-ndjson"],
  ["Text/Event-Stream", "text/event-stream"],
  ["*/*", "application/json"],
] as const) {
  test(`For Accept: ${accept} the trail comes as ${type}`, async () => {
    const { headers, body } = await openScene().get(AUDIT, accept);
    assert.equal(headers["content-type"], `${type}; charset=utf-8`);
    if (body !== null && typeof body !== "string") await body[Symbol.asyncIterator]().return?.();
  });
}

test("A name that the trail cannot be asked for is refused in each of its forms, but not told to those who may not read it", async () => {
  const scene = openScene();
  const sentence = "actor is nothing to ask for here. Use one of: action, subject, identity, order, after, limit.";
  for (const accept of ["application/json", "application/x-ndjson", "text/event-stream"]) {
    const refused = await scene.get(`${AUDIT}?limit=1&actor=nancy`, accept);
    assert.deepEqual([refused.status, JSON.parse(textOf(refused))], [422, { success: false, message: sentence, code: "invalid_params", errors: { actor: [sentence] } }]);
  }
  scene.reader = { authenticated: true, identity: worker };
  assert.equal((await scene.get(`${AUDIT}?actor=nancy`)).status, 403);
});

test("Events are filtered as pages are, and come upwards only", async () => {
  const { act, counters, get } = openScene();
  const reader = read(await get(`${AUDIT}?subject=test.Counter:2`, "text/event-stream"));
  const coming = reader.next();
  await act("a");
  await counters.actions.execute({ key: "counters/add", identity: worker, subject: "2", requestId: "b" });
  assert.equal(parse((await coming).value).request, "b");
  const down = await get(`${AUDIT}?order=descending`, "text/event-stream");
  assert.deepEqual([down.status, JSON.parse(textOf(down)).errors], [422, { order: ["order must be ascending for a stream of events, or be left out."] }]);
});

test("A sign of life says behind which entry its reader would go on, which for one who filters is one that it was not given", async () => {
  const time = createTestTime();
  const { act, counters, get } = openScene({ clock: time.clock, timer: time.timer });
  await counters.actions.execute({ key: "counters/add", identity: worker, subject: "2" });
  const reader = read(await get(`${AUDIT}?subject=test.Counter:2`, "text/event-stream"));
  const { id } = parse((await reader.next()).value);
  const sign = reader.next();
  await act("a");
  await quiet();
  time.pass(15_000);
  const behind = String(Number(id) + 1).padStart(id.length, "0");
  assert.equal((await sign).value, `id: ${behind}\n: still there\n\n`);
});

test("Whoever goes on behind an entry that is no more is told, and not served with a gap", async () => {
  const { act, get, counters } = openScene({ maxTrailEntries: 3 });
  for (const id of ["a", "b", "c", "d", "e"]) await act(id);
  const lost = "The trail has no entry with the ID in after, or has one no more, so entries behind it may be missing. Begin again without after.";
  const idOf = (n: number) => String(n).padStart(16, "0");
  for (const after of [idOf(1), idOf(99), "x"]) {
    const asked = [await get(`${AUDIT}?order=ascending&after=${after}`), await get(`${AUDIT}?order=ascending&after=${after}`, "application/x-ndjson"), await get(`${AUDIT}?after=${after}`, "text/event-stream"), await get(AUDIT, "text/event-stream", [["Last-Event-ID", after]])];
    for (const response of asked) assert.deepEqual([response.status, JSON.parse(textOf(response))], [422, { success: false, message: lost, code: "invalid_params", errors: { after: [lost] } }]);
    assert.equal((await get(`${AUDIT}?after=${after}`)).status, 200);
  }
  const reader = read(await get(`${AUDIT}?after=${idOf(2)}`, "text/event-stream"));
  assert.equal(parse((await reader.next()).value).request, "c", "the next one is still there");
  for (const id of ["f", "g", "h", "i"]) await counters.actions.execute({ key: "counters/add", identity: worker, subject: "1", requestId: id });
  assert.deepEqual([parse((await reader.next()).value).request, parse((await reader.next()).value).request], ["d", "e"], "what had been read");
  assert.deepEqual(await reader.next(), { done: true, value: undefined }, "f has gone before it was read");
});

test("Whoever may not view the trail gets no stream of it", async () => {
  const scene = openScene();
  scene.reader = { authenticated: true, identity: worker };
  const { status, headers } = await scene.get(AUDIT, "text/event-stream");
  assert.deepEqual([status, headers["www-authenticate"]], [403, 'Bearer realm="actionport", error="insufficient_scope", scope="view_audit"']);
});

for (const [sentence, becomes] of [
  ["the token counts no more", REFUSED],
  ["the permission was taken away", { authenticated: true, identity: worker }],
] as const) {
  test(`A stream of the trail ends without one more event when ${sentence}`, async () => {
    const scene = openScene();
    await scene.act("a");
    const reader = read(await scene.get(AUDIT, "text/event-stream"));
    await reader.next();
    const next = reader.next();
    scene.reader = becomes;
    await scene.act("b");
    assert.deepEqual(await next, { done: true, value: undefined });
  });
}

test("A reader who takes nothing is waited for, with nothing read ahead but a page", async (t) => {
  const { act, handler } = openScene();
  const { open } = await serve(t, ({ request }) => handler(request));
  const connection = open().send([`GET ${AUDIT} HTTP/1.1`, "Host: a", "Authorization: Bearer reader", "Accept: text/event-stream"]);
  await connection.readUntil("\r\n\r\n");
  for (let n = 0; n < 250; n++) await act(`r${n}`);
  await connection.readUntil('"request_id":"r249"');
});
