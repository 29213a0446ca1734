import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { defineWorkflow, text, type RecordStore, type StepContext, type Workflow } from "../../../src/domain/index.ts";
import { withMethods } from "../../domain/lab.ts";
import { diesAt } from "./dying-store.ts";
import { CLERK, Counter, flowOf, MANAGER, openLab, quiet, type Lab } from "./lab.ts";
import { createTestTime, type TestTime } from "../../../src/app/testing/test-time.ts";

const LEASE_MS = 10_000;
const NOTE = { note: text() };

/** One store for many processes, which tells them of its commits. */
function createSharedStore({ clock }: TestTime): RecordStore {
  const store = createMemoryStore({ clock });
  const watchers = new Set<(collections: readonly string[] | null) => void>();
  return {
    ...withMethods(store, {
      commit(changes, entries) {
        const result = store.commit(changes, entries);
        setImmediate(() => watchers.forEach((tell) => tell(changes.map(({ collection }) => collection))));
        return result;
      },
    }),
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
}

/** Stores as processes may share them: those that tell of what others do, and those that do not. */
const SHARED: readonly (readonly [how: string, open: (time: TestTime) => RecordStore])[] = [
  ["with news of the others", createSharedStore],
  ["without news of the others", ({ clock }) => ({ ...withMethods(createMemoryStore({ clock }), {}), watch: () => () => undefined })],
];

function startProcess(time: TestTime, store: RecordStore, workflows: readonly Workflow[]): Promise<Lab> {
  return openLab({ workflows, time, store, engine: embeddedWorkflows({ timer: time.timer, random: () => 0, leaseMs: LEASE_MS }) });
}

/** Lets the time pass in small steps until it is so; answers how long that took. */
async function passUntil(time: TestTime, isSo: () => boolean | Promise<boolean>, atMostMs: number): Promise<number> {
  for (let passed = 0; ; passed += 250) {
    await quiet();
    if (await isSo()) return passed;
    assert.ok(passed < atMostMs, `not within ${atMostMs} ms`);
    time.pass(250);
  }
}

const hasEnded = (lab: Lab, id: string) => async () => ["completed", "failed", "cancelled"].includes((await lab.show(id)).status);

for (const [how, open] of SHARED) {
  test(`${how}: whatever the commit at which a process dies, another has taken its run up within the lease and 5 s, and each change is made once`, async () => {
    const workflow = flowOf("counting", async (flow) => {
      await flow.step("one", ({ subjects }) => bump(subjects, 1, 1));
      await flow.sleep(2_000);
      await flow.step("two", ({ subjects }) => bump(subjects, 2, 1));
    });
    let last = 0;
    for (let at = 2, died = true; died; at++) {
      for (const when of ["before", "behind"] as const) {
        const time = createTestTime();
        const shared = open(time);
        const { store, died: death } = diesAt(shared, at, when);
        died = false;
        void death.then(() => (died = true));
        const first = await startProcess(time, shared.watch === undefined ? store : { ...store, watch: () => () => undefined }, [workflow]);
        const others = [await startProcess(time, shared, [workflow]), await startProcess(time, shared, [workflow])] as const;
        const starting = first.start(workflow);
        await quiet();
        for (let passed = 0; !died && passed < 4_000; passed += 250) {
          time.pass(250);
          await quiet();
        }
        const [run] = await runsOf(others[0]);
        if (run === undefined) continue;
        await passUntil(time, hasEnded(others[1], run), LEASE_MS + 5_000 + 2_000);
        assert.deepEqual([(await others[0].show(run)).status, await others[0].count(1), await others[0].count(2)], ["completed", 1, 1], `${when} commit ${at}`);
        if (!died) assert.equal(await starting, run);
        for (const lab of [first, ...others]) void lab.actions.workflows.close();
        last = at;
      }
    }
    assert.ok(last >= 6, `${last} commits`);
  });

  test(`${how}: whoever follows a run that another process works on sees what becomes of it`, async () => {
    const workflow = defineWorkflow({
      name: "followed",
      signals: { note: NOTE },
      async run(flow) {
        flow.progress(1, 2);
        const { note } = await flow.waitFor("note", NOTE);
        return note;
      },
    });
    const time = createTestTime();
    const store = open(time);
    const [working, asked] = [await startProcess(time, store, [workflow]), await startProcess(time, store, [workflow])];
    const id = await working.start(workflow);
    const changes = await asked.actions.workflows.follow(CLERK, id);
    assert.ok(!("kind" in changes));
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const change of changes) if (change !== null) seen.push(change.run["status"]);
    })();
    await passUntil(time, () => seen.at(-1) === "waiting", 2_000);
    await working.actions.workflows.signal(CLERK, id, "note", { note: "seen" });
    await passUntil(time, () => seen.at(-1) === "completed", 2_000);
    await reading;
  });

  test(`${how}: a signal and the wish to cancel reach a run by any process, one that waits and one at a step`, async () => {
    let told = 0;
    const workflow = defineWorkflow({
      name: "told",
      signals: { note: NOTE },
      async run(flow) {
        const { note } = await flow.waitFor("note", NOTE);
        await flow.step("long", ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => (told++, reject(signal.reason)))), {});
        return note;
      },
    });
    const time = createTestTime();
    const store = open(time);
    const [working, asked] = [await startProcess(time, store, [workflow]), await startProcess(time, store, [workflow])];
    const id = await working.start(workflow);
    await working.until(id, "waiting");
    await asked.actions.workflows.signal(CLERK, id, "note", { note: "go on" });
    await passUntil(time, async () => (await asked.show(id)).status === "running", 2_000);
    await working.actions.workflows.cancel(CLERK, id);
    await passUntil(time, hasEnded(asked, id), 2_500);
    assert.deepEqual([(await working.show(id)).status, told], ["cancelled", 1]);
  });

  test(`${how}: two branches of a run at work get a signal that came by another process`, async () => {
    let finish = () => {};
    const workflow = defineWorkflow({
      name: "branches",
      signals: { note: NOTE },
      run: (flow) => Promise.all([flow.step("long", () => new Promise<void>((resolve) => (finish = resolve)).then(() => "done")), flow.waitFor("note", NOTE).then(({ note }) => flow.step("noted", () => note))]),
    });
    const time = createTestTime();
    const store = open(time);
    const [working, asked] = [await startProcess(time, store, [workflow]), await startProcess(time, store, [workflow])];
    const id = await working.start(workflow);
    await quiet();
    await asked.actions.workflows.signal(CLERK, id, "note", { note: "both" });
    const noted = async () => (await store.read("actionport.workflow.step", [`${id}/step:noted#1`]))[0] !== undefined;
    await passUntil(time, noted, 2_500);
    finish();
    assert.deepEqual((await working.end(id)).result, ["done", "both"]);
  });
}

