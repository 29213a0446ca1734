import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import type { StepContext, StepOptions } from "../../../src/domain/index.ts";
import { CLERK, Counter, flowOf, openLab, quiet, STORES, turn } from "./lab.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";

const ONCE = { retry: { maxAttempts: 1 } } as const;

/** A workflow that does a step, which can be undone, and then one that never settles. Notes what happened. */
function hanging(options: StepOptions = ONCE, work: (step: StepContext) => unknown = () => undefined) {
  const seen: string[] = [];
  const signals: AbortSignal[] = [];
  const workflow = flowOf("hanging", async (flow) => {
    await flow.step("reserve", ({ subjects }) => void subjects.put(Counter, { id: 70, count: 1 }), { compensate: () => void seen.push("undone") });
    return flow.step("hang", (step) => {
      seen.push(`try ${step.attempt}`);
      signals.push(step.signal);
      void work(step);
      return new Promise<string>(() => undefined);
    }, options);
  });
  return { workflow, seen, signals };
}

for (const [where, open] of STORES) {
  test(`${where}: a step that never settles has failed after five minutes, and its signal says so`, async () => {
    const time = createTestTime();
    const { workflow, seen, signals } = hanging();
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const id = await lab.start(workflow);
    while (signals.length === 0) await turn();
    time.pass(299_999);
    await quiet();
    assert.deepEqual([(await lab.show(id)).status, signals[0]?.aborted], ["running", false]);
    time.pass(1);
    const shown = await lab.end(id);
    assert.deepEqual([shown.status, shown.error, seen], ["failed", 'The step "hang" took longer than 300000 ms.', ["try 1", "undone"]]);
    assert.equal(String(signals[0]?.reason), 'TimedOut: The step "hang" took longer than 300000 ms.');
  });

  test(`${where}: a run whose step never settles can be cancelled: the step is told, and once it had its time the run is undone without it`, async () => {
    const time = createTestTime();
    const { workflow, seen, signals } = hanging();
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const id = await lab.start(workflow);
    while (signals.length === 0) await turn();
    assert.equal((await lab.actions.workflows.cancel(CLERK, id)).kind, "run");
    await quiet();
    assert.deepEqual([signals[0]?.aborted, (await lab.show(id)).status], [true, "running"]);
    time.pass(5_000);
    const shown = await lab.end(id);
    assert.deepEqual([shown.status, shown.error, seen], ["cancelled", "It was cancelled.", ["try 1", "undone"]]);
    assert.deepEqual(lab.observed.map(({ event, error }) => [event, String(error)]), [["workflow_step_stopped", 'StepStopped: The step "hang" did not end within 5000 ms of being told to stop.']]);
  });

  test(`${where}: a step that ends when it is told to stop is undone with the others`, async () => {
    const time = createTestTime();
    const undone: unknown[] = [];
    let begun = false;
    const workflow = flowOf("heeds", async (flow) => {
      await flow.step("wait", ({ signal }) => new Promise<string>((resolve) => {
        begun = true;
        signal.addEventListener("abort", () => resolve("half"));
      }), { compensate: (result) => void undone.push(result) });
      await flow.step("never", () => undone.push("begun"));
    });
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const id = await lab.start(workflow);
    while (!begun) await turn();
    await lab.actions.workflows.cancel(CLERK, id);
    assert.deepEqual([(await lab.end(id)).status, undone], ["cancelled", ["half"]]);
  });

  test(`${where}: a run that cancels itself does not wait for a branch that never settles`, async () => {
    const time = createTestTime();
    let isAborted = false;
    const workflow = flowOf("branches", (flow) => Promise.all([
      flow.step("hang", ({ signal }) => new Promise<string>(() => signal.addEventListener("abort", () => (isAborted = true)))),
      flow.step("look", () => 1).then(() => flow.cancel("Enough.")),
    ]));
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const id = await lab.start(workflow);
    while (!isAborted) await turn();
    time.pass(5_000);
    const shown = await lab.end(id);
    assert.deepEqual([shown.status, shown.error], ["cancelled", "Enough."]);
  });

  test(`${where}: a step that never settles does not stop close(), commits nothing of its own, and is tried again by whoever opens the store next`, async () => {
    const time = createTestTime();
    const store = open(time);
    let goOn = () => {};
    let isRefused = false;
    const { workflow, seen, signals } = hanging(ONCE, async ({ subjects }) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      assert.throws(() => subjects.put(Counter, { id: 71, count: 1 }), TypeError);
      isRefused = true;
    });
    const lab = await openLab({ workflows: [workflow], time, store });
    const id = await lab.start(workflow);
    while (signals.length === 0) await turn();
    let isClosed = false;
    const closing = lab.actions.workflows.close().then(() => (isClosed = true));
    await quiet();
    assert.deepEqual([isClosed, signals[0]?.aborted], [false, false]);
    time.pass(5_000);
    await closing;
    assert.equal(String(signals[0]?.reason), "StepStopped: The engine has closed.");
    await quiet();
    const second = await openLab({ workflows: [flowOf("hanging", async (flow) => {
      await flow.step("reserve", () => undefined);
      return flow.step("hang", ({ attempt }) => `try ${attempt}`);
    })], time, store });
    assert.deepEqual([(await second.end(id)).result, seen], ["try 1", ["try 1"]]);
    goOn();
    await quiet();
    assert.ok(isRefused);
    assert.ok(Number.isNaN(await second.count(71)));
  });

  test(`${where}: an item of each that never settles has failed after five minutes, too`, async () => {
    const time = createTestTime();
    let begun = false;
    const workflow = flowOf("many", (flow) => flow.each(2, () => { begun = true; return new Promise<null>(() => undefined); }));
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const id = await lab.start(workflow);
    while (!begun) await turn();
    time.pass(300_000);
    assert.deepEqual([(await lab.end(id)).error], ['The step "each 0" took longer than 300000 ms.']);
  });

  test(`${where}: a step that is under way for longer than a lease is not begun by another process`, async () => {
    const time = createTestTime();
    const store = open(time);
    const tries: string[] = [];
    let finish = () => {};
    const workflowOf = (process: string) => flowOf("long", (flow) => flow.step("work", async () => {
      tries.push(process);
      await new Promise<void>((resolve) => (finish = resolve));
      return process;
    }));
    const engine = embeddedWorkflows({ timer: time.timer, random: () => 0, exclusive: false, leaseMs: 10_000 });
    const workflow = workflowOf("first");
    const first = await openLab({ workflows: [workflow], store, time, engine });
    const id = await first.start(workflow);
    while (tries.length === 0) await turn();
    const second = await openLab({ workflows: [workflowOf("second")], store, time, engine });
    for (let passed = 0; passed < 60_000; passed += 5_000) {
      time.pass(5_000);
      await quiet();
    }
    finish();
    assert.deepEqual([(await first.end(id)).result, tries, first.observed, second.observed], ["first", ["first"], [], []]);
    const waiting = time.waiting;
    time.pass(60_000);
    await quiet();
    assert.ok(time.waiting <= waiting);
  });
}

