import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ActionError, createIdentity, defineAction, everyone, text, type RecordStore, type StepContext } from "../../../src/domain/index.ts";
import { CommitTooLarge } from "../../../src/domain/errors.ts";
import { overwrite, withMethods } from "../../domain/lab.ts";
import { addOne, CLERK, Counter, flowOf, openLab, quiet, STORES, turn, type Lab } from "./lab.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";

const AUDITOR = createIdentity({ kind: "user", id: "auditor", permissions: ["view_audit"] });
const addSlowly = defineAction({
  key: "add-slowly",
  label: "Add slowly",
  subject: Counter,
  authorize: everyone,
  async handle({ subject, subjects }) {
    await turn();
    return subjects.put(Counter, { ...subject, count: subject.count + 1 });
  },
});
const refuse = defineAction({ key: "refuse", label: "Refuse", subject: Counter, authorize: everyone, handle() { throw new ActionError("No."); } });

/** A run of one step that does this, on a store of that kind. */
async function runStep(open: (typeof STORES)[number][1], work: (step: StepContext) => unknown): Promise<{ readonly lab: Lab; readonly shown: Awaited<ReturnType<Lab["end"]>> }> {
  const time = createTestTime();
  const workflow = flowOf("one", (flow) => flow.step("one", work, { retry: { maxAttempts: 1 } }));
  const lab = await openLab({ workflows: [workflow], actions: [addSlowly, refuse], time, store: open(time) });
  return { lab, shown: await lab.end(await lab.start(workflow)) };
}

/** Who did what to the trail's subjects, oldest first. */
async function entries(lab: Lab): Promise<readonly unknown[]> {
  const page = await lab.actions.audit(AUDITOR);
  assert.ok(page.kind === "page");
  return page.data.map((entry) => [entry["action"], Object(entry["outcome"]).success, Object(entry["changes"]).length]).reverse();
}

