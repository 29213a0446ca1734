import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, defineAction, defineWorkflow, everyone, integer, text, type CreateWorkflowEngine, type RecordStore, type Workflow } from "../../../domain/index.ts";
import { bulkResults } from "./bulk-results.ts";
import { addOne, CLERK, Counter, MANAGER, openLab, OTHER, quiet, VIEWER, type Lab } from "./workflow-lab.ts";
import { createTestTime, type TestTime } from "../test-time.ts";

/** An engine that the contract is to be shown of. */
export interface EngineUnderTest {
  readonly create: (time: TestTime) => CreateWorkflowEngine;
  /** A store to run on; one of its own for each row. */
  readonly openStore: (time: TestTime) => RecordStore | Promise<RecordStore>;
  /** Runs outlive the engine: another on the same store goes on with them. */
  readonly durable: boolean;
}

const NOTE = { note: text() };

const greet = defineWorkflow({ name: "greet", input: { name: text() }, run: (flow, { name }) => flow.step("greet", ({ key }) => ({ greeting: `Hello, ${name}`, key })) });
const refused = defineWorkflow({ name: "refused", run: (flow) => flow.step("ask", () => { throw new ActionError("Not today."); }) });
const waits = defineWorkflow({
  name: "waits",
  signals: { note: NOTE, other: NOTE },
  async run(flow) {
    flow.progress(1, 2);
    await flow.step("count", ({ subjects }) => add(subjects, 1), { compensate: (_result, { subjects }) => add(subjects, -1) });
    const first = await flow.waitFor("note", NOTE);
    const second = await flow.waitFor("note", NOTE, { timeout: { days: 1 } });
    return [first.note, second?.note ?? "none"];
  },
});
const sleeps = defineWorkflow({ name: "sleeps", async run(flow) { await flow.sleep({ days: 7 }); await flow.action(addOne, 2); } });
const rounds = defineWorkflow({ name: "rounds", input: { round: integer() }, async run(flow, { round }) { return round < 2 ? flow.continueAs({ round: round + 1 }) : round; } });
const branches = defineWorkflow({
  name: "branches",
  async run(flow) {
    return Promise.all([1, 2, 3].map(async (id) => {
      await flow.step("add", ({ subjects }) => add(subjects, 1, id));
      return flow.step("read", async ({ subjects }) => (await subjects.get(Counter, id))?.count ?? null);
    }));
  },
});
const WORKFLOWS: readonly Workflow[] = [greet, refused, waits, sleeps, rounds, branches];

/** Starts one and refuses after all. */
const startsAndFails = defineAction({ key: "starts-and-fails", label: "Fails", authorize: everyone, handle({ workflows }) { workflows.start(greet, { name: "Ann" }); throw new ActionError("After all, no."); } });

