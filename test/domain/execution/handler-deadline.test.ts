import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, createIdentity, defineAction, everyone, standardParams, text, value, type Action, type ActionsOptions, type HandleContext, type Outcome } from "../../../src/domain/index.ts";
import { Counter, late, NOBODY, openLab, turn, type CounterRecord, type Lab } from "../lab.ts";
import { never, noting, on, openTimedLab, quiet } from "../timed-lab.ts";

const NOT_IN_TIME: Outcome = { kind: "failed", code: "unavailable", message: "The action did not end in its time, and nothing of it took effect. Try again later." };
const AUDITOR = createIdentity({ kind: "user", id: "auditor", permissions: ["view_audit"] });

type CounterContext = HandleContext<Record<never, never>, CounterRecord>;

async function trail({ actions }: Lab): Promise<readonly unknown[]> {
  const page = await actions.audit(AUDITOR);
  assert.ok(page.kind === "page");
  return page.data.map((entry) => [entry["action"], entry["outcome"], entry["changes"]]);
}

const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }) });
const hang = defineAction({ key: "hang", label: "Hang", subject: Counter, authorize: everyone, handle: () => never<string>() });

test("A handler that never settles is answered unavailable after 30 seconds, and its turn goes to the next", async () => {
  const lab = openTimedLab([hang, add], { turnTimeoutMs: 60_000 });
  const hanging = noting(on(lab, "hang", { requestId: "r-1" }));
  const waiting = noting(on(lab, "add"));
  await quiet();
  lab.time.pass(29_999);
  await quiet();
  assert.deepEqual([hanging.outcome, await lab.count(1)], [null, 0]);
  lab.time.pass(1);
  await quiet();
  assert.deepEqual(hanging.outcome, NOT_IN_TIME);
  assert.equal(waiting.outcome?.kind, "data");
  assert.equal(await lab.count(1), 1);
  assert.deepEqual(lab.observed.map(({ event, action, requestId, error }) => [event, action, requestId, String(error)]), [
    ["handler_timed_out", "hang", "r-1", 'TimedOut: The action "hang" did not end within 30000 ms.'],
  ]);
});

test("The trail tells of an execution whose time was over as of other failures", async () => {
  const lab = openTimedLab([hang]);
  const outcome = on(lab, "hang");
  await quiet();
  lab.time.pass(30_000);
  await outcome;
  assert.deepEqual(await trail(lab), [["hang", { success: false, code: "unavailable", message: NOT_IN_TIME.kind === "failed" && NOT_IN_TIME.message }, []]]);
});

test("Nothing that a handler does once its time is over has any effect", async () => {
  let goOn = () => {};
  const refusals: string[] = [];
  const slow = defineAction({
    key: "slow",
    label: "Slow",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      subjects.put(Counter, { ...subject, count: 70 });
      await new Promise<void>((resolve) => (goOn = resolve));
      for (const change of [() => subjects.put(Counter, { ...subject, count: 71 }), () => subjects.delete(Counter, 1)]) {
        try {
          change();
        } catch (error) {
          refusals.push(String(error));
        }
      }
      await subjects.get(Counter, 2);
      return "Done.";
    },
  });
  const lab = openTimedLab([slow]);
  const outcome = on(lab, "slow");
  await quiet();
  lab.time.pass(30_000);
  goOn();
  assert.deepEqual(await outcome, NOT_IN_TIME);
  await quiet();
  assert.deepEqual([await lab.count(1), await lab.count(2)], [0, 0]);
  const refusal = "TypeError: lab.Counter 1 was changed after the time of the handler was over";
  assert.deepEqual(refusals, [refusal, refusal]);
  assert.equal((await trail(lab)).length, 1);
});

test("A handler that fails once its time is over is nobody's concern", async () => {
  let fail = (_: Error) => {};
  const broken = defineAction({ key: "broken", label: "Broken", subject: Counter, authorize: everyone, handle: () => new Promise<string>((_, reject) => (fail = reject)) });
  const lab = openTimedLab([broken]);
  const outcome = on(lab, "broken");
  await quiet();
  lab.time.pass(30_000);
  assert.deepEqual(await outcome, NOT_IN_TIME);
  fail(new Error("too late"));
  await quiet();
  assert.deepEqual(lab.observed.map(({ event }) => event), ["handler_timed_out"]);
});

