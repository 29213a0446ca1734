import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { Quota } from "../../../src/domain/execution/quota.ts";
import { createActions, createCatalog, defineAction, defineWorkflow, everyone, text, type BulkOutcome, type Outcome } from "../../../src/domain/index.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";
import { toRequest } from "../../adapters/rest/harness.ts";
import { auditor, NOW, openCounters, worker, type Counters } from "../counters.ts";
import { withMethods } from "../lab.ts";
import { addOne, CLERK, Counter, flowOf, OTHER, quiet } from "../../adapters/embedded-workflows/lab.ts";

const MIB = 2 ** 20;
const DAY = 86_400_000;
const add = { key: "counters/add", identity: worker, subject: "1" };
const REMEMBERED = "So much is remembered of this identity's calls with an Idempotency-Key that its quota is used up. Send fewer of them, or smaller ones, or try again in ";

/** Sends calls with fresh keys until one is refused; answers how many were not. */
async function useUp({ actions }: Pick<Counters, "actions">, name: string): Promise<number> {
  for (let n = 0; ; n++) {
    const outcome = await actions.execute({ ...add, idempotencyKey: `${name}-${n}` });
    if (outcome.kind === "failed") return n;
  }
}

function codeOf(outcome: Outcome | BulkOutcome): string {
  return outcome.kind === "failed" ? outcome.code : outcome.kind;
}

test("whoever has used up what may be remembered for him is told so before anything runs; repeats are answered, and others go on", async () => {
  const counters = openCounters({ maxRememberedBytes: MIB });
  const { actions, runs } = counters;
  const sent = await useUp(counters, "a");
  assert.ok(sent > 600 && sent < MIB / 1024, `${sent} calls`);
  const before = runs.handled;
  const refused = await actions.execute({ ...add, idempotencyKey: "new" });
  assert.deepEqual(refused, { kind: "failed", code: "too_many_requests", message: `${REMEMBERED}${"retryAfterSeconds" in refused ? refused.retryAfterSeconds : 0} seconds.`, retryAfterSeconds: "retryAfterSeconds" in refused ? refused.retryAfterSeconds : 0 });
  assert.equal(codeOf(await actions.bulk({ key: add.key, identity: worker, input: { ids: [1, 2] }, idempotencyKey: "new" })), "too_many_requests");
  assert.equal(runs.handled, before);
  const repeated = await actions.execute({ ...add, idempotencyKey: "a-0" });
  assert.equal(repeated.kind === "data" && repeated.replayed, true);
  assert.equal(codeOf(await actions.execute(add)), "data", "without a key nothing is remembered");
  assert.equal(codeOf(await actions.execute({ ...add, identity: auditor, idempotencyKey: "new" })), "data");
});

test("what a store that is full has not kept uses up nothing, however often it was sent", async () => {
  const isFull = { now: true };
  const counters = openCounters({
    maxRememberedBytes: MIB,
    wrapStore: (store) => withMethods(store, {
      commit(changes, entries) {
        if (isFull.now) throw new Error("The disk is full.");
        return store.commit(changes, entries);
      },
    }),
  });
  const input = { ids: [1, 2, 3], params: {} };
  for (let n = 0; n < 1_500; n++) assert.equal(codeOf(await counters.actions.execute({ ...add, idempotencyKey: "a" })), "unavailable");
  for (let n = 0; n < 500; n++) await counters.actions.bulk({ key: add.key, identity: worker, input: { ...input, mode: "atomic" }, idempotencyKey: "b" });
  isFull.now = false;
  const sent = await useUp(counters, "c");
  assert.ok(sent > 600, `${sent} calls`);
});

test("a quota of remembered answers is free again as evenly as they are forgotten", async () => {
  const counters = openCounters({ maxRememberedBytes: MIB });
  const all = await useUp(counters, "a");
  const [perHour, perDay] = [all / 24, all];
  counters.time.now = NOW + DAY / 24;
  const inAnHour = await useUp(counters, "b");
  assert.ok(Math.abs(inAnHour - perHour) <= 1, `${inAnHour} of ${perHour}`);
  counters.time.now += 3 * DAY;
  assert.ok(Math.abs(await useUp(counters, "c") - perDay) <= 1);
});

