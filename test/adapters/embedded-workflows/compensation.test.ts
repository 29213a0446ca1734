import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ActionError, defineAction, everyone } from "../../../src/domain/index.ts";
import { CommitTooLarge } from "../../../src/domain/errors.ts";
import { withMethods } from "../../domain/lab.ts";
import { CLERK, Counter, flowOf, openLab, quiet, STORES, turn } from "./lab.ts";
import { diesAt } from "./dying-store.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";

const SEGMENT = "a-very-long-segment-of-a-key";
const longKey = [SEGMENT, SEGMENT, SEGMENT, `${SEGMENT}-${"x".repeat(60)}`].join("/");
const addLong = defineAction({ key: longKey, label: "Add", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }) });

for (const [where, open] of STORES) {
  test(`${where}: steps with the longest names that there may be, and actions with keys of any length, are undone`, async () => {
    const log: string[] = [];
    const names = [94, 99, 100].map((length) => "n".repeat(length));
    const workflow = flowOf("long", async (flow) => {
      for (const name of names) await flow.step(name, () => name.length, { compensate: (length) => void log.push(`undo ${length}`) });
      await flow.action(addLong, 1, {}, { compensate: async (_done, { subjects }) => {
        const found = await subjects.get(Counter, 1);
        if (found !== undefined) subjects.put(Counter, { ...found, count: found.count - 1 });
        log.push("undo the action");
      } });
      throw new ActionError("All is lost.");
    });
    const time = createTestTime();
    const lab = await openLab({ workflows: [workflow], actions: [addLong], time, store: open(time) });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error], ["failed", "All is lost."]);
    assert.deepEqual(log, ["undo the action", "undo 100", "undo 99", "undo 94"]);
    assert.equal(await lab.count(1), 0);
  });

  test(`${where}: a name that is too long is refused where it is given`, async () => {
    const workflow = flowOf("longer", (flow) => flow.step("n".repeat(101), () => null));
    const time = createTestTime();
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error], ["failed", `"${"n".repeat(20)}…" is too long: the name of a step has at most 100 characters`]);
  });

  test(`${where}: a run whose result is no JSON has failed, and is undone`, async () => {
    const log: string[] = [];
    const workflow = flowOf("odd", async (flow) => {
      await flow.step("one", () => 1, { compensate: () => void log.push("undo one") });
      return { at: () => 1 };
    });
    const time = createTestTime();
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error, log], ["failed", 'what "odd" answered.at is not JSON: function', ["undo one"]]);
  });

  test(`${where}: a run whose result is more than a commit can hold has failed, and is undone`, async () => {
    const log: string[] = [];
    const workflow = flowOf("huge", async (flow) => {
      await flow.step("one", () => 1, { compensate: () => void log.push("undo one") });
      return "all of it";
    });
    const time = createTestTime();
    const roomy = open(time);
    const store = withMethods(roomy, {
      commit(changes, entries) {
        if (changes.some((change) => change.kind === "put" && change.value["result"] === "all of it")) throw new CommitTooLarge(2, 1);
        return roomy.commit(changes, entries);
      },
    });
    const lab = await openLab({ workflows: [workflow], time, store });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error, log], ["failed", "What the workflow would store at once is more than one commit can hold.", ["undo one"]]);
  });

  test(`${where}: a run that is cancelled while it is undone is undone to its end, however long that takes`, async () => {
    const log: string[] = [];
    let refund: (() => void) | undefined;
    const workflow = flowOf("slow", async (flow) => {
      await flow.step("one", () => 1, { compensate: () => void log.push("undo one") });
      await flow.step("two", () => 2, { compensate: async (_two, { signal }) => {
        await new Promise<void>((resolve) => (refund = resolve));
        log.push(`undo two, aborted: ${signal.aborted}`);
      } });
      throw new ActionError("All is lost.");
    });
    const time = createTestTime();
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const id = await lab.start(workflow);
    while (refund === undefined) await turn();
    assert.equal((await lab.actions.workflows.cancel(CLERK, id)).kind, "run");
    await quiet();
    time.pass(6_000);
    await quiet();
    refund();
    const shown = await lab.end(id);
    assert.deepEqual([shown.status, shown.error, log], ["failed", "All is lost.", ["undo two, aborted: false", "undo one"]]);
  });

  test(`${where}: what a compensation answers is nobody's business`, async () => {
    const workflow = flowOf("shrug", async (flow) => {
      await flow.step("one", () => 1, { compensate: () => Object(new Map()) });
      await flow.cancel("Enough.");
    });
    const time = createTestTime();
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error], ["cancelled", "Enough."]);
  });
}

test("whatever the commit at which the process dies while a run is undone, each step is undone once", async () => {
  const workflow = flowOf("undone", async (flow) => {
    const add = (id: number, by: number) => flow.step(`${"n".repeat(98)} ${id}`, async ({ subjects }) => {
      const found = await subjects.get(Counter, id);
      subjects.put(Counter, { id, count: (found?.count ?? 0) + by });
    }, { compensate: async (_done, { subjects }) => {
      const found = await subjects.get(Counter, id);
      subjects.put(Counter, { id, count: (found?.count ?? 0) - 1 });
    } });
    await Promise.all([add(1, 1), add(2, 1), add(3, 1)]);
    throw new ActionError("All is lost.");
  });
  for (let at = 2, survived = false; !survived; at++) {
    for (const when of ["before", "behind"] as const) {
      const time = createTestTime();
      const memory = createMemoryStore({ clock: time.clock });
      const { store, died } = diesAt(memory, at, when);
      const lab = await openLab({ workflows: [workflow], store, time });
      survived = await Promise.race([lab.start(workflow).then((id) => lab.end(id)).then(() => true), died.then(() => false)]);
      const second = await openLab({ workflows: [workflow], store: memory, time });
      const listed = await second.actions.workflows.list(CLERK);
      assert.ok(listed.kind === "page");
      for (const run of listed.data) {
        const shown = await second.end(String(run["id"]));
        assert.deepEqual([shown.status, shown.error], ["failed", "All is lost."], `commit ${at} ${when}`);
        assert.deepEqual(await Promise.all([1, 2, 3].map((id) => second.count(id))), [0, 0, 0], `commit ${at} ${when}`);
      }
    }
  }
});
