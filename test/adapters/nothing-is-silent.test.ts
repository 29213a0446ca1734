import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { toFetchHandler } from "../../src/adapters/fetch/index.ts";
import { embeddedWorkflows } from "../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { startServer } from "../../src/adapters/node-http/index.ts";
import { createNodeTimer } from "../../src/adapters/node-timer/index.ts";
import { createRest } from "../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, defineSubject, everyone, textId, type Authenticate, type Observation } from "../../src/domain/index.ts";

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
function watchStderr(t: TestContext): (readonly [sentence: string, error: string])[] {
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

test("Undefined that is thrown is a failure like any other", async (t) => {
  const written = watchStderr(t);
  const fail = defineAction({ key: "print", label: "Print", authorize: everyone, handle: () => Promise.reject(undefined) });
  const actions = createActions({ catalog: createCatalog({ actions: [fail], subjects: [] }), store: createMemoryStore({ clock }), clock, newId });
  assert.equal((await actions.execute({ key: "print", params: {}, identity, requestId: "asked-1" })).kind, "failed");
  assert.deepEqual(written, [["actionport: internal_error action=print requestId=asked-1", "undefined"]]);
});

test("What fails while something is read is written with the request's ID, by whatever route it was read", async (t) => {
  const written = watchStderr(t);
  const store = createMemoryStore({ clock });
  const fail = (): never => {
    throw new Error(CAUSE.message);
  };
  const away = { ...store, read: fail, list: fail, trail: fail, commit: fail, durable: fail };
  const definition = { param: "page", id: textId(), title: (page: { id: string }) => page.id };
  const Stored = defineSubject({ ...definition, class: "print.Stored", read: everyone });
  const Foreign = defineSubject({ ...definition, class: "print.Foreign", read: everyone, source: () => Promise.reject(new RangeError(CAUSE.message)) });
  const Odd = defineSubject({ ...definition, class: "print.Odd", read: fail });
  const Listed = defineSubject({ ...definition, class: "print.Listed", read: everyone, source: (ids) => ids.map((id) => ({ id })) });
  const print = defineAction({ key: "print", label: "Print", subject: Listed, authorize: everyone, preconditions: fail, handle: () => "Printed." });
  const timer = createNodeTimer({ clock });
  const workflows = { engine: embeddedWorkflows({ timer, random: () => 0 }) };
  const actions = createActions({ catalog: createCatalog({ actions: [print], subjects: [Stored, Foreign, Odd, Listed] }), store: away, clock, newId, timer, workflows });
  const answer = toFetchHandler(createRest({ actions, authenticate: known, clock, newId }));
  const paths = ["subjects", "openapi.json", "subjects/print.Stored", "subjects/print.Stored/a", "subjects/print.Foreign/a", "subjects/print.Odd/a", "subjects/print.Listed/a", "audit", "audit?order=ascending", "workflows", "workflows/a", "workflows/a/results"];
  for (const path of paths) {
    written.length = 0;
    await answer(new Request(`https://shop.example/api/v1/${path}`, { headers: REQUEST.headers }));
    assert.ok(written.length > 0, path);
    for (const [sentence] of written) assert.match(sentence, / requestId=asked-1$/, path);
  }
  for (const path of ["workflows/a/cancel", "workflows/a/signal/now"]) {
    written.length = 0;
    await answer(new Request(`https://shop.example/api/v1/${path}`, REQUEST));
    assert.match(String(written[0]?.[0]), / requestId=asked-1$/, path);
  }
});

test("What was foreseen is written nowhere", async (t) => {
  const written = watchStderr(t);
  const { handler } = openSilent({ authenticate: () => ({ authenticated: false, reason: "invalid_token" }) });
  assert.equal((await toFetchHandler(handler)(new Request(`https://shop.example${PATH}`, REQUEST))).status, 401);
  assert.equal((await toFetchHandler(handler)(new Request("https://shop.example/nowhere"))).status, 404);
  assert.deepEqual(written, []);
});
