import assert from "node:assert/strict";
import { ActionError, defineAction, defineWorkflow, everyone, integer, text, type CreateWorkflowEngine, type Clock, type Duration, type MaybePromise, type Timer, type Workflow } from "../../../domain/index.ts";
import { toMilliseconds } from "../../../domain/workflow/duration.ts";
import { bulkResults } from "./bulk-results.ts";
import type { DeclareTest, OpenedStore } from "./record-store.ts";
import { drivenStage, realStage, type Stage } from "./stage.ts";
import { addOne, CLERK, Counter, MANAGER, openLab, OTHER, VIEWER, type Lab } from "./workflow-lab.ts";

/** What time an engine lives by. */
export interface EngineTime {
  readonly clock: Clock;
  readonly timer: Timer;
}

/** An engine that the contract is to be shown of. */
export interface WorkflowEngineUnderTest {
  /** Stands before each sentence. */
  readonly name: string;
  readonly test: DeclareTest;
  /** Makes the engine: once for each test, and in one of them twice on the same store. */
  readonly create: (time: EngineTime) => CreateWorkflowEngine;
  /** A new, empty store to run on. Called once for each test. */
  readonly openStore: (time: EngineTime) => MaybePromise<OpenedStore>;
  /** Runs outlive the engine: another on the same store goes on with them. */
  readonly durable: boolean;
  /** The engine waits by a clock of its own, which no test can drive: what otherwise takes days takes seconds, and is waited for. Default false. */
  readonly realTime?: boolean;
}

const NOTE = { note: text() };

const greet = defineWorkflow({ name: "greet", input: { name: text() }, run: (flow, { name }) => flow.step("greet", ({ key }) => ({ greeting: `Hello, ${name}`, key })) });
const refused = defineWorkflow({ name: "refused", run: (flow) => flow.step("ask", () => { throw new ActionError("Not today."); }) });
const waitsFor = (timeout: Duration) => defineWorkflow({
  name: "waits",
  signals: { note: NOTE, other: NOTE },
  async run(flow) {
    flow.progress(1, 2);
    await flow.step("count", ({ subjects }) => add(subjects, 1), { compensate: (_result, { subjects }) => add(subjects, -1) });
    const first = await flow.waitFor("note", NOTE);
    const second = await flow.waitFor("note", NOTE, { timeout });
    return [first.note, second?.note ?? "none"];
  },
});
const sleepsFor = (duration: Duration) => defineWorkflow({ name: "sleeps", async run(flow) { await flow.sleep(duration); await flow.action(addOne, 2); } });
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

/** What a row works with. */
interface Scene {
  readonly lab: Lab;
  readonly stage: Stage;
  readonly waits: Workflow;
  readonly sleeps: Workflow;
  /** Closes this engine. */
  leave(): Promise<void>;
}

/** Starts one and refuses after all. */
const startsAndFails = defineAction({ key: "starts-and-fails", label: "Fails", authorize: everyone, handle({ workflows }) { workflows.start(greet, { name: "Ann" }); throw new ActionError("After all, no."); } });