test("how long steps may take can be set for all and for one, and what is no time is a TypeError", async () => {
  const time = createTestTime();
  const engine = embeddedWorkflows({ timer: time.timer, random: () => 0, stepTimeoutMs: 1_000, stopTimeoutMs: 0 });
  const usual = hanging();
  const lab = await openLab({ workflows: [usual.workflow], time, engine });
  const id = await lab.start(usual.workflow);
  while (usual.signals.length === 0) await turn();
  time.pass(1_000);
  assert.equal((await lab.end(id)).error, 'The step "hang" took longer than 1000 ms.');
  const patient = hanging({ ...ONCE, timeoutMs: 3_000 });
  const other = await openLab({ workflows: [patient.workflow], time, engine, store: createMemoryStore({ clock: time.clock }) });
  const second = await other.start(patient.workflow);
  while (patient.signals.length === 0) await turn();
  time.pass(2_999);
  await quiet();
  assert.equal((await other.show(second)).status, "running");
  time.pass(1);
  assert.equal((await other.end(second)).error, 'The step "hang" took longer than 3000 ms.');
  const options = { timer: time.timer, random: () => 0 };
  for (const bad of [0, 1.5, Number.NaN, 86_400_001]) assert.throws(() => embeddedWorkflows({ ...options, stepTimeoutMs: bad }), { name: "TypeError", message: `stepTimeoutMs must be a whole number from 1 to 86400000, not ${bad}` });
  for (const bad of [-1, Number.NaN, 3_600_001]) assert.throws(() => embeddedWorkflows({ ...options, stopTimeoutMs: bad }), { name: "TypeError", message: `stopTimeoutMs must be a whole number from 0 to 3600000, not ${bad}` });
});
