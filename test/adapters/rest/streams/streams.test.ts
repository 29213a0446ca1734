import assert from "node:assert/strict";
import { test } from "node:test";
import { createRest } from "../../../../src/adapters/rest/index.ts";
import type { HttpHandler, HttpResponse } from "../../../../src/adapters/http/message.ts";
import { createIdentity, defineAction, defineWorkflow, everyone, text, type Authentication, type Identity } from "../../../../src/domain/index.ts";
import { CLERK, Counter, countedId, openLab, VIEWER, type Lab } from "../../embedded-workflows/lab.ts";
import { serve } from "../../node-http/fixture.ts";
import { toRequest } from "../harness.ts";
import { openShop } from "../shop.ts";

const NOTE = { note: text({ max: 10 }) };
const waits = defineWorkflow({
  name: "waits",
  signals: { note: NOTE },
  async run(flow) {
    for (let done = 1; ; done++) {
      flow.progress(done, 9);
      await flow.waitFor("note", NOTE);
    }
  },
});
const touch = defineAction({ key: "touch", label: "Touch", subject: Counter, authorize: everyone, handle: () => "Touched." });
const REFUSED: Authentication = { authenticated: false, reason: "invalid_token" };

interface Scene {
  readonly lab: Lab;
  readonly handler: HttpHandler;
  readonly id: string;
  /** What becomes of a token from now on. */
  become(token: string, answer: Authentication | (() => Authentication)): void;
  events(token: string): Promise<HttpResponse>;
}

async function openScene(options: { readonly maxStreamsPerIdentity?: number } = {}): Promise<Scene> {
  const lab = await openLab({ workflows: [waits], actions: [touch] });
  const answers = new Map<string, Authentication | (() => Authentication)>();
  const become = (token: string, answer: Authentication | (() => Authentication)) => void answers.set(token, answer);
  become("clerk", admit(CLERK));
  become("viewer", admit(VIEWER));
  const handler = createRest({
    actions: lab.actions,
    clock: lab.time.clock,
    timer: lab.time.timer,
    newId: countedId,
    observe: ({ event, error }) => void (event === "internal_error" && assert.fail(String(error))),
    authenticate(token) {
      const answer = answers.get(token) ?? REFUSED;
      return typeof answer === "function" ? answer() : answer;
    },
    ...options,
  });
  const id = await lab.start(waits);
  await lab.until(id, "waiting");
  const events = async (token: string) => handler(toRequest({ method: "GET", path: `/api/v1/workflows/${id}`, token, headers: [["Accept", "text/event-stream"]] }));
  return { lab, handler, id, become, events };
}

function admit(identity: Identity): Authentication {
  return { authenticated: true, identity };
}

function read({ body }: HttpResponse): AsyncIterator<string> {
  assert.ok(body !== null && typeof body !== "string");
  return body[Symbol.asyncIterator]();
}

const EVENT = /^event: status\ndata: /;
const END = { done: true, value: undefined };

const CHANGES: readonly (readonly [sentence: string, token: string, becomes: Authentication | (() => Authentication)])[] = [
  ["the token was revoked or has expired", "clerk", REFUSED],
  ["nobody can say who it is", "clerk", { authenticated: false, reason: "unavailable" }],
  ["the question fails", "clerk", () => assert.fail("down")],
  ["the permission to see the run was taken away", "viewer", admit(createIdentity({ ...VIEWER, permissions: [] }))],
];

for (const [sentence, token, becomes] of CHANGES) {
  test(`A stream ends without one more event when ${sentence}`, async () => {
    const { events, become, lab, id } = await openScene();
    const reader = read(await events(token));
    assert.match(String((await reader.next()).value), EVENT);
    const next = reader.next();
    become(token, becomes);
    await lab.actions.workflows.signal(CLERK, id, "note", { note: "a" });
    assert.deepEqual(await next, END);
    assert.deepEqual(await reader.next(), END);
  });

  test(`A silent stream ends within a minute when ${sentence}`, async () => {
    const { events, become, lab } = await openScene();
    const before = lab.time.waiting;
    const reader = read(await events(token));
    await reader.next();
    const silent = reader.next();
    become(token, becomes);
    lab.time.pass(60_000);
    assert.deepEqual(await silent, END);
    assert.equal(lab.time.waiting, before, "and leaves no timer behind");
  });
}

