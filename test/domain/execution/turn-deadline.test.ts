import assert from "node:assert/strict";
import { test } from "node:test";
import { defineAction, everyone, type Actions, type Outcome } from "../../../src/domain/index.ts";
import { CallerGone, TurnTimedOut } from "../../../src/domain/errors.ts";
import { Deadlines } from "../../../src/domain/execution/time/deadlines.ts";
import { Turns, type HeldTurns } from "../../../src/domain/execution/turns/turns.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";
import { Counter, NOBODY, openLab, turn } from "../lab.ts";
import { never, noting, on, openTimedLab, quiet } from "../timed-lab.ts";

const NO_TURN: Outcome = { kind: "failed", code: "conflict", message: "Others were at work on this for too long. Try again later." };
const GONE: Outcome = { kind: "failed", code: "conflict", message: "The caller has gone, and nothing took effect." };
const TOO_LATE = "TurnTimedOut: The turn of lab.Counter 1 did not come within 10000 ms. A handler that calls an action on a subject whose turn it has waits for itself.";

const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }) });
const hang = defineAction({ key: "hang", label: "Hang", subject: Counter, timeoutMs: 86_400_000, authorize: everyone, handle: () => never<string>() });

/** Two actions: one holds counter 1 until it is told to let go, the other counts. */
function openHeld(options: Parameters<typeof openTimedLab>[1] = {}) {
  let letGo = () => {};
  const hold = defineAction({ key: "hold", label: "Hold", subject: Counter, timeoutMs: 86_400_000, authorize: everyone, async handle() { await new Promise<void>((resolve) => (letGo = resolve)); return "Held."; } });
  return { ...openTimedLab([hold, add], options), letGo: () => letGo() };
}

test("A call whose turn does not come within 10 seconds is a conflict, and the log says which turn", async () => {
  const lab = openTimedLab([hang, add]);
  void on(lab, "hang");
  const waiting = noting(on(lab, "add", { requestId: "r-2" }));
  await quiet();
  lab.time.pass(9_999);
  await quiet();
  assert.equal(waiting.outcome, null);
  lab.time.pass(1);
  await quiet();
  assert.deepEqual(waiting.outcome, NO_TURN);
  assert.deepEqual(lab.observed.map(({ event, action, requestId, error }) => [event, action, requestId, String(error)]), [["turn_timed_out", "add", "r-2", TOO_LATE]]);
});

test("How long a call waits for its turn can be set, and what is no time is a TypeError", async () => {
  const lab = openTimedLab([hang, add], { turnTimeoutMs: 50 });
  void on(lab, "hang");
  const waiting = on(lab, "add");
  await quiet();
  lab.time.pass(50);
  assert.deepEqual(await waiting, NO_TURN);
  for (const turnTimeoutMs of [0, 0.5, 86_400_001]) assert.throws(() => openTimedLab([], { turnTimeoutMs }), { name: "TypeError", message: `turnTimeoutMs must be a whole number from 1 to 86400000, not ${turnTimeoutMs}` });
});

test("A repeat whose first call is still running waits for as long, and no longer", async () => {
  const slow = defineAction({ key: "slow", label: "Slow", timeoutMs: 86_400_000, authorize: everyone, handle: () => never<string>() });
  const lab = openTimedLab([slow]);
  const call = () => lab.actions.execute({ key: "slow", identity: NOBODY, idempotencyKey: "k" });
  void call();
  const repeat = call();
  await quiet();
  lab.time.pass(10_000);
  assert.deepEqual(await repeat, NO_TURN);
});

test("Those who have given up are passed over, and the others keep their order", async () => {
  const lab = openHeld();
  const order: string[] = [];
  const held = on(lab, "hold");
  const first = on(lab, "add").then((outcome) => void order.push(`first ${outcome.kind}`));
  await quiet();
  lab.time.pass(6_000);
  const others = ["second", "third"].map((name) => on(lab, "add").then((outcome) => void order.push(`${name} ${outcome.kind}`)));
  await quiet();
  lab.time.pass(4_000);
  await first;
  lab.letGo();
  await Promise.all([held, ...others]);
  assert.deepEqual(order, ["first failed", "second data", "third data"]);
  assert.equal(await lab.count(1), 2);
});