/** Declares one test for each thing that any engine must do, whoever wrote it. */
export function testWorkflowEngine({ name, test, create, openStore, durable, realTime = false }: WorkflowEngineUnderTest): void {
  const play = (sentence: string, show: (open: () => Promise<Scene>) => Promise<void>) =>
    test(`${name}: ${sentence}`, async () => {
      const stage = realTime ? realStage() : drivenStage();
      const { time, pause } = stage;
      const { store, close } = await openStore(time);
      const [waits, sleeps] = [waitsFor(stage.timeout), sleepsFor(stage.sleep)];
      const labs = new Set<Lab>();
      const open = async (): Promise<Scene> => {
        const lab = await openLab({ workflows: [greet, refused, waits, sleeps, rounds, branches], actions: [startsAndFails], time, pause, store, engine: create(time) });
        labs.add(lab);
        return { lab, stage, waits, sleeps, leave: async () => void (labs.delete(lab) && (await lab.actions.workflows.close())) };
      };
      try {
        await show(open);
      } finally {
        for (const { actions } of labs) await actions.workflows.close();
        await close?.();
      }
    });
  const row = (sentence: string, show: (lab: Lab, scene: Scene) => Promise<void>) =>
    play(sentence, async (open) => {
      const scene = await open();
      await show(scene.lab, scene);
    });

  row("an action that succeeds has started exactly one run, which can be found by its ID", async (lab) => {
    const id = await lab.start(greet, { name: "Ann" });
    const shown = await lab.end(id);
    assert.deepEqual([shown.id, shown.status, Object(shown.result).greeting], [id, "completed", "Hello, Ann"]);
    assert.match(Object(shown.result).key, new RegExp(`^${id}/`));
    assert.equal((await list(lab)).length, 1);
  });

  row("an action that fails, and a preview, have started nothing", async (lab, { stage }) => {
    assert.equal((await lab.actions.execute({ key: "starts-and-fails", identity: CLERK })).kind, "refused");
    assert.equal((await lab.actions.preview({ key: "start/greet", identity: CLERK, params: { input: '{"name":"Ann"}' } })).kind, "workflow");
    await stage.quiet();
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

  row("a run waits for signals, those that come early included, and a time-out is an answer", async (lab, { stage, waits }) => {
    const id = await lab.start(waits);
    const waiting = await lab.until(id, "waiting");
    assert.deepEqual(waiting.progress, { done: 1, total: 2 });
    assert.equal((await lab.actions.workflows.signal(CLERK, id, "note", { note: "a" })).kind, "run");
    await stage.quiet();
    await lab.until(id, "waiting");
    await stage.timedOut();
    assert.deepEqual((await lab.end(id)).result, ["a", "none"]);
    const early = await lab.start(waits);
    for (const note of ["a", "b"]) await lab.actions.workflows.signal(CLERK, early, "note", { note });
    assert.deepEqual((await lab.end(early)).result, ["a", "b"]);
  });

  row("a signal that the workflow does not take, or that does not fit, is refused, and so is one that comes too late", async (lab, { waits }) => {
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

  row("a cancelled run undoes what it did, and a second wish to cancel is no error", async (lab, { waits }) => {
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

  row("a sleep is over when its time has passed, not before", async (lab, { stage, sleeps }) => {
    const [began, sleep] = [lab.time.clock(), toMilliseconds(stage.sleep)];
    const id = await lab.start(sleeps);
    await lab.until(id, "waiting");
    if (await stage.almostSlept()) assert.equal((await lab.show(id)).status, "waiting");
    await stage.slept();
    assert.equal((await lab.end(id)).status, "completed");
    assert.ok(lab.time.clock() - began >= sleep, `it slept ${lab.time.clock() - began} ms instead of ${sleep}`);
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

  row("lists are newest first, by status if asked, and by pages", async (lab, { stage, sleeps }) => {
    const ids: string[] = [];
    for (let run = 0; run < 5; run++) {
      ids.unshift(await lab.start(greet, { name: "Ann" }));
      await lab.end(ids[0] ?? "");
      await stage.moment();
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

  row("whoever follows a run sees each of its states, the last one last", async (lab, { waits }) => {
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

  if (!durable) return;

  play("another engine on the same store goes on with what has not ended", async (open) => {
    const { lab: first, stage, waits, sleeps, leave } = await open();
    const [waiting, sleeping] = [await first.start(waits), await first.start(sleeps)];
    await first.until(waiting, "waiting");
    await first.until(sleeping, "waiting");
    await first.actions.workflows.signal(CLERK, waiting, "note", { note: "before" });
    await leave();
    const { lab: second } = await open();
    await second.actions.workflows.signal(CLERK, waiting, "note", { note: "after" });
    assert.deepEqual((await second.end(waiting)).result, ["before", "after"]);
    await stage.almostSlept();
    await stage.slept();
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
