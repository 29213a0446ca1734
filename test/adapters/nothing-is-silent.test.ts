import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { toFetchHandler } from "../../src/adapters/fetch/index.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { startServer } from "../../src/adapters/node-http/index.ts";
import { createRest } from "../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, everyone, type Authenticate, type Observation } from "../../src/domain/index.ts";

const CAUSE = new Error("the printer is on fire");
const identity = createIdentity({ kind: "user", id: "nancy", permissions: ["*"] });
const known: Authenticate = () => ({ authenticated: true, identity });
const clock = () => 0;
const newId = () => "made-1";

/** An application that nobody observes, with one action that fails, unless told otherwise. */
function openSilent({ authenticate = known, actions: observeActions = {}, rest = {} }: { authenticate?: Authenticate; actions?: object; rest?: object } = {}) {
  const fail = defineAction({ key: "print", label: "Print", authorize: everyone, handle: () => Promise.reject(new Error(CAUSE.message)) });
  const actions = createActions({ catalog: createCatalog({ actions: [fail], subjects: [] }), store: createMemoryStore({ clock }), clock, newId, ...observeActions });
  return { actions, handler: createRest({ actions, authenticate, clock, newId, ...rest }) };
}

/** What is written to stderr during the test. */
function watchStderr(t: TestContext): readonly (readonly [sentence: string, error: string])[] {
  const written: (readonly [string, string])[] = [];
  t.mock.method(console, "error", (sentence: unknown, error: unknown) => void written.push([String(sentence).trimEnd(), String(error)]));
  return written;
}

const REQUEST = { method: "POST", headers: { authorization: "Bearer x", "x-request-id": "asked-1" } };
const PATH = "/api/v1/actions/print/execute";

test("A failure of an action that nobody observes is written to stderr once, with the request's ID, whatever transport it came by", async (t) => {
  const written = watchStderr(t);
  const { actions, handler } = openSilent();
  const expected = ["actionport: internal_error action=print requestId=asked-1", "Error: the printer is on fire"] as const;
  assert.equal((await actions.execute({ key: "print", params: {}, identity, requestId: "asked-1" })).kind, "failed");
  assert.deepEqual(written, [expected]);
  assert.equal((await toFetchHandler(handler)(new Request(`https://shop.example${PATH}`, REQUEST))).status, 500);
  assert.deepEqual(written, [expected, expected]);
  const server = await startServer({ port: 0, createHandler: () => handler });
  t.after(() => server.close());
  assert.equal((await fetch(`${server.url}${PATH}`, REQUEST)).status, 500);
  assert.deepEqual(written, [expected, expected, expected]);
});

test("A token check that fails is written once, with the request's ID", async (t) => {
  const written = watchStderr(t);
  const { handler } = openSilent({ authenticate: () => Promise.reject(CAUSE) });
  assert.equal((await toFetchHandler(handler)(new Request(`https://shop.example${PATH}`, REQUEST))).status, 500);
  assert.deepEqual(written, [["actionport: internal_error requestId=asked-1", "Error: the printer is on fire"]]);
});

test("A handler of somebody else's that throws is written once by each transport, with the ID that the answer has", async (t) => {
  const written = watchStderr(t);
  const server = await startServer({ port: 0, newId, createHandler: () => () => Promise.reject(new Error(CAUSE.message)) });
  t.after(() => server.close());
  assert.equal((await fetch(server.url)).headers.get("x-request-id"), "made-1");
  const answer = await toFetchHandler(() => Promise.reject(new Error(CAUSE.message)), { newId })(new Request("https://shop.example"));
  assert.equal(answer.headers.get("x-request-id"), "made-1");
  const expected = ["actionport: internal_error requestId=made-1", "Error: the printer is on fire"];
  assert.deepEqual(written, [expected, expected]);
});

test("What two layers meet in one request is written once, and again in the next request", async (t) => {
  const written = watchStderr(t);
  const cause = new Error("both meet it");
  const { handler } = openSilent({ authenticate: () => Promise.reject(cause) });
  const twice = toFetchHandler(async (request) => {
    await handler(request);
    throw cause;
  });
  for (const id of ["asked-1", "asked-2"]) await twice(new Request(`https://shop.example${PATH}`, { ...REQUEST, headers: { ...REQUEST.headers, "x-request-id": id } }));
  assert.deepEqual(written.map(([sentence]) => sentence), ["actionport: internal_error requestId=asked-1", "actionport: internal_error requestId=asked-2"]);
});

test("With observe everywhere nothing is written, and each failure is told once", async (t) => {
  const written = watchStderr(t);
  const seen: Observation[] = [];
  const observe = (observation: Observation) => void (observation.error !== undefined && seen.push(observation));
  const { handler } = openSilent({ actions: { observe }, rest: { observe } });
  assert.equal((await toFetchHandler(handler, { observe })(new Request(`https://shop.example${PATH}`, REQUEST))).status, 500);
  assert.deepEqual([written.length, seen.map(({ event, requestId }) => [event, requestId])], [0, [["internal_error", "asked-1"]]]);
});

test("What was foreseen is written nowhere", async (t) => {
  const written = watchStderr(t);
  const { handler } = openSilent({ authenticate: () => ({ authenticated: false, reason: "invalid_token" }) });
  assert.equal((await toFetchHandler(handler)(new Request(`https://shop.example${PATH}`, REQUEST))).status, 401);
  assert.equal((await toFetchHandler(handler)(new Request("https://shop.example/nowhere"))).status, 404);
  assert.deepEqual(written, []);
});
