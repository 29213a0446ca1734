import assert from "node:assert/strict";
import { test } from "node:test";
import { CallFailure, clientCredentials, createClient, refreshToken } from "../../../src/adapters/client/index.ts";
import { clientOf, fetchOf, openLab } from "./counters.ts";
import { cutResults } from "./cut-results.ts";
import { watched } from "./watched.ts";

const UNAVAILABLE = (status = 503, headers = {}) => Response.json({ success: false, message: "Not now.", code: status === 409 ? "conflict" : "unavailable" }, { status, headers });

test("An action is executed with its ID and parameters, and answers its result", async () => {
  const lab = openLab();
  const client = clientOf({ fetch: fetchOf(lab.handler) });
  assert.deepEqual(await client.execute("counters/add", 1, { by: 3 }), { message: "Added.", data: { id: 1, title: "Counter 1", count: 3 } });
  assert.deepEqual(await client.execute("counters/add", 1), { message: "Added.", data: { id: 1, title: "Counter 1", count: 4 } });
  assert.deepEqual(await client.execute("greet", { name: "Ada" }), { message: "Hello Ada." });
});

test("JSON is known as JSON however its type is written, and what only begins alike is not", async () => {
  const answerAs = (type: string) => clientOf({ fetch: async () => new Response(JSON.stringify({ success: true, message: "Fine." }), { headers: { "content-type": type } }) }).execute("greet", { name: "Ada" });
  for (const type of ["Application/JSON", "application/json;charset=UTF-8", "application/json ; charset=utf-8"]) assert.deepEqual(await answerAs(type), { message: "Fine." });
  for (const type of ["application/json-seq", "application/jsonp", "text/html"]) await assert.rejects(answerAs(type), { code: "unexpected_answer" });
});

test("What onRefreshed throws fails the calls that wait at once: another try would use up another refresh token", async () => {
  const watching = watched(async () => Response.json({ access_token: "t", refresh_token: "r2", token_type: "Bearer" }));
  const full = new Error("disk full");
  const auth = refreshToken({ clientId: "app", refreshToken: "r1", onRefreshed: () => Promise.reject(full) });
  const client = clientOf({ fetch: watching.fetch, auth });
  for (const call of [client.execute("greet", { name: "Ada" }), client.actions.list()]) await assert.rejects(call, { code: "unauthenticated", message: "onRefreshed failed.", cause: full });
  assert.equal(watching.sent.length, 1);
});

test("A code is a text whatever the server says, and a function that answers no token sends nothing", async () => {
  await assert.rejects(clientOf({ fetch: async () => Response.json({ success: false, message: "No.", code: 7 }, { status: 422 }) }).execute("greet", { name: "Ada" }), { code: "7" });
  const watching = watched(fetchOf(openLab().handler));
  // @ts-expect-error A mistake of plain JavaScript.
  await assert.rejects(clientOf({ fetch: watching.fetch, auth: () => undefined }).execute("greet", { name: "Ada" }), { code: "unauthenticated", message: "auth answered no token." });
  assert.equal(watching.sent.length, 0);
});

for (const [wrong, message] of [
  [{ baseUrl: undefined }, "baseUrl must begin with https:// or http://"],
  [{ baseUrl: "shop.example" }, "baseUrl must begin with https:// or http://"],
  [{ baseUrl: "localhost:3000" }, "baseUrl must begin with https:// or http://"],
  [{ auth: undefined }, "auth must be a string, a function, clientCredentials() or refreshToken()"],
  [{ auth: null }, "auth must be a string, a function, clientCredentials() or refreshToken()"],
  [{ auth: { clientId: "app", clientSecret: "s" } }, "auth must be a string, a function, clientCredentials() or refreshToken()"],
  [{ fetch: {} }, "fetch must be a function or undefined"],
  [{ clock: 5 }, "clock must be a function or undefined"],
  [{ timer: "x" }, "timer must be a function or undefined"],
  [{ random: 0.5 }, "random must be a function or undefined"],
  [{ newId: null }, "newId must be a function or undefined"],
  [{ maxTries: 0 }, "maxTries must be a number from 1, not 0"],
  [{ timeoutMs: "soon" }, "timeoutMs must be a number from 0, not soon"],
] as const) {
  test(`createClient says: ${message}, for ${Object.keys(wrong)[0]}: ${String(Object.values(wrong)[0])}`, () => {
    assert.throws(() => Reflect.apply(createClient, undefined, [{ baseUrl: "https://shop.example", auth: "t", ...wrong }]), new TypeError(`createClient: ${message}`));
  });
}

