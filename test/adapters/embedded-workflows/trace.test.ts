import assert from "node:assert/strict";
import { test } from "node:test";
import { isPromiseLike, type MaybePromise } from "../../../src/domain/maybe-promise.ts";
import { createIdentity, defineAction, everyone, type RunNews, type Traced, type TracedStep } from "../../../src/domain/index.ts";
import { addOne, Counter, flowOf, openLab, STORES, type Lab } from "./lab.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OF_STEP = "00-4bf92f3577b34da6a3ce929d0e0e4736-2222222222222222-01";
const AUDITOR = createIdentity({ kind: "client", id: "clerk", permissions: ["count", "view_audit"] });

/** Starts a workflow by a call that belongs to a trace; answers the run's ID. */
async function startTraced({ actions }: Lab, name: string): Promise<string> {
  const outcome = await actions.execute({ key: `start/${name}`, identity: AUDITOR, params: { input: "{}" }, traceparent: TRACEPARENT });
  assert.equal(outcome.kind, "workflow");
  return outcome.kind === "workflow" ? outcome.workflow_id : "";
}

for (const [where, openStore] of STORES) {
  test(`${where}: a run belongs to the trace of the call that started it, and its steps still do after a restart`, async () => {
    const time = createTestTime();
    const store = openStore(time);
    const seen: (string | undefined)[] = [];
    const workflow = flowOf("traced", async (flow) => {
      await flow.step("before", ({ traceparent }) => void seen.push(traceparent));
      await flow.sleep({ days: 1 });
      await flow.step("own", ({ traceparent, subjects }) => {
        seen.push(traceparent);
        subjects.put(Counter, { id: 50, count: 1 });
      });
      await flow.action(addOne, 5);
    });
    const first = await openLab({ workflows: [workflow], store, time });
    const id = await startTraced(first, "traced");
    await first.until(id, "waiting");
    await first.actions.workflows.close();
    const steps: { before: object; after: TracedStep }[] = [];
    const runs: RunNews[] = [];
    const step = <T>(message: TracedStep, work: () => MaybePromise<T>, ended: (result: T) => void): MaybePromise<T> => {
      const before = { ...message };
      if (message.step === "own") message.traceparent = OF_STEP;
      const answer = work();
      const end = (result: T): T => (ended(result), steps.push({ before, after: { ...message } }), result);
      return isPromiseLike(answer) ? answer.then(end) : end(answer);
    };
    const second = await openLab({ workflows: [workflow], store, time, tracing: { execution: null, commit: null, step, run: (news) => void runs.push(news) } });
    await time.pass(86_400_000);
    await second.end(id);
    assert.deepEqual(seen, [TRACEPARENT, OF_STEP], "whoever makes a span of a step has the step hand that on");
    const of = { workflow: "traced", workflowId: id, attempt: 1, action: "start/traced", subject: null, identity: { kind: "client", issuer: "local", id: "clerk", clientId: undefined }, traceparent: TRACEPARENT, outcome: null };
    assert.deepEqual(steps.map(({ before }) => before), [{ ...of, step: "own" }, { ...of, step: "action add-one" }]);
    assert.deepEqual(steps.map(({ after }) => after.outcome), ["done", "done"]);
    assert.deepEqual(runs, [{ workflow: "traced", workflowId: id, status: "completed", traceparent: TRACEPARENT }]);
    const page = await second.actions.audit(AUDITOR, { order: "ascending" });
    const entries = page.kind === "page" ? page.data.map((entry) => [entry["via"], entry["traceparent"]]) : [];
    assert.deepEqual(entries, [[undefined, TRACEPARENT], ["workflow", OF_STEP], ["workflow", TRACEPARENT]]);
    await second.actions.workflows.close();
  });
}

test("A run that goes on as another stays in its trace, and each beginning and end is told once", async () => {
  const runs: RunNews[] = [];
  const seen: (string | undefined)[] = [];
  let rounds = 0;
  const workflow = flowOf("rounds", async (flow) => {
    await flow.step("look", ({ traceparent }) => void seen.push(traceparent));
    if (++rounds < 2) await flow.continueAs({});
  });
  const lab = await openLab({ workflows: [workflow], tracing: { execution: null, commit: null, step: null, run: (news) => void runs.push(news) } });
  const id = await startTraced(lab, "rounds");
  await lab.end(id);
  const next = runs[2]?.workflowId ?? "";
  await lab.end(next);
  assert.deepEqual(seen, [TRACEPARENT, TRACEPARENT]);
  assert.notEqual(next, id);
  assert.deepEqual(runs.map(({ workflowId, status, traceparent }) => [workflowId, status, traceparent]), [
    [id, "started", TRACEPARENT],
    [id, "continued", TRACEPARENT],
    [next, "started", TRACEPARENT],
    [next, "completed", TRACEPARENT],
  ]);
  await lab.actions.workflows.close();
});

test("A try that failed is told of with its cause, and the next as the next", async () => {
  const told: { attempt: number; outcome: TracedStep["outcome"]; error: string }[] = [];
  const step = async <T>(message: TracedStep & Traced, work: () => MaybePromise<T>, ended: (result: T) => void): Promise<T> => {
    const answer = await work();
    ended(answer);
    told.push({ attempt: message.attempt, outcome: message.outcome, error: String(message.error) });
    return answer;
  };
  let tries = 0;
  const workflow = flowOf("stubborn", async (flow) => {
    await flow.step("try", () => {
      if (++tries === 1) throw new Error("not yet");
    });
  });
  const lab = await openLab({ workflows: [workflow], actions: [defineAction({ key: "unused", label: "Unused", authorize: everyone, handle: () => null })], tracing: { execution: null, commit: null, step, run: null } });
  const id = await lab.start(workflow);
  await lab.until(id, "waiting");
  await lab.time.pass(3_600_000);
  await lab.end(id);
  assert.deepEqual(told, [{ attempt: 1, outcome: "failed", error: "Error: not yet" }, { attempt: 2, outcome: "done", error: "undefined" }]);
  await lab.actions.workflows.close();
});
