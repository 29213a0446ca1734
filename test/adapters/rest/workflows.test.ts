import assert from "node:assert/strict";
import { test } from "node:test";
import { createRest } from "../../../src/adapters/rest/index.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import { CLERK, Counter, countedId, MANAGER, openLab, OTHER, VIEWER, type Lab } from "../embedded-workflows/lab.ts";
import { defineAction, defineWorkflow, everyone, text, type Identity } from "../../../src/domain/index.ts";
import { toRequest, TRANSPORTS, type Received, type Sent, type Transport } from "./harness.ts";

const NOTE = { note: text({ max: 10 }) };
const waits = defineWorkflow({
  name: "waits",
  signals: { note: NOTE },
  async run(flow) {
    flow.progress(1, 2);
    const { note } = await flow.waitFor("note", NOTE);
    return { note };
  },
});
const touch = defineAction({ key: "touch", label: "Touch", subject: Counter, authorize: everyone, handle: () => "Touched." });
const IDENTITIES = new Map<string, Identity>([["clerk", CLERK], ["other", OTHER], ["viewer", VIEWER], ["manager", MANAGER]]);

/** A lab behind the API, and one run that waits. */
interface Scene {
  readonly lab: Lab;
  readonly handler: HttpHandler;
  readonly id: string;
  call(sent: Sent): Promise<Received>;
}

async function openScene(send: Transport): Promise<Scene> {
  const lab = await openLab({ workflows: [waits], actions: [touch] });
  const handler = createRest({
    actions: lab.actions,
    clock: lab.time.clock,
    newId: countedId,
    observe: ({ event, error }) => void (event === "internal_error" && assert.fail(String(error))),
    authenticate(token) {
      const identity = IDENTITIES.get(token);
      return identity === undefined ? { authenticated: false, reason: "invalid_token" } : { authenticated: true, identity };
    },
  });
  const id = await lab.start(waits);
  await lab.until(id, "waiting");
  return { lab, handler, id, call: (sent) => send(handler, { method: "GET", token: "clerk", ...sent }) };
}

const NOT_FOUND = { success: false, message: "There is no such workflow.", code: "not_found" };
const RUN = "/api/v1/workflows/ID";

/** The run that waits, in full. */
const shown = (id: string, change: object = {}) => ({
  id,
  name: "waits",
  action: "start/waits",
  subject: null,
  status: "waiting",
  progress: { done: 1, total: 2 },
  created_at: "2026-11-23T10:00:00.000Z",
  updated_at: "2026-11-23T10:00:00.000Z",
  poll_after_ms: 6000,
  ...change,
});

function refusedName(name: string, known: string): object {
  const sentence = `${name} is nothing to ask for here. Use one of: ${known}.`;
  return { success: false, message: sentence, code: "invalid_params", errors: { [name]: [sentence] } };
}