/** What any engine must do, whoever wrote it. */
export function workflowEngineContract(name: string, engine: EngineUnderTest): void {
  const row = (sentence: string, show: (lab: Lab) => Promise<void>) =>
    test(`${name}: ${sentence}`, async () => {
      const time = createTestTime();
      await show(await openLab({ workflows: WORKFLOWS, actions: [startsAndFails], time, store: await engine.openStore(time), engine: engine.create(time) }));
    });

  row("an action that succeeds has started exactly one run, which can be found by its ID", async (lab) => {
    const id = await lab.start(greet, { name: "Ann" });
    const shown = await lab.end(id);
    assert.deepEqual([shown.id, shown.status, Object(shown.result).greeting], [id, "completed", "Hello, Ann"]);
    assert.match(Object(shown.result).key, new RegExp(`^${id}/`));
    assert.equal((await list(lab)).length, 1);
  });

  row("an action that fails, and a preview, have started nothing", async (lab) => {
    assert.equal((await lab.actions.execute({ key: "starts-and-fails", identity: CLERK })).kind, "refused");
    assert.equal((await lab.actions.preview({ key: "start/greet", identity: CLERK, params: { input: '{"name":"Ann"}' } })).kind, "workflow");
    await quiet();
    assert.deepEqual(await list(lab), []);
  });

  row("one idempotency key starts one run", async (lab) => {
    const call = { key: "start/greet", identity: CLERK, params: { input: '{"name":"Ann"}' }, idempotencyKey: "once" };
    const [first, second] = [await lab.actions.execute(call), await lab.actions.execute(call)];
    assert.ok(first.kind === "workflow" && second.kind === "workflow");
    assert.equal(first.workflow_id, second.workflow_id);
    assert.equal((await list(lab)).length, 1);
  });

  row("a failure keeps its message and no stack", async (lab) => {
    const shown = await lab.end(await lab.start(refused));
    assert.deepEqual([shown.status, shown.error, JSON.stringify(shown).includes("at ")], ["failed", "Not today.", false]);
  });

  row("a run waits for signals, those that come early included, and a time-out is an answer", async (lab) => {
    const id = await lab.start(waits);
    const waiting = await lab.until(id, "waiting");
    assert.deepEqual(waiting.progress, { done: 1, total: 2 });
    assert.equal((await lab.actions.workflows.signal(CLERK, id, "note", { note: "a" })).kind, "run");
    await quiet();
    await lab.until(id, "waiting");
    lab.time.pass(86_400_000);
    assert.deepEqual((await lab.end(id)).result, ["a", "none"]);
    const early = await lab.start(waits);
    for (const note of ["a", "b"]) await lab.actions.workflows.signal(CLERK, early, "note", { note });
    assert.deepEqual((await lab.end(early)).result, ["a", "b"]);
  });

  row("a signal that the workflow does not take, or that does not fit, is refused, and so is one that comes too late", async (lab) => {
    const id = await lab.start(waits);
    const code = async (signal: string, value: object, identity = CLERK) => Object(await lab.actions.workflows.signal(identity, id, signal, { ...value })).code;
    assert.equal(await code("unheard-of", {}), "not_found");
    assert.equal(await code("note", { nothing: 1 }), "invalid_params");
    assert.equal(await code("note", { note: "a" }, OTHER), "not_found");
    assert.equal(await code("note", { note: "a" }, VIEWER), "forbidden");
    await lab.actions.workflows.cancel(CLERK, id);
    await lab.end(id);
    assert.equal(await code("note", { note: "a" }), "conflict");
  });

  row("a cancelled run undoes what it did, and a second wish to cancel is no error", async (lab) => {
    const id = await lab.start(waits);
    await lab.until(id, "waiting");
    assert.equal(await lab.count(1), 1);
    assert.equal((await lab.actions.workflows.cancel(MANAGER, id)).kind, "run");
    assert.equal((await lab.end(id)).status, "cancelled");
    assert.equal(await lab.count(1), 0);
    assert.equal((await lab.actions.workflows.cancel(CLERK, id)).kind, "run");
    const done = await lab.start(greet, { name: "Ann" });
    await lab.end(done);
    assert.equal(Object(await lab.actions.workflows.cancel(CLERK, done)).code, "conflict");
  });

  row("a week's sleep is over when a week has passed, not before", async (lab) => {
    const id = await lab.start(sleeps);
    await lab.until(id, "waiting");
    lab.time.pass(7 * 86_400_000 - 1);
    await quiet();
    assert.equal((await lab.show(id)).status, "waiting");
    lab.time.pass(1);
    assert.equal((await lab.end(id)).status, "completed");
    assert.equal(await lab.count(2), 1);
  });

  row("a run that goes on in another says in which", async (lab) => {
    const first = await lab.end(await lab.start(rounds, { round: 1 }));
    assert.equal(first.status, "continued");
    const second = await lab.end(Object(first.result).workflow_id);
    assert.deepEqual([second.status, second.result], ["completed", 2]);
  });

  row("branches that run at once each keep their own answers", async (lab) => {
    assert.deepEqual((await lab.end(await lab.start(branches))).result, [1, 1, 1]);
  });

  row("an identity sees its own runs, one with view_workflows all, and nobody what there is not", async (lab) => {
    const own = await lab.start(greet, { name: "Ann" });
    const other = await lab.start(greet, { name: "Bob" }, OTHER);
    await lab.end(own);
    await lab.end(other);
    assert.deepEqual(await list(lab, CLERK), [own]);
    assert.deepEqual(await list(lab, VIEWER), [other, own]);
    const unknown = { kind: "failed", code: "not_found", message: "There is no such workflow." };
    assert.deepEqual(await lab.actions.workflows.find(CLERK, other), unknown);
    assert.deepEqual(await lab.actions.workflows.find(CLERK, "nothing"), unknown);
    assert.deepEqual(await lab.actions.workflows.results(CLERK, other), unknown);
    assert.deepEqual(await lab.actions.workflows.follow(CLERK, other), unknown);
  });

  row("lists are newest first, by status if asked, and by pages", async (lab) => {
    const ids: string[] = [];
    for (let run = 0; run < 5; run++) {
      ids.unshift(await lab.start(greet, { name: "Ann" }));
      await lab.end(ids[0] ?? "");
      lab.time.pass(1);
    }
    const waiting = await lab.start(sleeps);
    await lab.until(waiting, "waiting");
    assert.deepEqual(await list(lab, CLERK, { status: "completed" }), ids);
    assert.deepEqual(await list(lab, CLERK, { status: "waiting" }), [waiting]);
    const paged: string[] = [];
    for (let after: string | undefined = ""; after !== undefined; ) {
      const page = await lab.actions.workflows.list(CLERK, { limit: 2, after, status: "completed" });
      assert.ok(page.kind === "page");
      paged.push(...page.data.map(({ id }) => String(id)));
      after = page.next ?? undefined;
    }
    assert.deepEqual(paged, ids);
    assert.equal(Object(await lab.actions.workflows.list(CLERK, { status: "lost" })).code, "invalid_params");
  });

  row("whoever follows a run sees each of its states, the last one last", async (lab) => {
    const id = await lab.start(waits);
    await lab.until(id, "waiting");
    const changes = await lab.actions.workflows.follow(CLERK, id);
    assert.ok(!("kind" in changes));
    const seen: string[] = [];
    for await (const change of changes) {
      if (change === null) continue;
      seen.push(String(change.run["status"]));
      if (seen.length === 1) await lab.actions.workflows.cancel(CLERK, id);
    }
    assert.deepEqual([seen[0], seen.at(-1)], ["waiting", "cancelled"]);
  });

  row("a bulk call with async is worked on as a run, shows progress and keeps its results", async (lab) => {
    const outcome = await lab.actions.bulk({ key: "add-one", identity: CLERK, input: { ids: [0, 1, 99, "x", 2], async: true } });
    assert.ok(outcome.kind === "workflow");
    const shown = await lab.end(outcome.workflow_id);
    assert.deepEqual(shown.result, { success: false, outcome: "partial", message: "3 of 5 succeeded.", total: 5, succeeded: 3, failed: 2, skipped: 0 });
    assert.deepEqual(shown.progress, { done: 5, total: 5 });
    const results = await bulkResults(lab, outcome.workflow_id, 2);
    assert.deepEqual(results, ["0 data", "1 data", "99 subject_not_found", "x subject_not_found", "2 data"]);
  });

  if (!engine.durable) return;

  test(`${name}: another engine on the same store goes on with what has not ended`, async () => {
    const time = createTestTime();
    const store = await engine.openStore(time);
    const first = await openLab({ workflows: WORKFLOWS, time, store, engine: engine.create(time) });
    const [waiting, sleeping] = [await first.start(waits), await first.start(sleeps)];
    await first.until(waiting, "waiting");
    await first.until(sleeping, "waiting");
    await first.actions.workflows.signal(CLERK, waiting, "note", { note: "before" });
    await first.actions.workflows.close();
    const second = await openLab({ workflows: WORKFLOWS, time, store, engine: engine.create(time) });
    await second.actions.workflows.signal(CLERK, waiting, "note", { note: "after" });
    assert.deepEqual((await second.end(waiting)).result, ["before", "after"]);
    time.pass(7 * 86_400_000);
    assert.equal((await second.end(sleeping)).status, "completed");
    assert.deepEqual([await second.count(1), await second.count(2)], [1, 1]);
  });
}

async function list(lab: Lab, identity = MANAGER, query: { readonly status?: string } = {}): Promise<readonly string[]> {
  const page = await lab.actions.workflows.list(identity, query);
  assert.ok(page.kind === "page");
  return page.data.map(({ id }) => String(id));
}

async function add(subjects: Parameters<NonNullable<Parameters<typeof defineAction>[0]["handle"]>>[0]["subjects"], by: number, id = 1): Promise<void> {
  const counter = await subjects.get(Counter, id);
  if (counter !== undefined) subjects.put(Counter, { ...counter, count: counter.count + by });
}