test("A fetch that is given is called as a function, since those of browsers refuse to be a method of anything else", async () => {
  const { handler } = openLab();
  function fetchOfWindow(this: unknown, ...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    if (this !== undefined) throw new TypeError("Illegal invocation");
    return fetchOf(handler)(input, init);
  }
  const client = clientOf({ fetch: fetchOfWindow });
  assert.equal((await client.execute("counters/add", 1, { by: 2 })).data.count, 2);
  for await (const line of client.bulk("counters/add", [1])) assert.ok("outcome" in line || line.success);
});

test("A preview says what would change and changes nothing", async () => {
  const lab = openLab();
  const { changes } = await clientOf({ fetch: fetchOf(lab.handler) }).preview("counters/add", 1);
  assert.deepEqual(changes.map(({ change, after }) => [change, after?.["count"]]), [["update", 1]]);
  assert.equal(lab.count(1), 0);
});

test("A preview's execute shows its ETag as the server gave it, whatever a proxy that compresses has made of it, and without one runs nothing", async () => {
  const lab = openLab();
  for (const [given, shown] of [['"seen"', '"seen"'], ['W/"seen"', '"seen"'], ['"seen-gzip"', '"seen"'], ['W/"seen-br"', '"seen"'], ['"W/seen-gzipped"', '"W/seen-gzipped"']] as const) {
    const tagged = watched(fetchOf(lab.handler), async (at, _request, answer) => {
      const response = await answer();
      if (at === 1) response.headers.set("etag", given);
      return response;
    });
    await (await clientOf({ fetch: tagged.fetch }).preview("counters/add", 1)).execute().catch(() => undefined);
    assert.equal(tagged.sent[1]?.headers.get("if-match"), shown);
  }
  const untagged = watched(fetchOf(lab.handler), async (_at, _request, answer) => {
    const response = await answer();
    response.headers.delete("etag");
    return response;
  });
  const seen = await clientOf({ fetch: untagged.fetch }).preview("counters/add", 1);
  await assert.rejects(() => seen.execute(), { code: "unexpected_answer" });
  assert.equal(untagged.sent.length, 1);
});

const FAILURES: readonly (readonly [sentence: string, call: (client: ReturnType<typeof clientOf>) => Promise<unknown>, expected: object])[] = [
  ["a declared error", (client) => client.execute("counters/add", 2, { by: 101 }), { code: "too_many", details: { count: 0 }, status: 422, message: "That is too many." }],
  ["a subject that there is not", (client) => client.execute("counters/add", 99), { code: "subject_not_found", status: 404 }],
  ["a wrong parameter", (client) => client.execute("counters/add", 1, { by: 1.5 }), { code: "invalid_params", errors: { by: ["by must be a whole number."] } }],
];
for (const [sentence, call, expected] of FAILURES) {
  test(`What fails is thrown with its code: ${sentence}`, async () => {
    const watching = watched(fetchOf(openLab().handler));
    await assert.rejects(call(clientOf({ fetch: watching.fetch })), expected);
    assert.equal(watching.sent.length, 1, "and is not tried again");
  });
}

test("A failure is known by the action that was called", async () => {
  const client = clientOf({ fetch: fetchOf(openLab().handler) });
  const error: unknown = await client.execute("counters/add", 2, { by: 101 }).catch((failed: unknown) => failed);
  assert.ok(client.isFailure(error, "counters/add") && error.code === "too_many" && error.details?.count === 0);
  assert.ok(client.isFailure(error) && !client.isFailure(error, "greet") && !client.isFailure(new Error("another")));
});

for (const [sentence, broken] of [
  ["a network failure", () => Promise.reject(new TypeError("fetch failed"))],
  ["409", () => UNAVAILABLE(409)],
  ["429", () => UNAVAILABLE(429, { "retry-after": "0" })],
  ["503", () => UNAVAILABLE()],
  ["an HTML page of 502", () => new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "content-type": "text/html" } })],
] as const) {
  test(`After ${sentence} the call is sent again under the same key`, async () => {
    const lab = openLab();
    const { sent, fetch } = watched(fetchOf(lab.handler), (at, _request, answer) => (at < 3 ? broken() : answer()));
    await clientOf({ fetch }).execute("counters/add", 1);
    assert.equal(sent.length, 3);
    assert.equal(new Set(sent.map(({ headers }) => headers.get("idempotency-key"))).size, 1);
    assert.equal(lab.count(1), 1);
  });
}