test("what 20 ordinary actions a second leave in a day is within the default quota, and the same of three times the bytes is not", () => {
  const time = { now: NOW };
  const quota = new Quota({ maxBytes: 4 * 2 ** 30, periodMs: DAY, sentence: "No" }, () => time.now);
  const send = (bytes: number) => {
    for (let second = 0; second < 4 * 86_400; second++) {
      time.now += 1000;
      quota.charge("worker", 20 * bytes);
      if (quota.refusal("worker") !== null) return false;
    }
    return true;
  };
  assert.equal(send(1024 + 1400), true);
  assert.equal(send(3 * (1024 + 1400)), false);
});

test("a bulk call counts what is remembered of it, whatever its mode, and is not cut off in the middle", async () => {
  for (const mode of ["each", "stop", "atomic"]) {
    const counters = openCounters({ maxRememberedBytes: MIB });
    await useUp(counters, "a");
    counters.time.now += 60_000;
    const done = await counters.actions.bulk({ key: add.key, identity: worker, input: { ids: [1, 2, 3, 4, 5, 6, 7, 8, 9], mode }, idempotencyKey: "bulk" });
    assert.equal(done.kind === "bulk" && done.succeeded, 9, mode);
    assert.equal(codeOf(await counters.actions.execute({ ...add, idempotencyKey: "new" })), "too_many_requests");
    const again = await counters.actions.bulk({ key: add.key, identity: worker, input: { ids: [1, 2, 3, 4, 5, 6, 7, 8, 9], mode }, idempotencyKey: "bulk" });
    assert.equal(again.kind === "bulk" && again.replayed, true);
  }
});

const sleeper = defineWorkflow({ name: "sleeper", input: { note: text({ max: 100_000 }) }, run: (flow) => flow.sleep({ days: 1 }) });
const start = defineAction({
  key: "start",
  label: "Start",
  subject: Counter,
  params: { note: text({ max: 100_000 }) },
  returns: ["workflow"],
  authorize: everyone,
  handle({ subject, params, subjects, workflows }) {
    subjects.put(Counter, { ...subject, count: subject.count + 1 });
    return workflows.start(sleeper, { note: params.note });
  },
});
const restart = flowOf("restart", (flow) => flow.action(start, 2, { note: "again" }));
const startRestart = defineAction({ key: "restart", label: "Restart", returns: ["workflow"], authorize: everyone, handle: ({ workflows }) => workflows.start(restart, {}) });

async function openWorkflows() {
  const time = createTestTime();
  const store = createMemoryStore({ clock: time.clock });
  void store.commit([1, 2].map((id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0 } })));
  const workflows = { engine: embeddedWorkflows({ timer: time.timer, random: () => 0 }), timer: time.timer };
  const catalog = createCatalog({ subjects: [Counter], actions: [start, startRestart, addOne], workflows: [sleeper, restart] });
  const actions = createActions({ catalog, store, clock: time.clock, newId: randomUUID, workflows, maxRunBytes: MIB });
  await actions.workflows.open();
  const count = async (id: number) => (await store.read(Counter.class, [String(id)]))[0]?.value["count"];
  return { actions, time, count };
}

const STARTED = "The workflows that this identity has started have used up its quota. Start fewer of them, or smaller ones, or try again in ";

test("whoever has started more workflows than may be kept for him is told so, and what the action had changed is undone", async () => {
  const { actions, time, count } = await openWorkflows();
  const call = { key: "start", subject: "1", identity: CLERK, params: { note: "x".repeat(100_000) } };
  for (let n = 0; n < 11; n++) assert.equal(codeOf(await actions.execute(call)), "workflow");
  const seconds = Math.floor(((11 * (1024 + '{"note":"",}'.length - 1 + 100_000 + 2) - MIB) * 30 * 86_400) / MIB) + 1;
  const refused = await actions.execute(call);
  assert.ok(refused.kind === "failed" && refused.retryAfterSeconds !== undefined && Math.abs(refused.retryAfterSeconds - seconds) < 500, JSON.stringify(refused));
  assert.deepEqual(refused, { kind: "failed", code: "too_many_requests", message: `${STARTED}${refused.retryAfterSeconds} seconds.`, retryAfterSeconds: refused.retryAfterSeconds });
  assert.equal(await count(1), 11);
  assert.equal(codeOf(await actions.bulk({ key: "add-one", identity: CLERK, input: { ids: [1], async: true } })), "too_many_requests");
  assert.equal(codeOf(await actions.execute({ ...call, identity: OTHER })), "workflow");
  time.pass(refused.retryAfterSeconds * 1000);
  assert.equal(codeOf(await actions.execute(call)), "workflow");
});