const CASES: readonly (readonly [sentence: string, sent: Sent, status: number, body: (id: string) => unknown, headers?: Readonly<Record<string, string>>])[] = [
  ["a run is shown to whoever started it", { path: RUN }, 200, (id) => ({ success: true, ...shown(id) })],
  ["and to whoever holds view_workflows", { path: RUN, token: "viewer" }, 200, (id) => ({ success: true, ...shown(id) })],
  ["a run that is not visible is as unknown as one that there is not", { path: RUN, token: "other" }, 404, () => NOT_FOUND],
  ["an unknown run", { path: "/api/v1/workflows/unknown" }, 404, () => NOT_FOUND],
  ["an ID that is no UTF-8", { path: "/api/v1/workflows/%FF" }, 404, () => NOT_FOUND],
  ["an unknown run's events", { path: "/api/v1/workflows/unknown", headers: [["Accept", "text/event-stream"]] }, 404, () => NOT_FOUND],
  ["an invisible run's results", { path: `${RUN}/results`, token: "other" }, 404, () => NOT_FOUND],
  ["an invisible run is not cancelled", { path: `${RUN}/cancel`, method: "POST", token: "other" }, 404, () => NOT_FOUND],
  ["nor does it get signals", { path: `${RUN}/signal/note`, method: "POST", token: "other", json: { note: "a" } }, 404, () => NOT_FOUND],
  ["whoever only views may not cancel", { path: `${RUN}/cancel`, method: "POST", token: "viewer" }, 403, () => ({ success: false, message: "You may not do this.", code: "forbidden" }), { "www-authenticate": 'Bearer realm="actionport", error="insufficient_scope", scope="manage_workflows"' }],
  ["without a token", { path: RUN, token: null }, 401, () => ({ success: false, message: "Unauthenticated.", code: "unauthenticated" })],
  ["the token comes before the run", { path: "/api/v1/workflows/unknown", token: "wrong" }, 401, () => ({ success: false, message: "Unauthenticated.", code: "unauthenticated" })],
  ["the method comes before the token", { path: RUN, method: "POST", token: null }, 405, () => ({ success: false, message: "Use one of GET, HEAD, OPTIONS here.", code: "method_not_allowed" }), { allow: "GET, HEAD, OPTIONS" }],
  ["a run is cancelled by POST alone", { path: `${RUN}/cancel` }, 405, () => ({ success: false, message: "Use one of POST, OPTIONS here.", code: "method_not_allowed" }), { allow: "POST, OPTIONS" }],
  ["there is nothing else below a run", { path: `${RUN}/nothing` }, 404, () => ({ success: false, message: "There is nothing here.", code: "not_found" })],
  ["a signal has a name", { path: `${RUN}/signal/`, method: "POST" }, 404, () => ({ success: false, message: "There is nothing here.", code: "not_found" })],
  ["a signal that the workflow does not take", { path: `${RUN}/signal/unheard`, method: "POST", json: {} }, 404, () => ({ success: false, message: "This workflow takes no signal of that name.", code: "not_found" })],
  ["a signal that does not fit", { path: `${RUN}/signal/note`, method: "POST", json: { note: "much too long" } }, 422, () => ({ success: false, message: "note must have at most 10 characters.", code: "invalid_params", errors: { note: ["note must have at most 10 characters."] } })],
  ["a signal that is no JSON", { path: `${RUN}/signal/note`, method: "POST", body: "{", headers: [["Content-Type", "application/json"]] }, 400, () => ({ success: false, message: "The body must be JSON, with no name twice in one object and at most 32 levels deep.", code: "malformed_request" })],
  ["a signal with a number that nothing can keep", { path: `${RUN}/signal/note`, method: "POST", body: '{"note":1e999}', headers: [["Content-Type", "application/json"]] }, 400, () => ({ success: false, message: "A number in the body is too large to be kept.", code: "malformed_request" })],
  ["a signal is answered with the run", { path: `${RUN}/signal/note`, method: "POST", json: { note: "a" } }, 200, (id) => ({ success: true, ...shown(id) })],
  ["the list", { path: "/api/v1/workflows?status=waiting&limit=1" }, 200, (id) => ({ success: true, data: [shown(id)], next: null })],
  ["the list of another", { path: "/api/v1/workflows", token: "other" }, 200, () => ({ success: true, data: [], next: null })],
  ["a status that there is not", { path: "/api/v1/workflows?status=lost" }, 422, () => ({ success: false, message: "status must be one of created, pending, running, waiting, completed, failed, continued, cancelled.", code: "invalid_params", errors: { status: ["status must be one of created, pending, running, waiting, completed, failed, continued, cancelled."] } })],
  ["a limit out of range", { path: "/api/v1/workflows?limit=0" }, 422, () => ({ success: false, message: "limit must be a whole number from 1 to 200.", code: "invalid_params", errors: { limit: ["limit must be a whole number from 1 to 200."] } })],
  ["a name that the list cannot be asked for", { path: "/api/v1/workflows?state=waiting" }, 422, () => refusedName("state", "status, after, limit")],
  ["a name that results cannot be asked for", { path: `${RUN}/results?page=2` }, 422, () => refusedName("page", "after, limit")],
  ["an invisible run's results come before what is asked for", { path: `${RUN}/results?page=2`, token: "other" }, 404, () => NOT_FOUND],
  ["no results", { path: `${RUN}/results` }, 200, () => ({ success: true, data: [], next: null })],
];

