import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { ActionError, createIdentity, defineAction, defineWorkflow, everyone, integer, text, type Flow, type Timer } from "../../../src/domain/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { addOne, CLERK, Counter, flowOf, MANAGER, openLab, OTHER, quiet, turn, VIEWER } from "./lab.ts";
import { diesAt } from "./dying-store.ts";
import { createTestTime, type TestTime } from "../../../src/app/testing/test-time.ts";

const FAST = { retry: { initialDelayMs: 1000, factor: 2, jitter: 0 } };

test("a step that fails is tried again after pauses that double, and then its error is the run's", async () => {
  const tries: string[] = [];
  const flaky = flowOf("flaky", (flow) =>
    flow.step("call", ({ attempt, now }) => {
      tries.push(`${attempt} ${now.slice(17, 19)}`);
      throw new Error("The line is dead.");
    }, { retry: { maxAttempts: 3, initialDelayMs: 1000, factor: 2, jitter: 0 } }));
  const lab = await openLab({ workflows: [flaky] });
  const id = await lab.start(flaky);
  await lab.until(id, "waiting");
  lab.time.pass(1000);
  await lab.until(id, "running", "waiting");
  while (tries.length < 2) await turn();
  await lab.until(id, "waiting");
  lab.time.pass(2000);
  const shown = await lab.end(id);
  assert.deepEqual([shown.status, shown.error], ["failed", "The line is dead."]);
  assert.deepEqual(tries, ["1 00", "2 01", "3 03"]);
});

test("an ActionError is final, and the code may catch it", async () => {
  const calm = flowOf("calm", async (flow) => {
    try {
      return await flow.step("ask", () => {
        throw new ActionError("No.", { code: "no", details: [1] });
      });
    } catch (error) {
      return error instanceof ActionError ? [error.message, error.code, error.details] : "another error";
    }
  });
  const lab = await openLab({ workflows: [calm] });
  assert.deepEqual((await lab.end(await lab.start(calm))).result, ["No.", "no", [1]]);
});

test("a try that takes longer than its time counts as failed, and what it changes too late is not kept", async () => {
  let late: (() => void) | undefined;
  const slow = flowOf("slow", (flow) =>
    flow.step("wait", async ({ attempt, subjects }) => {
      if (attempt === 2) return "in time";
      await new Promise<void>((resolve) => (late = resolve));
      subjects.put(Counter, { id: 77, count: 1 });
      return "too late";
    }, { timeoutMs: 500, ...FAST }));
  const lab = await openLab({ workflows: [slow] });
  const id = await lab.start(slow);
  await lab.until(id, "running");
  while (late === undefined) await turn();
  lab.time.pass(500);
  await lab.until(id, "waiting");
  late();
  lab.time.pass(1000);
  assert.equal((await lab.end(id)).result, "in time");
  assert.ok(Number.isNaN(await lab.count(77)));
});

const PICKED = { by: text() };

test("a signal that is waited for is handed over; one that came before is not lost; one that does not fit is refused or passed over", async () => {
  const picking = defineWorkflow({
    name: "picking",
    signals: { picked: PICKED },
    async run(flow) {
      const first = await flow.waitFor("picked", PICKED);
      const second = await flow.waitFor("picked", PICKED, { timeout: { days: 1 } });
      const third = await flow.waitFor("picked", PICKED, { timeout: { days: 1 } });
      return [first.by, second?.by, third?.by ?? "nobody"];
    },
  });
  const lab = await openLab({ workflows: [picking] });
  const id = await lab.start(picking);
  const signal = (name: string, value: object, identity = CLERK) => lab.actions.workflows.signal(identity, id, name, { ...value });
  assert.deepEqual(await signal("picked", {}), { kind: "failed", code: "invalid_params", message: "by is required.", errors: { by: ["by is required."] } });
  assert.equal(Object(await signal("dropped", {})).code, "not_found");
  assert.equal(Object(await signal("picked", { by: "Ann" }, VIEWER)).code, "forbidden");
  assert.equal(Object(await signal("picked", { by: "Ann" }, OTHER)).code, "not_found");
  assert.equal((await signal("picked", { by: "Ann" })).kind, "run");
  assert.equal((await signal("picked", { by: "Bob" }, MANAGER)).kind, "run");
  await lab.until(id, "waiting");
  await quiet();
  lab.time.pass(86_400_000);
  assert.deepEqual((await lab.end(id)).result, ["Ann", "Bob", "nobody"]);
  assert.deepEqual(await signal("picked", { by: "Eve" }), { kind: "failed", code: "conflict", message: "This workflow has ended." });
});