for (const [where, open] of STORES) {
  test(`${where}: actions that one step performs at once both take effect, each on what the other has left`, async () => {
    const { lab, shown } = await runStep(open, async ({ perform }) => {
      const done = await Promise.all([perform(addOne, 1), perform(addSlowly, 1), perform(addSlowly, 1), perform(addOne, 1)]);
      return done.map((outcome) => outcome.kind === "data" && outcome.data["count"]);
    });
    assert.deepEqual([shown.error, shown.result, await lab.count(1)], [undefined, [1, 2, 3, 4], 4]);
    assert.deepEqual((await entries(lab)).slice(1), [["add-one", true, 1], ["add-slowly", true, 1], ["add-slowly", true, 1], ["add-one", true, 1]]);
  });

  test(`${where}: of actions that are performed at once, one that is refused takes nothing from the others, and is in the trail`, async () => {
    const { lab, shown } = await runStep(open, async ({ tryToPerform }) => {
      const done = await Promise.all([tryToPerform(addOne, 1), tryToPerform(refuse, 1), tryToPerform(addOne, 1)]);
      return done.map(({ kind }) => kind);
    });
    assert.deepEqual([shown.result, await lab.count(1)], [["data", "refused", "data"], 2]);
    assert.deepEqual((await entries(lab)).slice(1), [["add-one", true, 1], ["refuse", false, 0], ["add-one", true, 1]]);
  });

  test(`${where}: while an action is under way the step's own reads wait for it, and its own changes are refused`, async () => {
    const { lab, shown } = await runStep(open, async ({ perform, subjects }) => {
      const performing = perform(addOne, 1);
      const messages = [() => subjects.put(Counter, { id: 1, count: 70 }), () => subjects.delete(Counter, 1)].map((change) => {
        try {
          return change();
        } catch (error) {
          return error instanceof TypeError && error.message;
        }
      });
      const read = await Promise.all([subjects.get(Counter, 1), subjects.getMany(Counter, [1]), subjects.all(Counter)]);
      await performing;
      subjects.put(Counter, { id: 1, count: 80 });
      return [messages, read[0]?.count, read[1][0]?.count];
    });
    const sentence = "lab.Counter 1 was changed while an action of the step was under way; await the action first";
    assert.deepEqual([shown.error, shown.result, await lab.count(1)], [undefined, [[sentence, sentence], 1, 1], 80]);
  });

  test(`${where}: new IDs that a step and its actions take at once are different`, async () => {
    const create = defineAction({ key: "create", label: "Create", authorize: everyone, async handle({ subjects }) { return subjects.put(Counter, { id: await subjects.nextId(Counter), count: 0 }); } });
    const time = createTestTime();
    const workflow = flowOf("ids", (flow) => flow.step("take", async ({ perform, subjects }) => {
      const [own, first, second] = await Promise.all([subjects.nextId(Counter), perform(create, null), perform(create, null)]);
      return [own, first, second].map((taken) => (typeof taken === "object" && taken.kind === "data" ? taken.data["id"] : Number(taken)));
    }));
    const lab = await openLab({ workflows: [workflow], actions: [create], time, store: open(time) });
    assert.deepEqual((await lab.end(await lab.start(workflow))).result, [10, 11, 12]);
  });

  test(`${where}: a step that returns before its action has ended has failed, and nothing of either is kept`, async () => {
    const { lab, shown } = await runStep(open, ({ perform }) => {
      void perform(addOne, 1);
      return "too soon";
    });
    assert.deepEqual([shown.status, shown.error], ["failed", 'The step "one" returned while an action of it was under way; await everything inside it.']);
    await quiet();
    assert.equal(await lab.count(1), 0);
  });

  test(`${where}: a step whose time is over while its action is under way is tried again, and what comes of the first try is not kept`, async () => {
    let goOn: (() => void) | undefined;
    const slow = defineAction({
      key: "slow",
      label: "Slow",
      subject: Counter,
      authorize: everyone,
      async handle({ subject, subjects }) {
        if (goOn === undefined) await new Promise<void>((resolve) => (goOn = resolve));
        return subjects.put(Counter, { ...subject, count: subject.count + 1 });
      },
    });
    const time = createTestTime();
    const workflow = flowOf("late", (flow) => flow.step("slow", ({ perform }) => perform(slow, 1), { timeoutMs: 500, retry: { initialDelayMs: 1000, jitter: 0 } }));
    const memory = open(time);
    let isOver = false;
    const store = withMethods(memory, {
      // The action goes on while the failure is about to be committed.
      async read(collection, ids) {
        if (isOver && collection === "actionport.workflow") goOn?.();
        await turn();
        return memory.read(collection, ids);
      },
    });
    const lab = await openLab({ workflows: [workflow], actions: [slow], time, store });
    const id = await lab.start(workflow);
    while (goOn === undefined) await turn();
    isOver = true;
    time.pass(500);
    await quiet();
    await lab.until(id, "waiting");
    await quiet();
    assert.equal(await lab.count(1), 0);
    time.pass(1000);
    assert.deepEqual([(await lab.end(id)).status, await lab.count(1)], ["completed", 1]);
  });

  test(`${where}: a step whose answer is no JSON has failed at once, with a sentence that names it, and keeps nothing`, async () => {
    let tries = 0;
    const time = createTestTime();
    const workflow = flowOf("map", (flow) => flow.step("count them", async ({ subjects }) => {
      tries++;
      subjects.put(Counter, { id: 70, count: 1 });
      return { counted: new Map([["a", 1]]) };
    }));
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error, tries], ["failed", 'what "count them" answered.counted is not JSON: Map', 1]);
    assert.ok(Number.isNaN(await lab.count(70)));
  });

  test(`${where}: a step that would store more than a commit can hold is never tried again, and its run fails with a sentence`, async () => {
    let tries = 0;
    const time = createTestTime();
    const store = open(time);
    const full = withMethods(store, {
      commit(changes, entries) {
        if (changes.some(({ kind, id }) => kind === "put" && id === "71")) throw new CommitTooLarge(2, 1);
        return store.commit(changes, entries);
      },
    });
    const workflow = flowOf("large", (flow) => flow.step("import", ({ subjects }) => {
      tries++;
      subjects.put(Counter, { id: 71, count: 1 });
    }));
    const lab = await openLab({ workflows: [workflow], time, store: full });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error, tries], ["failed", 'What the step "import" would store is more than one commit can hold. Do it in smaller steps.', 1]);
  });

  test(`${where}: a step that puts what is there without having read it fails for good, and one that has read it does not`, async () => {
    const put = await runStep(open, ({ subjects }) => void subjects.put(Counter, { id: 1, count: 70 }));
    assert.deepEqual([put.shown.status, put.shown.error, await put.lab.count(1)], ["failed", 'The step "one" has put lab.Counter 1, which is there already, without having read it; get it first.', 0]);
    const opened: RecordStore[] = [];
    let tries = 0;
    const read = await runStep((time) => opened[opened.push(open(time)) - 1] ?? open(time), async ({ subjects }) => {
      const there = await subjects.get(Counter, 72);
      for (const store of tries++ < 2 ? opened : []) await overwrite(store, Counter.class, "72", { id: 72, count: tries });
      subjects.put(Counter, { id: 72, count: (there?.count ?? 0) + 10 });
    });
    assert.deepEqual([read.shown.status, await read.lab.count(72)], ["completed", 12]);
  });

  test(`${where}: while a step is under way nothing else tries it, though its run had to rest because of the store`, async () => {
    const time = createTestTime();
    const survivor = open(time);
    let fails = false;
    const store: RecordStore = withMethods(survivor, {
      commit(changes, entries) {
        if (fails && changes.some(({ id }) => id.endsWith("step:short#1"))) throw new Error("The disk is full.");
        return survivor.commit(changes, entries);
      },
    });
    let atOnce = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const workflow = flowOf("both", (flow) => Promise.all([
      flow.step("long", async () => {
        most = Math.max(most, ++atOnce);
        await new Promise<void>((resolve) => gates.push(resolve));
        return atOnce--;
      }),
      flow.step("short", () => "done"),
    ]));
    const lab = await openLab({ workflows: [workflow], time, store });
    fails = true;
    const id = await lab.start(workflow);
    while (gates.length === 0) await turn();
    await quiet();
    fails = false;
    time.pass(1000);
    await quiet();
    assert.equal(gates.length, 1);
    for (const open of gates) open();
    await quiet();
    time.pass(2000);
    assert.deepEqual([(await lab.end(id)).status, most, gates.length], ["completed", 1, 1]);
  });
}