test("An answer that was cut at any byte is asked for again, acts once, and says that it was replayed", async () => {
  const whole = await (await fetchOf(openLab().handler)("http://lab.example/api/v1/actions/counters/add/execute/1", { method: "POST", headers: { authorization: "Bearer token" } })).text();
  for (let bytes = 0; bytes < whole.length; bytes++) {
    const lab = openLab();
    const { fetch } = watched(fetchOf(lab.handler), async (at, _request, answer) => {
      const response = await answer();
      return at > 1 ? response : new Response((await response.text()).slice(0, bytes), response);
    });
    assert.equal((await clientOf({ fetch }).execute("counters/add", 1)).replayed, true);
    assert.equal(lab.count(1), 1);
  }
});

test("There is an end to trying, by count and by time, and a caller may end it", async () => {
  const { sent, fetch } = watched(() => Promise.reject(new TypeError("down")));
  await assert.rejects(() => clientOf({ fetch, maxTries: 3 }).execute("counters/add", 1), { code: "network" });
  assert.equal(sent.length, 3);
  await assert.rejects(() => clientOf({ fetch, firstPauseMs: 1e6, maxPauseMs: 1e6, random: () => 0.9 }).execute("counters/add", 1), { code: "timeout" });
  const never: typeof globalThis.fetch = (_url, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
  await assert.rejects(() => clientOf({ fetch: never }).execute("counters/add", 1, {}, { timeoutMs: 1 }), { code: "timeout" });
  await assert.rejects(() => clientOf({ fetch: never }).execute("counters/add", 1, {}, { signal: AbortSignal.abort("enough") }), { code: "aborted" });
});

test("A pause is drawn from a range that doubles, and is never shorter than the server asks for", async () => {
  const pauses: number[] = [];
  const timer = (at: number, wake: () => void) => {
    if (at < 50_000) setImmediate(wake), pauses.push(at);
    return () => {};
  };
  const { fetch } = watched(() => Promise.reject(new Error("unused")), (at) => UNAVAILABLE(503, at === 3 ? { "retry-after": "7" } : {}));
  await assert.rejects(() => clientOf({ fetch, timer, clock: () => 0, random: () => 0.5, firstPauseMs: 200, maxPauseMs: 500 }).execute("counters/add", 1), { code: "unavailable" });
  assert.deepEqual(pauses, [100, 200, 7250, 250, 250]);
});

test("What has no key is sent once", async () => {
  const { sent, fetch } = watched(() => Promise.reject(new TypeError("down")));
  await assert.rejects(() => clientOf({ fetch }).workflow("w").signal("paid", {}), { code: "network" });
  await assert.rejects(() => clientOf({ fetch }).workflow("w").cancel(), { code: "network" });
  assert.equal(sent.length, 2);
});

test("A page of something else is told apart, and not taken for a success", async () => {
  for (const status of [200, 301, 404, 500]) {
    const { sent, fetch } = watched(async () => new Response("<p>Hello</p>", { status, headers: { "content-type": "text/html" } }));
    await assert.rejects(() => clientOf({ fetch }).execute("counters/add", 1), (error) => error instanceof CallFailure && error.code === "unexpected_answer" && error.status === status);
    assert.equal(sent.length, 1);
  }
});

test("JSON of something else is not taken for a success either, nor for a token", async () => {
  for (const answer of ["{}", '{"status":"ok"}', "[]", "1", '"x"', '{"success":"yes"}', '{"success":false,"message":"No."}']) {
    const { sent, fetch } = watched(async () => new Response(answer, { headers: { "content-type": "application/json" } }));
    const refused = { name: "CallFailure", code: "unexpected_answer", status: 200 };
    await assert.rejects(() => clientOf({ fetch }).execute("counters/add", 1), refused, answer);
    await assert.rejects(async () => await clientOf({ fetch }).bulk("counters/add", [1]), refused, answer);
    await assert.rejects(async () => await clientOf({ fetch }).actions.list(), refused, answer);
    await assert.rejects(() => clientOf({ fetch, auth: clientCredentials({ clientId: "c", clientSecret: "s" }) }).execute("counters/add", 1), refused, answer);
    assert.deepEqual(sent.map(({ url }) => new URL(url).pathname).filter((path) => path === "/oauth/token").length, 1);
    assert.equal(sent.length, 4);
  }
});

test("An answer, a failure, a token or a line larger than maxAnswerBytes ends the call at once, and the rest is not read", async () => {
  const lab = openLab();
  const whole = JSON.stringify({ success: true, message: "ö".repeat(40) });
  const bytes = new TextEncoder().encode(whole);
  const answering = (maxAnswerBytes: number, status = 200) => clientOf({ maxAnswerBytes, fetch: async () => new Response(bytes, { status, headers: { "content-type": "application/json" } }) });
  assert.deepEqual(await answering(bytes.length).execute("greet", { name: "Ada" }), { message: "ö".repeat(40) });
  const tooLarge = { code: "unexpected_answer" };
  for (const status of [200, 422]) await assert.rejects(answering(bytes.length - 1, status).execute("greet", { name: "Ada" }), { ...tooLarge, status, message: `The answer, of status ${status}, exceeds maxAnswerBytes, ${bytes.length - 1}.` });
  let pulled = 0;
  let cancelled = 0;
  const endless = (headers: Record<string, string>) => async () => new Response(new ReadableStream({ pull: (to) => (pulled++, to.enqueue(new Uint8Array(1000).fill(32))), cancel: () => void cancelled++ }), { headers });
  const client = clientOf({ maxAnswerBytes: 10_000, fetch: endless({ "content-type": "application/json" }) });
  for (const call of [() => client.execute("greet", { name: "Ada" }), () => client.bulk("counters/add", [1]), () => client.bulk("counters/add", [1])[Symbol.asyncIterator]().next(), () => client.audit.follow()[Symbol.asyncIterator]().next()]) {
    await assert.rejects(async () => await call(), { code: "unexpected_answer", message: "The answer, of status 200, exceeds maxAnswerBytes, 10000." });
  }
  const auth = clientCredentials({ clientId: "a", clientSecret: "b" });
  await assert.rejects(clientOf({ auth, maxAnswerBytes: 10_000, fetch: endless({}) }).execute("greet", { name: "Ada" }), { code: "unexpected_answer" });
  assert.deepEqual([cancelled, pulled < 5 * 15], [5, true], `${pulled}`);
  assert.deepEqual(await clientOf({ maxAnswerBytes: 200, fetch: fetchOf(lab.handler) }).execute("greet", { name: "Ada" }), { message: "Hello Ada." });
  await assert.rejects(async () => clientOf({ maxAnswerBytes: Number.NaN }), { name: "TypeError", message: "createClient: maxAnswerBytes must be a number from 0, not NaN" });
});

test("Tokens are got by one request for all, renewed before they expire, and once after a 401", async () => {
  let now = 0;
  let good = "";
  const lab = openLab((token) => token === good);
  const { sent, fetch } = watched(fetchOf(lab.handler), async (at, request, answer) => {
    if (!request.url.endsWith("/oauth/token")) return answer();
    good = `token-${at}`;
    return Response.json({ access_token: good, expires_in: 3600 });
  });
  const client = clientOf({ fetch, clock: () => now, auth: clientCredentials({ clientId: "id", clientSecret: "secret" }) });
  const tokens = () => sent.filter(({ url }) => url.endsWith("/oauth/token")).length;
  await Promise.all([1, 2, 3].map((id) => client.execute("counters/add", id)));
  assert.equal(tokens(), 1);
  assert.equal(await sent[0]?.text(), "grant_type=client_credentials&client_id=id&client_secret=secret");
  now = 3_540_000;
  await client.execute("counters/add", 1);
  assert.equal(tokens(), 2);
  good = "revoked";
  await Promise.all([1, 2, 3].map((id) => client.execute("counters/add", id)));
  assert.equal(tokens(), 3);
  assert.deepEqual([1, 2, 3].map(lab.count), [3, 2, 2]);
});

test("A refresh token is replaced by the one that was answered, and its owner is told before it is used", async () => {
  const told: (string | undefined)[] = [];
  const lab = openLab((token) => token === "b");
  const { sent, fetch } = watched(fetchOf(lab.handler), (_at, request, answer) => {
    if (!request.url.endsWith("/oauth/token")) return answer();
    return Response.json({ access_token: told.length === 0 ? "a" : "b", refresh_token: `r${told.length + 2}` });
  });
  const auth = refreshToken({ clientId: "app", refreshToken: "r1", onRefreshed: (answer) => void told.push(answer.refresh_token) });
  await clientOf({ fetch, auth }).execute("counters/add", 1);
  assert.deepEqual(told, ["r2", "r3"]);
  assert.equal(await sent[2]?.text(), "grant_type=refresh_token&refresh_token=r2&client_id=app");
});

test("A token endpoint that refuses is not asked again, and its secret is in no message", async () => {
  const { sent, fetch } = watched(async () => Response.json({ error: "invalid_client" }, { status: 401 }));
  await assert.rejects(() => clientOf({ fetch, auth: clientCredentials({ clientId: "id", clientSecret: "s3cret" }) }).execute("counters/add", 1), { code: "unauthenticated", message: "No token was given: invalid_client." });
  assert.equal(sent.length, 1);
});

test("A bulk call is awaited as one answer, or iterated result by result with progress and the summary last", async () => {
  const lab = openLab();
  const bulk = clientOf({ fetch: fetchOf(lab.handler) }).bulk("counters/add", [1, 99, 2], { by: 2 });
  const lines: unknown[] = [];
  for await (const line of bulk) lines.push("outcome" in line ? line : [line.id, line.success, line.done, line.total]);
  assert.deepEqual(lines, [[1, true, 1, 3], [2, true, 2, 3], [99, false, 3, 3], { outcome: "partial", message: "2 of 3 succeeded.", total: 3, succeeded: 2, failed: 1, skipped: 0 }]);
  const { succeeded, results } = await bulk;
  assert.deepEqual([succeeded, results.length, lab.count(1)], [2, 3, 2], "the same call is answered from memory");
});

// `npm run test:crash` cuts at every byte.
test("Results that are cut anywhere go on under the same key, each given once", () => cutResults(7));

test("Subjects are listed over pages or page by page, and shown with what could be done", async () => {
  const counters = clientOf({ fetch: fetchOf(openLab().handler) }).subjects<{ readonly id: number; readonly count: number }>("lab.Counter");
  const ids: number[] = [];
  for await (const { id } of counters.list({ limit: 7 })) ids.push(id);
  assert.deepEqual(ids.sort((a, b) => a - b), Array.from({ length: 20 }, (_, at) => at + 1));
  assert.equal((await counters.list({ q: "counter 1", limit: 5 })).data.length, 5);
  const { data, actions } = await counters.get(3);
  assert.deepEqual([data.count, actions.map(({ key, allowed }) => [key, allowed])], [0, [["counters/add", true]]]);
});

test("Actions are listed and described; an ID that no URL can bear is a TypeError", async () => {
  const client = clientOf({ fetch: fetchOf(openLab().handler) });
  assert.deepEqual((await client.actions.list()).map(({ key }) => key), ["counters/add", "greet"]);
  assert.equal((await client.actions.schema("greet"))["label"], "Greet");
  assert.throws(() => client.workflow(".."), TypeError);
});

test("A run is followed over streams that break, each state once, until it has ended", async () => {
  const event = (status: string) => `event: status\ndata: ${JSON.stringify({ id: "w", status })}\n\n`;
  const streams = [event("created"), `: still there\n\n${event("created")}${event("running")}event: sta`, `${event("running")}${event("completed")}`];
  const { fetch, sent } = watched(async () => new Response(streams[sent.length - 1], { headers: { "content-type": "text/event-stream" } }));
  const states: string[] = [];
  for await (const { status } of clientOf({ fetch }).workflow("w").events()) states.push(status);
  assert.deepEqual(states, ["created", "running", "completed"]);
});

test("Events are read by any end of a line but a bare return, with comments and fields that are not known", async () => {
  const fetch = async () => new Response('\ufeff: hello\r\nretry: 5\r\n\r\nid:1\r\nfoo: bar\r\ndata: {"id":"1"}\r\n\r\nid: 2\ndata:{"id":"2"}\n\n', { headers: { "content-type": "text/event-stream" } });
  const ids: string[] = [];
  for await (const { id } of clientOf({ fetch }).audit.follow()) if (ids.push(id) === 2) break;
  assert.deepEqual(ids, ["1", "2"]);
});

test("An event that came whole and is no JSON ends the stream, since it would come again", async () => {
  const watching = watched(async () => new Response("id: 1\ndata: {\n\n", { headers: { "content-type": "text/event-stream" } }));
  await assert.rejects(clientOf({ fetch: watching.fetch }).audit.follow().next(), (error: unknown) => error instanceof CallFailure && error.code === "network" && error.cause instanceof SyntaxError);
  assert.equal(watching.sent.length, 1);
});

test("A page that a proxy puts in the place of a stream is asked for as often as any try, and no more", async () => {
  const watching = watched(async () => new Response("<html>\n<p>Sign in</p>\n</html>\n", { headers: { "content-type": "text/html" } }));
  for (const stream of [clientOf({ fetch: watching.fetch, maxTries: 3 }).audit.follow(), clientOf({ fetch: watching.fetch, maxTries: 3 }).workflow("w").events()]) await assert.rejects(stream.next(), { code: "network" });
  assert.equal(watching.sent.length, 6);
});

test("A stream that is begun again leaves nothing of its tries behind, however many there were", async () => {
  const signals: AbortSignal[] = [];
  const fetch = async (_url: unknown, init?: RequestInit) => {
    signals.push(init?.signal ?? assert.fail());
    return new Response(`id: ${signals.length}\ndata: {"id":"${signals.length}"}\n\n`, { headers: { "content-type": "text/event-stream" } });
  };
  for await (const { id } of clientOf({ fetch }).audit.follow()) if (id === "4") break;
  assert.equal(new Set(signals).size, 4);
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true, true, true]);
});