test("a process that is closed leaves what it works on to another at once", async () => {
  const tries: string[] = [];
  let finish = () => {};
  const workflowOf = (process: string) => flowOf("handed-over", async (flow) => {
    await flow.step("one", () => new Promise<void>((resolve) => (tries.push(process), (finish = resolve))));
    await flow.step("two", () => void tries.push(process));
  });
  const time = createTestTime();
  const store = createSharedStore(time);
  const workflow = workflowOf("first");
  const first = await startProcess(time, store, [workflow]);
  const id = await first.start(workflow);
  await quiet();
  const second = await startProcess(time, store, [workflowOf("second")]);
  const closing = first.actions.workflows.close();
  finish();
  await closing;
  assert.ok((await passUntil(time, hasEnded(second, id), 2_000)) < LEASE_MS);
  assert.deepEqual(tries, ["first", "second"]);
});

test("a process that is closed leaves what only waits for its turn to another, and a signal that it had just taken", async () => {
  const workflow = defineWorkflow({ name: "signalled", signals: { note: NOTE }, concurrency: 1, run: async (flow) => (await flow.waitFor("note", NOTE)).note });
  const time = createTestTime();
  const store = createSharedStore(time);
  const first = await startProcess(time, store, [workflow]);
  const ids = [await first.start(workflow), await first.start(workflow)];
  for (const id of ids) await first.until(id, "waiting");
  for (const id of ids) await first.actions.workflows.signal(CLERK, id, "note", { note: "kept" });
  await first.actions.workflows.close();
  const second = await startProcess(time, store, [workflow]);
  for (const id of ids) {
    assert.ok((await passUntil(time, hasEnded(second, id), 3_000)) < LEASE_MS);
    assert.equal((await second.show(id)).result, "kept");
  }
});