/** A Standard Schema of an object without fields, by a vendor who answers so. */
function labSchema(validate: () => Promise<{ readonly value: object }>) {
  return standardParams({ "~standard": { version: 1, vendor: "lab", validate } }, { schema: { type: "object", properties: {} } });
}

const PARTS: readonly (readonly [part: string, action: Action])[] = [
  ["authorize", defineAction({ key: "x", label: "X", subject: Counter, authorize: () => never<boolean>(), handle: () => null })],
  ["the validation of a Standard Schema", defineAction({
    key: "x",
    label: "X",
    subject: Counter,
    params: labSchema(never),
    authorize: everyone,
    handle: () => null,
  })],
  ["the check of its data by a Standard Schema", defineAction({ key: "x", label: "X", subject: Counter, returns: labSchema(never), authorize: everyone, handle: () => value({}) })],
  ["the check of an error's details by a Standard Schema", defineAction({
    key: "x",
    label: "X",
    subject: Counter,
    errors: { closed: { details: labSchema(never) } },
    authorize: everyone,
    handle({ fail }) {
      throw fail("closed", "It is closed.", {});
    },
  })],
  ["preconditions", defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, preconditions: () => never<void>(), handle: () => null })],
];

for (const [part, action] of PARTS) {
  test(`The time of an action is that of ${part} as well`, async () => {
    const lab = openTimedLab([action]);
    const outcome = on(lab, "x");
    await quiet();
    lab.time.pass(30_000);
    assert.deepEqual(await outcome, NOT_IN_TIME);
  });
}

test("A check of an error's details that fails itself is a failure to be looked into", async () => {
  const broken = defineAction({
    key: "x",
    label: "X",
    subject: Counter,
    errors: { closed: { details: labSchema(() => Promise.reject(new Error("No rules."))) } },
    authorize: everyone,
    handle({ fail }) {
      throw fail("closed", "It is closed.", {});
    },
  });
  const lab = openTimedLab([broken]);
  assert.deepEqual(await on(lab, "x"), { kind: "failed", code: "internal_error", message: "Server error." });
  assert.deepEqual(lab.observed.map(({ event, error }) => [event, String(error)]), [["internal_error", "Error: No rules."]]);
});

test("The functions of an action have one time together", async () => {
  const turns: (() => void)[] = [];
  const step = () => new Promise<void>((resolve) => turns.push(resolve));
  const staged = defineAction({ key: "staged", label: "Staged", subject: Counter, authorize: () => step().then(() => true), preconditions: step, handle: () => step().then(() => null) });
  const lab = openTimedLab([staged]);
  const noted = noting(on(lab, "staged"));
  for (const passed of [10_000, 10_000]) {
    await quiet();
    lab.time.pass(passed);
    turns.at(-1)?.();
  }
  await quiet();
  assert.deepEqual([noted.outcome, turns.length], [null, 3]);
  lab.time.pass(10_000);
  await quiet();
  assert.deepEqual(noted.outcome, NOT_IN_TIME);
});

test("An action may have a time of its own, and createActions another default", async () => {
  const patient = defineAction({ key: "patient", label: "Patient", subject: Counter, timeoutMs: 60_000, authorize: everyone, handle: () => never<string>() });
  const lab = openTimedLab([hang, patient], { handlerTimeoutMs: 500 });
  const first = noting(on(lab, "patient", { subject: "2" }));
  const second = noting(on(lab, "hang"));
  await quiet();
  lab.time.pass(500);
  await quiet();
  assert.deepEqual([first.outcome, second.outcome], [null, NOT_IN_TIME]);
  lab.time.pass(59_500);
  await quiet();
  assert.deepEqual(first.outcome, NOT_IN_TIME);
});

test("What is no time is a TypeError that names the option", () => {
  for (const timeoutMs of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 86_400_001]) {
    assert.throws(() => defineAction({ key: "x", label: "X", timeoutMs, authorize: everyone, handle: () => null }), { name: "TypeError", message: `action "x": timeoutMs must be a whole number from 1 to 86400000, not ${timeoutMs}` });
    assert.throws(() => openTimedLab([], { handlerTimeoutMs: timeoutMs }), { name: "TypeError", message: `handlerTimeoutMs must be a whole number from 1 to 86400000, not ${timeoutMs}` });
  }
});