test("The trail is followed behind the last entry that came, however often the stream breaks", async () => {
  const event = (id: string) => `id: ${id}\ndata: ${JSON.stringify({ id })}\n\n`;
  const streams = [`${event("1")}${event("2")}id: 3\nda`, event("3"), event("4")];
  const { fetch, sent } = watched(async () => new Response(streams[sent.length - 1], { headers: { "content-type": "text/event-stream" } }));
  const ids: string[] = [];
  for await (const { id } of clientOf({ fetch }).audit.follow({ after: "0" })) if (ids.push(id) === 4) break;
  assert.deepEqual(ids, ["1", "2", "3", "4"]);
  assert.deepEqual(sent.map(({ headers }) => headers.get("last-event-id")), [null, "2", "3"]);
  assert.match(sent[0]?.url ?? "", /audit\?after=0&order=ascending$/);
});

test("A sign of life says behind which entry to go on, where a filter leaves out all that comes", async () => {
  const event = (id: string) => `id: ${id}\nevent: entry\ndata: ${JSON.stringify({ id })}\n\n`;
  const streams = [`: still there\n\n${event("1")}id: 7\n: still there\n\n`, ": still there\n\n", `id: 9\n: still there\n\n${event("10")}`];
  const { fetch, sent } = watched(async () => new Response(streams[sent.length - 1], { headers: { "content-type": "text/event-stream" } }));
  const ids: string[] = [];
  for await (const { id } of clientOf({ fetch }).audit.follow({ action: "a" })) if (ids.push(id) === 2) break;
  assert.deepEqual(ids, ["1", "10"]);
  assert.deepEqual(sent.map(({ headers }) => headers.get("last-event-id")), [null, "7", "7"]);
});