test("a cancelled run begins nothing more and undoes what it did, the last step first", async () => {
  const log: string[] = [];
  const saga = flowOf("saga", async (flow) => {
    const step = (name: string) => flow.step(name, () => (log.push(name), name), { compensate: (result) => void log.push(`undo ${result}`) });
    await step("one");
    await Promise.all([step("two"), step("three")]);
    await flow.sleep({ days: 1 });
    await step("four");
  });
  const lab = await openLab({ workflows: [saga] });
  const id = await lab.start(saga);
  await lab.until(id, "waiting");
  assert.equal((await lab.actions.workflows.cancel(OTHER, id)).kind, "failed");
  assert.equal((await lab.actions.workflows.cancel(CLERK, id)).kind, "run");
  const shown = await lab.end(id);
  assert.deepEqual([shown.status, shown.error], ["cancelled", "It was cancelled."]);
  assert.deepEqual(log, ["one", "two", "three", "undo three", "undo two", "undo one"]);
  assert.equal((await lab.actions.workflows.cancel(CLERK, id)).kind, "run");
});

test("a run that fails undoes what it did; what cannot be undone is told and keeps nothing else from it", async () => {
  const log: string[] = [];
  const saga = flowOf("failing", async (flow) => {
    await flow.step("one", () => "one", { compensate: () => void log.push("undo one") });
    await flow.step("two", () => "two", { compensate: () => { throw new ActionError("It is gone."); } });
    throw new Error("All is lost.");
  });
  const lab = await openLab({ workflows: [saga] });
  const shown = await lab.end(await lab.start(saga));
  assert.deepEqual([shown.status, shown.error, log], ["failed", 'All is lost. Undoing "two" failed: It is gone.', ["undo one"]]);
});

test("a run can cancel itself, and can go on in another with an empty journal", async () => {
  const rounds = defineWorkflow({
    name: "rounds",
    input: { round: integer() },
    async run(flow, { round }) {
      await flow.step("count", () => round);
      if (round < 3) await flow.continueAs({ round: round + 1 });
      await flow.cancel("Three are enough.");
    },
  });
  const lab = await openLab({ workflows: [rounds] });
  let shown = await lab.end(await lab.start(rounds, { round: 1 }));
  const statuses = [shown.status];
  while (shown.status === "continued") {
    shown = await lab.end(String(Object(shown.result).workflow_id));
    statuses.push(shown.status);
  }
  assert.deepEqual(statuses, ["continued", "continued", "cancelled"]);
  assert.equal(shown.error, "Three are enough.");
});