test("A stream goes on for whoever may still read it, however often that is asked", async () => {
  const { events, become, lab, id } = await openScene();
  const reader = read(await events("viewer"));
  await reader.next();
  for (let round = 0; round < 3; round++) {
    become("viewer", admit(createIdentity({ ...VIEWER, permissions: ["view_workflows", `more_${round}`] })));
    const next = reader.next();
    await lab.actions.workflows.signal(CLERK, id, "note", { note: "a" });
    assert.match(String((await next).value), EVENT);
    const silent = reader.next();
    lab.time.pass(15_000);
    assert.equal((await silent).value, ": still there\n\n");
  }
  await reader.return?.();
});

test("An identity may have only so many streams open; they are told apart by identity, and a place that was left is free", async () => {
  const { events } = await openScene({ maxStreamsPerIdentity: 2 });
  const [first, second] = [read(await events("clerk")), read(await events("clerk"))];
  await Promise.all([first.next(), second.next()]);
  const { status, headers, body } = await events("clerk");
  assert.deepEqual([status, headers["retry-after"], body], [429, "1", '{"success":false,"message":"Too many of your streams are open; close some, then try again.","code":"too_many_requests"}']);
  assert.equal((await events("viewer")).status, 200);
  await first.return?.();
  assert.equal((await events("clerk")).status, 200);
  assert.equal((await events("clerk")).status, 429);
});

test("510 event streams of one client lock nobody out", async (t) => {
  const { handler, id } = await openScene();
  const { open } = await serve(t, ({ request }) => handler(request));
  const ask = (path: string, accept: string, token: string) => open().send([`GET ${path} HTTP/1.1`, "Host: a", `Authorization: Bearer ${token}`, `Accept: ${accept}`]);
  const streams = Array.from({ length: 510 }, () => ask(`/api/v1/workflows/${id}`, "text/event-stream", "clerk"));
  const statuses = await Promise.all(streams.map(async (stream) => {
    await stream.readUntil("\r\n\r\n");
    return stream.status;
  }));
  assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 429).length], [20, 490]);
  assert.equal((await ask("/api/v1/actions", "*/*", "clerk").read()).status, 200);
  await ask(`/api/v1/workflows/${id}`, "text/event-stream", "viewer").readUntil("event: status");
});

test("Results that come as lines are broken off when the token counts no more, since half of them look like all", async (t) => {
  const { lab, handler, become } = await openScene();
  const started = await lab.actions.bulk({ key: "touch", identity: CLERK, input: { ids: Array.from({ length: 401 }, (_, id) => id), async: true } });
  assert.ok(started.kind === "workflow");
  await lab.end(started.workflow_id);
  const path = `/api/v1/workflows/${started.workflow_id}/results`;
  let asked = 0;
  become("clerk", () => (++asked > 2 ? REFUSED : admit(CLERK)));
  const { open, observations } = await serve(t, ({ request }) => handler(request));
  const text = await open().send([`GET ${path} HTTP/1.1`, "Host: a", "Authorization: Bearer clerk", "Accept: application/x-ndjson"]).readRest();
  assert.match(text, /^HTTP\/1\.1 200 /);
  assert.ok(text.split("\n").filter((line) => line.startsWith("{")).length <= 200, "the first page is the most that may come");
  assert.ok(!text.endsWith("0\r\n\r\n"));
  assert.deepEqual(observations.filter(({ event }) => event === "internal_error"), []);
});

test("A limit of streams that is out of range is refused at start-up", () => {
  const start = (maxStreamsPerIdentity: number) => createRest({ actions: openShop().actions, authenticate: () => REFUSED, clock: () => 0, newId: countedId, maxStreamsPerIdentity });
  for (const wrong of [0, 1.5, 100_001]) {
    assert.throws(() => start(wrong), { name: "TypeError", message: `maxStreamsPerIdentity must be a whole number from 1 to 100000, not ${wrong}` });
  }
});