test("A caller who has gone gives up its place at once, the others do not notice, and the log has nothing to say", async () => {
  const lab = openHeld();
  const held = on(lab, "hold");
  const callers = [new AbortController(), new AbortController(), new AbortController()];
  const outcomes = callers.map(({ signal }) => on(lab, "add", { signal }));
  await quiet();
  callers[0]?.abort();
  callers[1]?.abort();
  assert.deepEqual([await outcomes[0], await outcomes[1]], [GONE, GONE]);
  lab.letGo();
  await held;
  assert.equal((await outcomes[2])?.kind, "data");
  assert.deepEqual([await lab.count(1), lab.observed], [1, []]);
  lab.time.pass(60_000);
});

test("A caller who has gone already does not begin to wait", async () => {
  const lab = openHeld();
  const held = on(lab, "hold");
  await quiet();
  assert.deepEqual(await on(lab, "add", { signal: AbortSignal.abort() }), GONE);
  lab.letGo();
  await held;
});

test("Nothing is left with a caller's signal of a call that has got its turn, or given it up", async () => {
  let listeners = 0;
  const signal = { aborted: false, addEventListener: () => void listeners++, removeEventListener: () => void listeners-- };
  const lab = openHeld();
  const held = on(lab, "hold");
  const late = on(lab, "add", { signal });
  await quiet();
  assert.equal(listeners, 1);
  lab.time.pass(10_000);
  assert.deepEqual(await late, NO_TURN);
  assert.equal(listeners, 0);
  const served = on(lab, "add", { signal });
  await quiet();
  lab.letGo();
  await held;
  assert.equal((await served).kind, "data");
  assert.equal(listeners, 0);
});

test("A repeat whose caller has gone gives up, and the first call is not disturbed", async () => {
  let finish = () => {};
  let runs = 0;
  const slow = defineAction({ key: "slow", label: "Slow", authorize: everyone, async handle() { runs++; await new Promise<void>((resolve) => (finish = resolve)); return "Done."; } });
  const lab = openTimedLab([slow]);
  const caller = new AbortController();
  const call = (more: object = {}) => lab.actions.execute({ key: "slow", identity: NOBODY, idempotencyKey: "k", ...more });
  const first = call();
  const repeat = call({ signal: caller.signal });
  await quiet();
  caller.abort();
  assert.deepEqual(await repeat, GONE);
  finish();
  assert.deepEqual(await first, { kind: "message", message: "Done." });
  assert.deepEqual([await call(), runs], [{ kind: "message", message: "Done.", replayed: true }, 1]);
});

test("An atomic bulk call gives up its turns, all of them, when one does not come or its caller has gone", async () => {
  const lab = openHeld();
  const held = on(lab, "hold", { subject: "2" });
  const caller = new AbortController();
  const bulk = (more: object = {}) => lab.actions.bulk({ key: "add", identity: NOBODY, input: { ids: [1, 2], mode: "atomic" }, ...more });
  const late = bulk();
  await quiet();
  lab.time.pass(10_000);
  assert.deepEqual(await late, NO_TURN);
  const gone = bulk({ signal: caller.signal });
  await quiet();
  caller.abort();
  assert.deepEqual(await gone, GONE);
  assert.equal((await on(lab, "add")).kind, "data");
  lab.letGo();
  await held;
});

test("Ten thousand that wait for one turn give up in any order, and whoever is left is served in the order of coming", async () => {
  const time = createTestTime();
  const turns = new Turns(new Deadlines(time.timer, time.clock).of(10_000));
  const target = [{ collection: "c", id: "1" }];
  const held = await turns.take(target);
  const callers = Array.from({ length: 10_000 }, () => new AbortController());
  const served: number[] = [];
  const gone: number[] = [];
  const waits = callers.map(async ({ signal }, at) => {
    try {
      const mine: HeldTurns = await turns.take(target, signal);
      served.push(at);
      mine.release();
    } catch (error) {
      assert.ok(error instanceof CallerGone);
      gone.push(at);
    }
  });
  for (let at = 0; at < 10_000; at++) if (at % 10 !== 0) callers[(at * 7919) % 10_000]?.abort();
  await turn();
  held.release();
  await Promise.all(waits);
  assert.deepEqual([gone.length, served.length], [9_000, 1_000]);
  assert.deepEqual(served, [...served].sort((a, b) => a - b));
  (await turns.take(target)).release();
});

test("Whoever waits for the second of two turns lets go of the first when it gives up", async () => {
  const time = createTestTime();
  const turns = new Turns(new Deadlines(time.timer, time.clock).of(10_000));
  const held = await turns.take([{ collection: "c", id: "2" }]);
  const both = turns.take([{ collection: "c", id: "1" }, { collection: "c", id: "2" }]);
  const rejected = assert.rejects(Promise.resolve(both), TurnTimedOut);
  time.pass(10_000);
  await rejected;
  (await turns.take([{ collection: "c", id: "1" }])).release();
  held.release();
});