test("an asynchronous bulk call counts each of its IDs", async () => {
  const { actions } = await openWorkflows();
  const ids = Array.from({ length: 3000 }, (_, n) => n + 1);
  const later = () => actions.bulk({ key: "add-one", identity: CLERK, input: { ids, async: true } });
  assert.deepEqual([codeOf(await later()), codeOf(await later()), codeOf(await later())], ["workflow", "workflow", "too_many_requests"]);
});

test("a step whose action may start no workflow just now is tried again", async () => {
  const { actions, time } = await openWorkflows();
  const large = { key: "start", subject: "1", identity: CLERK, params: { note: "x".repeat(100_000) } };
  for (let n = 0; n < 10; n++) await actions.execute(large);
  const id = await actions.execute({ key: "restart", identity: CLERK });
  assert.equal(codeOf(await actions.execute(large)), "workflow");
  await quiet();
  const find = async () => actions.workflows.find(CLERK, id.kind === "workflow" ? id.workflow_id : "");
  const statusOf = (found: Awaited<ReturnType<typeof find>>) => (found.kind === "run" ? found.run["status"] : found.kind);
  assert.equal(statusOf(await find()), "waiting");
  time.pass(30 * DAY);
  await quiet();
  assert.equal(statusOf(await find()), "completed");
});

test("over HTTP it is 429 with the seconds to wait", async () => {
  const counters = openCounters({ maxRememberedBytes: MIB });
  await useUp(counters, "a");
  const handler = createRest({ actions: counters.actions, clock: () => NOW, newId: randomUUID, authenticate: () => ({ authenticated: true, identity: worker }) });
  const response = await handler(toRequest({ path: "/api/v1/actions/counters/add/execute/1", json: {}, headers: [["Idempotency-Key", "new"]] }));
  const seconds = response.headers["retry-after"];
  assert.equal(response.status, 429);
  assert.match(String(seconds), /^[1-9]\d*$/);
  assert.equal(response.body, JSON.stringify({ success: false, message: `${REMEMBERED}${String(seconds)} seconds.`, code: "too_many_requests" }));
});

test("of more than 10,000 identities those that have left nothing lately are forgotten, and then the oldest", () => {
  const time = { now: 0 };
  const quota = new Quota({ maxBytes: 100, periodMs: 1000, sentence: "Send fewer" }, () => time.now);
  for (let n = 0; n < 9_999; n++) quota.charge(String(n), 1);
  quota.charge("9999", 170);
  time.now = 500;
  quota.charge("10000", 100);
  for (const n of [9_999, 10_000]) assert.equal(quota.refusal(String(n))?.message, "Send fewer, or try again in 1 second.");
  for (let n = 10_001; n < 20_002; n++) quota.charge(String(n), 100);
  assert.equal(quota.refusal("10000"), null);
  assert.notEqual(quota.refusal("10002"), null);
});

test("when the clock goes back nothing is free before it should be, and it goes on from there", () => {
  const time = { now: 10_000 };
  const quota = new Quota({ maxBytes: 100, periodMs: 1000, sentence: "Send fewer" }, () => time.now);
  quota.charge("worker", 150);
  time.now = 0;
  assert.equal(quota.refusal("worker")?.retryAfterSeconds, 1);
  time.now = 500;
  assert.notEqual(quota.refusal("worker"), null);
  time.now = 501;
  assert.equal(quota.refusal("worker"), null);
});

test("quotas that are none are a TypeError", () => {
  for (const name of ["maxRememberedBytes", "maxRunBytes"]) {
    assert.throws(() => openCounters({ [name]: 1000 }), new TypeError(`${name} must be a whole number from 1048576 to 1125899906842624, not 1000`));
  }
});