test("Calls that end in their time leave one timer behind for each length of time, however many they were, and none that is not needed", async () => {
  const soon = defineAction({ key: "soon", label: "Soon", subject: Counter, authorize: everyone, async handle() { await turn(); return "Done."; } });
  const lab = openTimedLab([soon, add], { turnTimeoutMs: 30_000 });
  await on(lab, "add");
  const isLate = process.env["ACTIONPORT_TEST_STORE"] === "late";
  assert.equal(lab.time.waiting, isLate ? 1 : 0);
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 100 }, (_, at) => on(lab, "soon", { subject: String(1 + (at % 2)) })));
    assert.equal(lab.time.waiting, 1);
  }
  lab.time.pass(30_000);
  assert.equal(lab.time.waiting, 0);
});

test("Of many that are under way each ends at its own time, and those that have ended are left alone", async () => {
  const gates = new Map<number, () => void>();
  const gated = defineAction({ key: "gated", label: "Gated", subject: Counter, effect: "read", authorize: everyone, handle: ({ params }) => new Promise<string>((resolve) => gates.set(Number(params.n), () => resolve("Done."))), params: { n: text() } });
  const lab = openTimedLab([gated]);
  const outcomes: { outcome: Outcome | null }[] = [];
  for (let n = 0; n < 10; n++) {
    outcomes.push(noting(on(lab, "gated", { params: { n: String(n) } })));
    await quiet();
    lab.time.pass(1000);
  }
  for (const n of [0, 3, 9]) gates.get(n)?.();
  await quiet();
  const codes = () => outcomes.map(({ outcome }) => (outcome === null ? "-" : outcome.kind === "message" ? "m" : "x")).join("");
  assert.equal(codes(), "m--m-----m");
  for (const expected of ["m--m-----m", "mx-m-----m", "mxxm-----m", "mxxm-----m", "mxxmx----m", "mxxmxx---m", "mxxmxxx--m", "mxxmxxxx-m", "mxxmxxxxxm"]) {
    lab.time.pass(outcomes.length === 10 && expected === "m--m-----m" ? 20_000 : 1000);
    await quiet();
    assert.equal(codes(), expected);
  }
});

test("When the clock goes back, whoever hangs has its time from then on once more, and not until the clock has caught up", async () => {
  for (const early of ["hang", "soon"]) {
    const soon = defineAction({ key: "soon", label: "Soon", subject: Counter, authorize: everyone, async handle() { await turn(); return "Done."; } });
    const lab = openTimedLab([hang, soon]);
    const first = noting(on(lab, early));
    await quiet();
    lab.time.pass(-3_600_000);
    const second = noting(on(lab, "hang", { subject: "2" }));
    await quiet();
    lab.time.pass(29_999);
    await quiet();
    assert.equal(second.outcome, null);
    lab.time.pass(1);
    await quiet();
    assert.deepEqual([first.outcome?.kind, second.outcome], [early === "hang" ? "failed" : "message", NOT_IN_TIME]);
  }
});

/** A handler's own signal, as it was handed out. */
function signalling(seen: AbortSignal[], handle: (context: CounterContext) => Promise<string>): Action {
  return defineAction({ key: "signalling", label: "Signalling", subject: Counter, authorize: everyone, handle(context) { seen.push(context.signal); return handle(context); } });
}

test("The signal of a handler is aborted when its time is over, and the reason says so", async () => {
  const seen: AbortSignal[] = [];
  const lab = openTimedLab([signalling(seen, ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))))]);
  const outcome = on(lab, "signalling");
  await quiet();
  assert.equal(seen[0]?.aborted, false);
  lab.time.pass(30_000);
  assert.deepEqual(await outcome, NOT_IN_TIME);
  assert.equal(String(seen[0]?.reason), 'TimedOut: The action "signalling" did not end within 30000 ms.');
});

test("A handler that asks for its signal once its time is over gets one that is aborted", async () => {
  let goOn = () => {};
  let isAborted: boolean | null = null;
  const asksLate = defineAction({ key: "late", label: "Late", subject: Counter, authorize: everyone, async handle(context) { await new Promise<void>((resolve) => (goOn = resolve)); isAborted = context.signal.aborted; return null; } });
  const lab = openTimedLab([asksLate]);
  const outcome = on(lab, "late");
  await quiet();
  lab.time.pass(30_000);
  await outcome;
  goOn();
  await quiet();
  assert.equal(isAborted, true);
});

test("No controller is made for a handler that does not ask for its signal, and one for a handler that does", async () => {
  let made = 0;
  const options: Partial<ActionsOptions> = { newAbortController: () => (made++, new AbortController()) };
  const seen: AbortSignal[] = [];
  const lab = openTimedLab([add, signalling(seen, async ({ signal }) => `${signal === seen[0]}`)], options);
  await on(lab, "add");
  assert.equal(made, 0);
  assert.deepEqual(await on(lab, "signalling"), { kind: "message", message: "true" });
  assert.equal(made, 1);
});