test("whatever the commit at which the process dies, the run goes on behind its last step, and each change is made once", async () => {
  const work = flowOf("work", async (flow) => {
    await flow.action(addOne, 1, {}, { compensate: async (_result, { subjects }) => void (await bump(subjects, 9, 1)) });
    const [two, three] = await Promise.all([
      flow.step("two", ({ subjects }) => bump(subjects, 2, 1)),
      flow.step("three", ({ subjects }) => bump(subjects, 3, 1)),
    ]);
    const pack = async (id: number) => {
      await flow.step("pack", ({ subjects }) => bump(subjects, id, 1));
      await flow.step("seal", ({ subjects }) => bump(subjects, id, 10));
    };
    await Promise.all([pack(4), pack(5), pack(6)]);
    await flow.sleep(1000);
    const outcome = await flow.step("check", () => [two, three]);
    if (outcome.length === 2) await flow.cancel("That is all.");
  });
  let commits = 0;
  for (let at = 2, more = true; more; at++) {
    for (const when of ["before", "behind"] as const) {
      const time = createTestTime();
      const memory = createMemoryStore({ clock: time.clock });
      const first = diesAt(memory, at, when);
      const lab = await openLab({ workflows: [work], store: first.store, time });
      let survived = false;
      const id = await Promise.race([lab.start(work), first.died.then(() => undefined)]);
      const finish = async () => {
        if (id === undefined) return;
        const waiting = await Promise.race([lab.until(id, "waiting", "cancelled"), first.died]);
        if (waiting === undefined) return;
        time.pass(1000);
        survived = (await Promise.race([lab.end(id), first.died])) !== undefined;
      };
      await finish();
      commits = Math.max(commits, at);
      more = !survived;
      const counts = new Map<string, unknown>();
      const second = await openLab({ workflows: [work], store: memory, time }).catch(() => undefined);
      assert.ok(second !== undefined);
      const listed = await second.actions.workflows.list(MANAGER);
      assert.ok(listed.kind === "page");
      assert.ok(listed.data.length === 1 || (listed.data.length === 0 && at === 2 && when === "before"));
      for (const run of listed.data) {
        const waits = await second.until(String(run["id"]), "waiting", "cancelled");
        if (waits.status === "waiting") time.pass(1000);
        const shown = await second.end(String(run["id"]));
        assert.deepEqual([shown.status, shown.error], ["cancelled", "That is all."], `commit ${at} ${when}`);
        for (const counter of [1, 2, 3, 4, 5, 6, 9]) counts.set(String(counter), await second.count(counter));
        assert.deepEqual(Object.fromEntries(counts), { 1: 1, 2: 1, 3: 1, 4: 11, 5: 11, 6: 11, 9: 1 }, `commit ${at} ${when}`);
      }
      assert.deepEqual(second.observed.filter(({ event }) => event === "workflow_changed" || event === "internal_error"), []);
    }
  }
  assert.ok(commits > 12, `${commits} commits`);
});

async function bump(subjects: { get(subject: typeof Counter, id: number): unknown; put(subject: typeof Counter, record: { id: number; count: number }): unknown }, id: number, by: number): Promise<number> {
  const found = Object(await subjects.get(Counter, id));
  subjects.put(Counter, { id, count: Number(found.count) + by });
  return id;
}

test("a run whose code has changed incompatibly is stopped and says so; a step that is added at the end is no harm", async () => {
  const original = flowOf("recipe", async (flow) => {
    await flow.step("break eggs", () => 3);
    await flow.step("heat pan", () => null);
    await flow.sleep({ days: 1 });
  });
  const changed: readonly (readonly [string, (flow: Flow) => Promise<unknown>])[] = [
    ["its journal goes on with step:break eggs#1, and the code does not", async (flow) => { await flow.step("heat pan", () => 0); await flow.step("break eggs", () => 0); }],
    ["its journal goes on with step:heat pan#1, and the code does not", async (flow) => { await flow.step("break eggs", () => 0); await flow.step("add salt", () => 0); await flow.step("heat pan", () => 0); }],
    ["its journal goes on with step:heat pan#1, and the code does not", async (flow) => flow.step("break eggs", () => 0)],
  ];
  for (const [what, run] of changed) {
    const time = createTestTime();
    const store = createMemoryStore({ clock: time.clock });
    const lab = await openLab({ workflows: [original], store, time });
    const id = await lab.start(original);
    await lab.until(id, "waiting");
    await lab.actions.workflows.close();
    const second = await openLab({ workflows: [flowOf("recipe", run)], store, time });
    time.pass(86_400_000);
    const shown = await second.end(id);
    assert.deepEqual([shown.status, shown.error], ["failed", `The code of the workflow "recipe" has changed incompatibly: ${what}.`]);
  }
  const time = createTestTime();
  const store = createMemoryStore({ clock: time.clock });
  const lab = await openLab({ workflows: [original], store, time });
  const id = await lab.start(original);
  await lab.until(id, "waiting");
  await lab.actions.workflows.close();
  const longer = flowOf("recipe", async (flow) => { await original.run(flow, {}); return flow.step("eat", () => "Good."); });
  const second = await openLab({ workflows: [longer], store, time });
  time.pass(86_400_000);
  assert.equal((await second.end(id)).result, "Good.");
  const gone = await openLab({ workflows: [original], store: createMemoryStore({ clock: time.clock }), time });
  assert.equal((await gone.actions.workflows.find(CLERK, id)).kind, "failed");
});

