import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { ActionError, text, type CreateWorkflowEngine, type Flow, type WorkflowEngine } from "../../../src/domain/index.ts";
import { withMethods } from "../../domain/lab.ts";
import { CLERK, flowOf, openLab, quiet, STORES } from "./lab.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";

const NOTE = { note: text() };
const fail = () => { throw new Error("The onlooker has stumbled."); };

for (const [where, open] of STORES) {
  test(`${where}: a step whose promise is awaited later may fail before that, and the code catches it then, the first time and after a pause`, async () => {
    const workflow = flowOf("later", async (flow) => {
      const asking = flow.step("ask", () => { throw new ActionError("Not today."); });
      const forgotten = flow.step("forget", () => { throw new ActionError("Never mind."); });
      await flow.sleep(1000);
      try {
        await asking;
        return "allowed";
      } catch (error) {
        return [error instanceof ActionError && error.message, typeof forgotten];
      }
    });
    const time = createTestTime();
    const store = open(time);
    const lab = await openLab({ workflows: [workflow], time, store });
    const id = await lab.start(workflow);
    await lab.until(id, "waiting");
    await lab.actions.workflows.close();
    const second = await openLab({ workflows: [workflow], time, store });
    time.pass(1000);
    assert.deepEqual((await second.end(id)).result, ["Not today.", "object"]);
  });

  test(`${where}: an observer that throws disturbs no run, whatever it is told`, async () => {
    const told: string[] = [];
    const observe = ({ event }: { readonly event: string }) => void (told.push(event), fail());
    const retry = { initialDelayMs: 1000, jitter: 0 };
    const flaky = flowOf("flaky", async (flow) => {
      await flow.step("try", ({ attempt }) => { if (attempt === 1) throw new Error("Once more."); }, { retry });
      await flow.waitFor("note", NOTE);
      throw new Error("All is lost.");
    });
    const time = createTestTime();
    const memory = open(time);
    let broken = false;
    const store = withMethods(memory, { commit: (changes, entries) => (broken && changes.some(({ id }) => id.endsWith("step:try#1")) ? ((broken = false), fail()) : memory.commit(changes, entries)) });
    const lab = await openLab({ workflows: [flaky], time, store, observe });
    const id = await lab.start(flaky);
    await lab.until(id, "waiting");
    broken = true;
    time.pass(1000);
    await quiet();
    time.pass(1000);
    await quiet();
    await lab.actions.workflows.signal(CLERK, id, "note", { nothing: 1 });
    await quiet();
    await lab.actions.workflows.signal(CLERK, id, "note", { note: "a" });
    const shown = await lab.end(id);
    assert.deepEqual([shown.status, shown.error], ["failed", "All is lost."]);
    assert.deepEqual(told, ["workflow_step_failed", "workflow_interrupted", "workflow_signal_refused", "workflow_failed"]);
    const changed = flowOf("changed", (flow: Flow) => flow.sleep(1000));
    const [first, second] = [flowOf("changed", (flow) => flow.step("one", () => 1).then(() => flow.sleep(1000))), changed];
    const before = await openLab({ workflows: [first], time, store });
    const other = await before.start(first);
    await before.until(other, "waiting");
    await before.actions.workflows.close();
    const after = await openLab({ workflows: [second], time, store, observe });
    time.pass(1000);
    assert.equal((await after.end(other)).status, "failed");
    assert.deepEqual(told.slice(4), ["workflow_changed", "workflow_failed"]);
  });

  test(`${where}: whoever watches a run and throws disturbs neither it nor the others who watch`, async () => {
    let engine: WorkflowEngine | undefined;
    const time = createTestTime();
    const create: CreateWorkflowEngine = (host) => (engine = embeddedWorkflows({ timer: time.timer, random: () => 0 })(host));
    const workflow = flowOf("watched", async (flow) => {
      flow.progress(1, 2);
      await flow.step("one", () => 1);
      await flow.sleep(1000);
    });
    const lab = await openLab({ workflows: [workflow], time, store: open(time), engine: create });
    const id = await lab.start(workflow);
    let changes = 0;
    engine?.watch(id, fail);
    engine?.watch(id, () => void changes++);
    await lab.until(id, "waiting");
    time.pass(1000);
    assert.equal((await lab.end(id)).status, "completed");
    await quiet();
    assert.ok(changes >= 2, `${changes} changes`);
    const cancelled = await lab.start(workflow);
    engine?.watch(cancelled, fail);
    assert.equal((await lab.actions.workflows.cancel(CLERK, cancelled)).kind, "run");
    assert.equal((await lab.end(cancelled)).status, "cancelled");
  });
}