for (const [transport, send, without] of TRANSPORTS) {
  for (const [sentence, sent, status, body, headers = {}] of CASES) {
    test(`${transport}: ${sentence}`, { skip: without?.get(sentence) ?? false }, async () => {
      const { id, call } = await openScene(send);
      const received = await call({ ...sent, path: sent.path.replace("ID", id) });
      assert.deepEqual([received.status, JSON.parse(received.text)], [status, body(id)]);
      for (const [name, value] of Object.entries({ "cache-control": "no-store", "content-type": "application/json; charset=utf-8", ...headers })) assert.equal(received.headers[name], value);
    });
  }

  test(`${transport}: HEAD and OPTIONS answer as HTTP says`, async () => {
    const { id, call } = await openScene(send);
    for (const headers of [[], [["Accept", "text/event-stream"]]] as const) {
      const head = await call({ path: `/api/v1/workflows/${id}`, method: "HEAD", headers });
      assert.deepEqual([head.status, head.text], [200, ""]);
    }
    const options = await call({ path: `/api/v1/workflows/${id}/cancel`, method: "OPTIONS" });
    assert.deepEqual([options.status, options.headers["allow"]], [204, "POST, OPTIONS"]);
  });

  test(`${transport}: an action and an asynchronous bulk call answer with the workflow; results come by pages and as lines`, async () => {
    const { call, lab } = await openScene(send);
    const started = JSON.parse((await call({ path: "/api/v1/actions/start/waits/execute", method: "POST", json: { input: "{}" } })).text);
    assert.deepEqual(started, { success: true, workflow_id: started.workflow_id });
    for (const headers of [[], [["Accept", "application/x-ndjson"]]] as const) {
      const { status, text } = await call({ path: "/api/v1/actions/touch/bulk", method: "POST", json: { ids: [1, "x", 2], async: true }, headers });
      const { workflow_id: id, ...rest } = JSON.parse(text);
      assert.deepEqual([status, rest], [200, { success: true }]);
      const { result } = await lab.end(id);
      assert.deepEqual(result, { success: false, outcome: "partial", message: "2 of 3 succeeded.", total: 3, succeeded: 2, failed: 1, skipped: 0 });
      const entries = [
        { index: 0, id: 1, success: true, status: 200, message: "Touched." },
        { index: 1, id: "x", success: false, status: 404, message: "There is no such subject.", code: "subject_not_found" },
        { index: 2, id: 2, success: true, status: 200, message: "Touched." },
      ];
      const first = JSON.parse((await call({ path: `/api/v1/workflows/${id}/results?limit=2` })).text);
      assert.deepEqual(first.data, entries.slice(0, 2));
      const second = JSON.parse((await call({ path: `/api/v1/workflows/${id}/results?limit=2&after=${first.next}` })).text);
      assert.deepEqual(second, { success: true, data: entries.slice(2), next: null });
      const lines = await call({ path: `/api/v1/workflows/${id}/results`, headers: [["Accept", "application/x-ndjson"]] });
      assert.equal(lines.headers["content-type"], "application/x-ndjson; charset=utf-8");
      assert.deepEqual(lines.text.trimEnd().split("\n").map((line) => JSON.parse(line)), entries);
    }
  });

  test(`${transport}: the events end with the run`, async () => {
    const { id, call, lab } = await openScene(send);
    const streamed = call({ path: `/api/v1/workflows/${id}`, headers: [["Accept", "text/event-stream"]] });
    await call({ path: `/api/v1/workflows/${id}/cancel`, method: "POST" });
    const { status, headers, text } = await streamed;
    assert.deepEqual([status, headers["content-type"], headers["cache-control"], headers["x-accel-buffering"]], [200, "text/event-stream; charset=utf-8", "no-store", "no"]);
    const events = text.trimEnd().split("\n\n").map((event) => event.split("\n"));
    assert.ok(events.every(([name]) => name === "event: status"));
    const last = JSON.parse((events.at(-1)?.[1] ?? "").slice("data: ".length));
    assert.deepEqual(last, shown(id, { status: "cancelled", error: "It was cancelled.", poll_after_ms: null }));
    assert.equal((await lab.show(id)).status, "cancelled");
  });
}

test("more than 100,000 subjects are refused, and 100,000 are not", async () => {
  const { lab } = await openScene(TRANSPORTS[0]?.[1] ?? assert.fail());
  const bulk = (count: number) => lab.actions.bulk({ key: "touch", identity: CLERK, input: { ids: Array.from({ length: count }, (_, id) => id), async: true } });
  assert.deepEqual(Object(await bulk(100_001)).errors, { ids: ["ids must name at most 100000 subjects."] });
  const outcome = await bulk(100_000);
  assert.ok(outcome.kind === "workflow");
  await lab.actions.workflows.cancel(CLERK, outcome.workflow_id);
  await lab.end(outcome.workflow_id);
});

test("events give a sign of life while nothing happens, and end when their reader leaves or the workflows close", async () => {
  const { handler, id, lab } = await openScene(TRANSPORTS[0]?.[1] ?? assert.fail());
  const open = async () => {
    const { body } = await handler(toRequest({ method: "GET", path: `/api/v1/workflows/${id}`, token: "clerk", headers: [["Accept", "text/event-stream"]] }));
    assert.ok(body !== null && typeof body !== "string");
    const events = body[Symbol.asyncIterator]();
    assert.match(String((await events.next()).value), /^event: status\ndata: /);
    return events;
  };
  const before = lab.time.waiting;
  const events = await open();
  const silent = events.next();
  lab.time.pass(15_000);
  assert.deepEqual(await silent, { done: false, value: ": still there\n\n" });
  const left = events.next();
  await events.return?.();
  assert.deepEqual(await left, { done: true, value: undefined });
  assert.equal(lab.time.waiting, before);
  const others = await open();
  const closed = others.next();
  await lab.actions.workflows.close();
  assert.deepEqual(await closed, { done: true, value: undefined });
});