/** An action that calls another one from its handler, before or after it has awaited something. */
function openNesting({ awaits, subject = "1", key = "add" }: { readonly awaits: boolean; readonly subject?: string; readonly key?: string }) {
  const made: { actions?: Actions } = {};
  const outer = defineAction({
    key: "outer",
    label: "Outer",
    subject: Counter,
    authorize: everyone,
    async handle({ subject: counter, subjects }) {
      if (awaits) await turn();
      const inner = await made.actions?.execute({ key, subject, identity: NOBODY });
      subjects.put(Counter, { ...counter, count: counter.count + 10 });
      return JSON.stringify(inner);
    },
  });
  const lab = openTimedLab([outer, add]);
  made.actions = lab.actions;
  return lab;
}

const NESTED = 'TypeError: action "add" was called by a handler that has the turn of lab.Counter 1, and would wait for it forever; use the handler\'s own subjects, or call once it has returned';

test("A handler that calls an action on its own subject is refused at once, with a sentence that names the action and the remedy", async () => {
  const lab = openNesting({ awaits: false });
  assert.deepEqual(await on(lab, "outer"), { kind: "failed", code: "internal_error", message: "Server error." });
  assert.deepEqual(lab.observed.map(({ event, action, error }) => [event, action, String(error)]), [["internal_error", "outer", NESTED]]);
  assert.equal(await lab.count(1), 0);
  assert.equal((await on(lab, "add")).kind, "data");
});

test("One that does it after it has awaited something gets a conflict when the time of the turn is over, and goes on", async () => {
  const lab = openNesting({ awaits: true });
  const outer = on(lab, "outer");
  await quiet();
  lab.time.pass(10_000);
  assert.deepEqual(await outer, { kind: "message", message: JSON.stringify(NO_TURN) });
  assert.deepEqual(lab.observed.map(({ event, error }) => [event, String(error)]), [["turn_timed_out", TOO_LATE]]);
  assert.equal(await lab.count(1), 10);
});

test("A handler may call an action on another subject", async () => {
  const lab = openNesting({ awaits: false, subject: "2" });
  const outcome = await on(lab, "outer");
  assert.equal(outcome.kind === "message" && JSON.parse(outcome.message).data.count, 1);
  assert.deepEqual([await lab.count(1), await lab.count(2)], [10, 1]);
});

test("A chain of handlers that comes back to the first subject does not lock up", async () => {
  const made: { actions?: Actions } = {};
  const call = (key: string, subject: string) => made.actions?.execute({ key, subject, identity: NOBODY });
  const one = defineAction({ key: "one", label: "One", subject: Counter, authorize: everyone, handle: async () => `${(await call("two", "2"))?.kind}` });
  const two = defineAction({ key: "two", label: "Two", subject: Counter, authorize: everyone, handle: async () => `${(await call("add", "1"))?.kind}` });
  const lab = openTimedLab([one, two, add]);
  made.actions = lab.actions;
  const asked = on(lab, "one");
  await quiet();
  // Where the store answers late nobody can tell that it is a chain, and the time of the turn ends it.
  lab.time.pass(10_000);
  assert.equal((await asked).kind, "message");
  assert.equal(await lab.count(1), 0);
  assert.equal((await on(lab, "add")).kind, "data");
});

test("Two handlers that each call on the other's subject end when the time of the turns is over", async () => {
  const made: { actions?: Actions } = {};
  const cross = defineAction({
    key: "cross",
    label: "Cross",
    subject: Counter,
    authorize: everyone,
    async handle({ subject }) {
      await turn();
      const inner = await made.actions?.execute({ key: "add", subject: String(3 - subject.id), identity: NOBODY });
      return `${inner?.kind}`;
    },
  });
  const lab = openTimedLab([cross, add]);
  made.actions = lab.actions;
  const both = [on(lab, "cross"), on(lab, "cross", { subject: "2" })];
  await quiet();
  lab.time.pass(10_000);
  assert.deepEqual(await Promise.all(both), [{ kind: "message", message: "failed" }, { kind: "message", message: "failed" }]);
});

test("Without a timer nothing has a deadline", async () => {
  const lab = openLab([hang, add]);
  void on(lab, "hang");
  const waiting = noting(on(lab, "add"));
  await quiet();
  assert.equal(waiting.outcome, null);
});