test("code that awaits something else than its flow is stopped and says so", async () => {
  let go = () => {};
  const outside = new Promise<void>((resolve) => (go = resolve));
  const stray = flowOf("stray", (flow) => Promise.all([flow.sleep({ days: 1 }), outside.then(() => flow.step("late", () => 1))]));
  const lab = await openLab({ workflows: [stray] });
  const id = await lab.start(stray);
  await lab.until(id, "waiting");
  await quiet();
  go();
  assert.equal((await lab.end(id)).error, "Its code awaited something other than an answer of its flow; whatever takes time belongs in a step.");
});

test("an action runs with the permissions that its starter has by then", async () => {
  const later = flowOf("later", async (flow) => { await flow.sleep(1000); await flow.action(addOne, 1); });
  let permissions: readonly string[] = ["count", "more"];
  const identityOf = () => createIdentity({ kind: "client", id: "clerk", permissions });
  const lab = await openLab({ workflows: [later], identityOf });
  const first = await lab.start(later);
  await lab.until(first, "waiting");
  lab.time.pass(1000);
  assert.equal((await lab.end(first)).status, "completed");
  const second = await lab.start(later);
  await lab.until(second, "waiting");
  permissions = [];
  lab.time.pass(1000);
  const shown = await lab.end(second);
  assert.deepEqual([shown.status, shown.error, await lab.count(1)], ["failed", "You may not do this.", 1]);
});

test("an action that fails starts nothing, and one that starts a workflow of another catalog or with a wrong input fails", async () => {
  const noop = flowOf("noop", async () => null);
  const strict = defineWorkflow({ name: "strict", input: { count: integer() }, run: async () => null });
  const failing = defineAction({ key: "failing", label: "Failing", authorize: everyone, handle({ workflows }) { workflows.start(noop, {}); throw new ActionError("No."); } });
  const lab = await openLab({ workflows: [noop, strict], actions: [failing] });
  assert.equal((await lab.actions.execute({ key: "failing", identity: CLERK })).kind, "refused");
  await assert.rejects(lab.start(strict, { count: "many" }), /internal_error/);
  const listed = await lab.actions.workflows.list(MANAGER);
  assert.ok(listed.kind === "page");
  assert.deepEqual(listed.data, []);
});

test("at most so many runs of a name work at once, and identities take turns", async () => {
  const order: string[] = [];
  const release: (() => void)[] = [];
  const narrow = defineWorkflow({
    name: "narrow",
    input: { name: text() },
    concurrency: 1,
    run: (flow, { name }) => flow.step("work", () => new Promise<void>((resolve) => { order.push(name); release.push(resolve); })),
  });
  const lab = await openLab({ workflows: [narrow] });
  const ids = [];
  for (const name of ["a1", "a2", "a3"]) ids.push(await lab.start(narrow, { name }));
  ids.push(await lab.start(narrow, { name: "b1" }, OTHER));
  assert.equal((await lab.show(ids[1] ?? "")).status, "pending");
  for (const _ of ids) {
    while (release.length === 0) await turn();
    release.shift()?.();
  }
  for (const id of ids) await lab.end(id);
  assert.deepEqual(order, ["a1", "a2", "b1", "a3"]);
});