test("Without what makes a controller, a handler that asks for its signal fails, and the log has the remedy", async () => {
  const lab = openLab([signalling([], async () => "Never.")]);
  assert.deepEqual(await lab.actions.execute({ key: "signalling", subject: "1", identity: NOBODY }), { kind: "failed", code: "internal_error", message: "Server error." });
  assert.equal(String(lab.observed[0]?.error), 'TypeError: action "signalling" asks for its signal: give createActions() newAbortController: () => new AbortController()');
});

test("The signal of a handler whose caller has gone is aborted, and what it decides is what happens", async () => {
  const caller = new AbortController();
  const seen: AbortSignal[] = [];
  let finish = () => {};
  const lab = openTimedLab([signalling(seen, async ({ subject, subjects }) => { await new Promise<void>((resolve) => (finish = resolve)); subjects.put(Counter, { ...subject, count: 5 }); return "Kept."; })]);
  const outcome = on(lab, "signalling", { signal: caller.signal, idempotencyKey: "k-1" });
  await quiet();
  caller.abort();
  assert.equal(seen[0]?.aborted, true);
  finish();
  assert.deepEqual(await outcome, { kind: "message", message: "Kept." });
  assert.deepEqual(await on(lab, "signalling", { idempotencyKey: "k-1" }), { kind: "message", message: "Kept.", replayed: true });
  assert.equal(await lab.count(1), 5);
});

test("A handler that stops because its caller has gone changes nothing, and is no failure to be looked into", async () => {
  const caller = new AbortController();
  const lab = openTimedLab([signalling([], async ({ subject, subjects, signal }) => {
    subjects.put(Counter, { ...subject, count: 5 });
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    return "Never.";
  })]);
  const outcome = on(lab, "signalling", { signal: caller.signal });
  await quiet();
  caller.abort();
  assert.deepEqual(await outcome, { kind: "failed", code: "conflict", message: "The caller has gone, and nothing took effect." });
  assert.deepEqual([await lab.count(1), lab.observed, await trail(lab)], [0, [], []]);
});

test("A call leaves nothing with its caller's signal when it has ended", async () => {
  let listeners = 0;
  const signal = { aborted: false, addEventListener: () => void listeners++, removeEventListener: () => void listeners-- };
  const lab = openTimedLab([signalling([], async () => { throw new ActionError("No."); })]);
  assert.deepEqual(await on(lab, "signalling", { signal }), { kind: "refused", message: "No." });
  assert.equal(listeners, 0);
});

for (const call of ["preview", "bulk"] as const) {
  test(`A ${call} whose handler never settles is answered unavailable, too`, async () => {
    const lab = openTimedLab([hang, add]);
    const asked = call === "preview" ? lab.actions.preview({ key: "hang", subject: "1", identity: NOBODY }) : lab.actions.bulk({ key: "hang", identity: NOBODY, input: { ids: [1, 2], mode: "atomic" } });
    await quiet();
    lab.time.pass(30_000);
    assert.deepEqual(await asked, NOT_IN_TIME);
    assert.deepEqual(await trail(lab), call === "preview" ? [] : [["hang", { success: false, message: NOT_IN_TIME.message, code: "unavailable" }, []]]);
    assert.deepEqual(lab.observed.map(({ event }) => event), ["handler_timed_out"]);
    assert.equal((await on(lab, "add")).kind, "data");
  });
}

test("In a bulk call the items whose handler never settles are unavailable, and the others are done", async () => {
  const odd = defineAction({ key: "odd", label: "Odd", subject: Counter, authorize: everyone, handle: ({ subject }) => (subject.id % 2 === 0 ? never<string>() : "Done.") });
  const lab = openTimedLab([odd], { counters: { 1: 0, 2: 0, 3: 0, 4: 0 } });
  const asked = lab.actions.bulk({ key: "odd", identity: NOBODY, input: { ids: [1, 2, 3, 4] } });
  await quiet();
  lab.time.pass(30_000);
  const done = await asked;
  assert.ok(done.kind === "bulk");
  assert.deepEqual(done.items.map(({ id, outcome }) => [id, outcome]).sort(), [[1, { kind: "message", message: "Done." }], [2, NOT_IN_TIME], [3, { kind: "message", message: "Done." }], [4, NOT_IN_TIME]]);
});