test("what led to a step is kept before the step begins: whoever goes on with the run comes to the same", async () => {
  const NOTE = { note: text() };
  const time = createTestTime();
  const store = createMemoryStore({ clock: time.clock });
  const seen: string[] = [];
  let letGo = () => {};
  const workflow = flowOf("decides", async (flow) => {
    await flow.step("begin", () => 1);
    const note = await flow.waitFor("note", NOTE, { timeout: 0 });
    await flow.step("act", async () => {
      seen.push(note?.note ?? "nothing");
      if (seen.length === 1) await new Promise<void>((resolve) => (letGo = resolve));
    });
  });
  const first = await openLab({ workflows: [workflow], time, store });
  const id = await first.start(workflow);
  while (seen.length === 0) await turn();
  assert.equal((await first.actions.workflows.signal(CLERK, id, "note", { note: "too late" })).kind, "run");
  const second = await openLab({ workflows: [workflow], time, store });
  assert.equal((await second.end(id)).status, "completed");
  assert.deepEqual(seen, ["nothing", "nothing"]);
  letGo();
  await quiet();
});

test("a step that was tried again because of the store does not lose the refusal of an action that it performed", async () => {
  const never = defineAction({ key: "never", label: "Never", authorize: everyone, handle() { throw new ActionError("Never."); } });
  const time = createTestTime();
  const memory = createMemoryStore({ clock: time.clock });
  let conflicts = 1;
  const store = withMethods(memory, {
    commit(changes, entries) {
      if (conflicts > 0 && changes.some(({ id }) => id.endsWith("step:ask#1"))) return conflicts--, { committed: false, conflicts: [] };
      return memory.commit(changes, entries);
    },
  });
  const workflow = flowOf("ask", (flow) => flow.step("ask", async ({ tryToPerform }) => (await tryToPerform(never, null)).kind));
  const lab = await openLab({ workflows: [workflow], actions: [never], time, store });
  assert.equal((await lab.end(await lab.start(workflow))).result, "refused");
  assert.deepEqual((await entries(lab)).slice(1), [["never", false, 0]]);
});