test("a process leaves runs of workflows alone that only a newer one knows, and that one finds them", async () => {
  const workflow = defineWorkflow({ name: "new", run: async (flow) => (await flow.waitFor("note", NOTE)).note });
  const time = createTestTime();
  const store = createSharedStore(time);
  const newer = await startProcess(time, store, [workflow]);
  const id = await newer.start(workflow);
  await newer.until(id, "waiting");
  await newer.actions.workflows.close();
  const older = await startProcess(time, store, []);
  for (let seconds = 0; seconds < 30; seconds++) {
    time.pass(1_000);
    await quiet();
  }
  assert.equal((await older.actions.workflows.signal(CLERK, id, "note", { note: "by the older" })).kind, "run");
  await quiet();
  assert.equal((await older.show(id)).status, "waiting");
  const again = await startProcess(time, store, [workflow]);
  await passUntil(time, hasEnded(again, id), 2_000);
  assert.equal((await again.show(id)).result, "by the older");
});

test("many processes share a workflow's backlog, none of its runs twice, and when all is done no alarm is left", async () => {
  const done = new Map<string, string>();
  const workflowOf = (process: string) => defineWorkflow({
    name: "backlog",
    concurrency: 2,
    run: (flow) => flow.step("work", async () => {
      done.set(flow.id, `${done.get(flow.id) ?? ""}${process}`);
      await new Promise<void>((resolve) => time.timer(time.clock() + 4_000, resolve));
    }),
  });
  const time = createTestTime();
  const store = createSharedStore(time);
  const workflow = workflowOf("a");
  const first = await startProcess(time, store, [workflow]);
  const ids: string[] = [];
  for (let run = 0; run < 40; run++) ids.push(await first.start(workflow));
  const others = [await startProcess(time, store, [workflowOf("b")]), await startProcess(time, store, [workflowOf("c")])];
  for (const id of ids) await passUntil(time, hasEnded(first, id), 120_000);
  const by = [...done.values()];
  assert.deepEqual([by.length, by.every((process) => process.length === 1)], [40, true]);
  assert.deepEqual([...new Set(by)].sort(), ["a", "b", "c"]);
  for (const lab of [first, ...others]) assert.deepEqual(lab.observed, []);
  await passUntil(time, async () => (await store.list("actionport.workflow.alarm", { limit: 1 })).records.length === 0, LEASE_MS + 5_000);
});

test("a process that is alone on its store looks for nothing while no alarm is due, and takes away those that are out of date", async () => {
  const workflow = flowOf("short", (flow) => flow.step("one", () => 1));
  const time = createTestTime();
  const lab = await openLab({ workflows: [workflow], time, engine: embeddedWorkflows({ timer: time.timer, random: () => 0, leaseMs: LEASE_MS }) });
  await quiet();
  assert.equal(time.waiting, 0);
  for (let run = 0; run < 3; run++) await lab.end(await lab.start(workflow));
  const alarms = async () => (await lab.store.list("actionport.workflow.alarm", { limit: 10 })).records.length;
  assert.equal(await alarms(), 3);
  let looks = 0;
  for (let seconds = 0; seconds < 60; seconds++) {
    const before = time.waiting;
    time.pass(1_000);
    looks += before - time.waiting;
    await quiet();
  }
  assert.deepEqual([await alarms(), time.waiting], [0, 0]);
  assert.ok(looks <= 4, `${looks} looks`);
});

async function bump(subjects: StepContext["subjects"], id: number, by: number): Promise<void> {
  const counter = await subjects.get(Counter, id);
  if (counter !== undefined) subjects.put(Counter, { ...counter, count: counter.count + by });
}

async function runsOf(lab: Lab): Promise<readonly string[]> {
  const page = await lab.actions.workflows.list(MANAGER);
  assert.ok(page.kind === "page");
  return page.data.map(({ id }) => String(id));
}