test("A bulk call whose handlers all hang ends after some of them, says of the others that they were not tried, and does them when it is repeated", async () => {
  let hangs = true;
  const stuck = defineAction({ key: "stuck", label: "Stuck", subject: Counter, authorize: everyone, handle: () => (hangs ? never<string>() : "Done.") });
  const ids = Array.from({ length: 100 }, (_, id) => id);
  const lab = openTimedLab([stuck], { counters: Object.fromEntries(ids.map((id) => [id, 0])) });
  const call = () => lab.actions.bulk({ key: "stuck", identity: NOBODY, idempotencyKey: "k", input: { ids } });
  const asked = call();
  for (let rounds = 0; rounds < 8; rounds++) {
    await quiet();
    lab.time.pass(30_000);
  }
  const done = await asked;
  assert.ok(done.kind === "bulk");
  assert.deepEqual([done.total, done.succeeded, done.skipped], [100, 0, 0]);
  const messages = done.items.map(({ outcome }) => (outcome !== "skipped" && outcome.kind === "failed" && outcome.code === "unavailable" ? outcome.message : ""));
  const hung = messages.filter((message) => message === NOT_IN_TIME.message).length;
  assert.ok(hung >= 16 && hung <= 20, `${hung} hung`);
  assert.equal(messages.filter((message) => message.startsWith("This one was not tried")).length, 100 - hung);
  hangs = false;
  const repeated = await call();
  assert.ok(repeated.kind === "bulk" && repeated.succeeded === 100, JSON.stringify(repeated).slice(0, 300));
});

test("A preview of many ends with the first that hangs", async () => {
  let begun = 0;
  const stuck = defineAction({ key: "stuck", label: "Stuck", subject: Counter, authorize: everyone, handle: () => (begun++, never<string>()) });
  const lab = openTimedLab([stuck], { counters: { 1: 0, 2: 0, 3: 0 } });
  const asked = lab.actions.bulk({ key: "stuck", identity: NOBODY, input: { ids: [1, 2, 3], preview: true } });
  await quiet();
  lab.time.pass(30_000);
  assert.deepEqual(await asked, NOT_IN_TIME);
  assert.equal(begun, 1);
});

test("One whose caller is gone ends with the first that hangs", async () => {
  const leaving = new AbortController();
  let begun = 0;
  const stuck = defineAction({ key: "stuck", label: "Stuck", subject: Counter, authorize: everyone, handle: () => (begun++, never<string>()) });
  const ids = Array.from({ length: 100 }, (_, id) => id);
  const lab = openTimedLab([stuck], { counters: Object.fromEntries(ids.map((id) => [id, 0])) });
  const asked = lab.actions.bulk({ key: "stuck", identity: NOBODY, signal: leaving.signal, input: { ids } });
  await quiet();
  leaving.abort();
  lab.time.pass(30_000);
  const done = await asked;
  assert.ok(done.kind === "bulk" && done.succeeded === 0 && done.items.length === 100);
  assert.ok(begun < 10, `${begun} were begun`);
});

test("A repeat under the same key waits for the handler that hangs, and runs when its time is over", async () => {
  let runs = 0;
  const once = defineAction({ key: "once", label: "Once", authorize: everyone, handle: () => (++runs === 1 ? never<string>() : "Done.") });
  const lab = openTimedLab([once], { turnTimeoutMs: 60_000 });
  const call = () => lab.actions.execute({ key: "once", identity: NOBODY, idempotencyKey: "k" });
  const first = call();
  const second = call();
  await quiet();
  assert.equal(runs, 1);
  lab.time.pass(30_000);
  assert.deepEqual([await first, await second], [NOT_IN_TIME, { kind: "message", message: "Done." }]);
});

test("On a store that has failed meanwhile the answer is the same", async () => {
  let fails = false;
  const lab = openTimedLab([hang], { wrap: (store) => ({ ...late(store), commit: (changes, entries) => { if (fails) throw new Error("The disk is full."); return store.commit(changes, entries); } }) });
  const outcome = on(lab, "hang");
  await quiet();
  fails = true;
  lab.time.pass(30_000);
  const answered = await outcome;
  assert.equal(answered.kind === "failed" && answered.code, "unavailable");
  assert.deepEqual(lab.observed.map(({ event }) => event), ["handler_timed_out", "store_unavailable"]);
});