test("An action's own code is no reason to try again, whatever it is called", async () => {
  for (const code of ["network", "unavailable"]) {
    const watching = watched(async () => Response.json({ success: false, message: "No.", code }, { status: 422 }));
    await assert.rejects(clientOf({ fetch: watching.fetch }).execute("greet", { name: "Ada" }), { code, status: 422 });
    assert.equal(watching.sent.length, 1);
  }
});

test("What no request can hold is a TypeError, and nothing is sent or tried again", async () => {
  const watching = watched(fetchOf(openLab().handler));
  const client = createClient({ baseUrl: "http://lab.test", auth: "token", fetch: watching.fetch });
  await assert.rejects(() => client.execute("greet", null, { name: 1n }), TypeError);
  await assert.rejects(() => client.preview("greet", null, { name: 1n }), TypeError);
  assert.throws(() => client.bulk("counters/add", [1], { by: 1n }), TypeError);
  const message = "idempotencyKey must be 1 to 255 printable ASCII characters";
  for (const idempotencyKey of ["", "€", "a\nb", "x".repeat(256)]) {
    await assert.rejects(() => client.execute("greet", null, { name: "Ada" }, { idempotencyKey }), new TypeError(message));
    assert.throws(() => client.bulk("counters/add", [1], {}, { idempotencyKey }), new TypeError(message));
  }
  assert.equal(watching.sent.length, 0);
});