/** Lets the time pass in small steps, as it does for whoever looks again and again. */
async function passSlowly(time: TestTime, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    time.pass(500);
    await quiet();
  }
}

/** The timer of a process that gets no time any more, and renews nothing. */
function stalled({ clock, timer }: TestTime): Timer {
  return (at, wake) => (at <= clock() ? timer(at, wake) : () => undefined);
}

test("of two processes on one store, one works on a run; when it is gone, the other takes it up after the lease", async () => {
  const tries: string[] = [];
  const time = createTestTime();
  const store = createMemoryStore({ clock: time.clock });
  const workflowOf = (process: string, gate: Promise<void>) => flowOf("shared", (flow) => flow.step("work", async () => { tries.push(process); await gate; return process; }));
  const engineOn = (timer: Timer) => embeddedWorkflows({ timer, random: () => 0, exclusive: false, leaseMs: 10_000 });
  let letGo = () => {};
  const stuck = new Promise<void>((resolve) => (letGo = resolve));
  const shared = workflowOf("first", stuck);
  const first = await openLab({ workflows: [shared], store, time, engine: engineOn(stalled(time)) });
  const id = await first.start(shared);
  while (tries.length === 0) await turn();
  const second = await openLab({ workflows: [workflowOf("second", Promise.resolve())], store, time, engine: engineOn(time.timer) });
  await quiet();
  assert.deepEqual(tries, ["first"]);
  await passSlowly(time, 15_000);
  assert.equal((await second.end(id)).result, "second");
  letGo();
  await quiet();
  assert.equal((await first.show(id)).result, "second");
  assert.deepEqual(tries, ["first", "second"]);
});

test("a process whose run was taken up by another commits nothing of it any more, though the run now waits and is nobody's", async () => {
  const time = createTestTime();
  const store = createMemoryStore({ clock: time.clock });
  const tries: string[] = [];
  const workflowOf = (process: string, gate: Promise<void>) => flowOf("shared", async (flow) => {
    await flow.step("work", async ({ subjects }) => {
      tries.push(process);
      await gate;
      await bump(subjects, 1, 1);
    });
    await flow.sleep({ days: 1 });
    return process;
  });
  const engineOn = (timer: Timer) => embeddedWorkflows({ timer, random: () => 0, exclusive: false, leaseMs: 10_000 });
  let letGo = () => {};
  const shared = workflowOf("first", new Promise<void>((resolve) => (letGo = resolve)));
  const first = await openLab({ workflows: [shared], store, time, engine: engineOn(stalled(time)) });
  const id = await first.start(shared);
  while (tries.length === 0) await turn();
  const second = await openLab({ workflows: [workflowOf("second", Promise.resolve())], store, time, engine: engineOn(time.timer) });
  await passSlowly(time, 15_000);
  await second.until(id, "waiting");
  letGo();
  await quiet();
  assert.deepEqual([await first.count(1), first.observed.map(({ event }) => event)], [1, []]);
  time.pass(86_400_000);
  assert.equal((await first.end(id)).status, "completed");
  assert.deepEqual([await first.count(1), tries], [1, ["first", "second"]]);
});

test("a page of runs ends early where what they came to is large, and none is left out", async () => {
  const large = flowOf("large", async (flow) => (await flow.step("begin", () => 1), "x".repeat(300_000)));
  const small = flowOf("small", async () => "small");
  const lab = await openLab({ workflows: [large, small] });
  const started: string[] = [];
  for (const workflow of [large, large, large, large, large, large, ...Array.from({ length: 30 }, () => small)]) started.push(await lab.start(workflow));
  for (const id of started) await lab.end(id);
  const pages: string[][] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page = await lab.actions.workflows.list(MANAGER, { limit: 200, after });
    assert.ok(page.kind === "page");
    pages.push(page.data.map(({ id }) => String(id)));
    after = page.next;
  }
  assert.deepEqual(pages.map(({ length }) => length), [34, 2]);
  assert.deepEqual(pages.flat(), started.toReversed());
});
