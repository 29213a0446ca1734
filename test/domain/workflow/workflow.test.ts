import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdentity, defineWorkflow, integer, text } from "../../../src/domain/index.ts";
import { addOne, CLERK, Counter, openLab } from "../../adapters/embedded-workflows/lab.ts";

test("a workflow runs its steps in order and keeps what it returned", async () => {
  const done: string[] = [];
  const greet = defineWorkflow({
    name: "greet",
    input: { name: text() },
    async run(flow, { name }) {
      const greeting = await flow.step("greet", () => (done.push("greet"), `Hello, ${name}`));
      await flow.step("say", ({ key }) => void done.push(key));
      return { greeting };
    },
  });
  const lab = await openLab({ workflows: [greet] });
  const id = await lab.start(greet, { name: "Ann" });
  const shown = await lab.end(id);
  assert.deepEqual(shown, {
    id,
    name: "greet",
    action: "start/greet",
    subject: null,
    status: "completed",
    progress: null,
    created_at: "2026-11-23T10:00:00.000Z",
    updated_at: "2026-11-23T10:00:00.000Z",
    result: { greeting: "Hello, Ann" },
    poll_after_ms: null,
  });
  assert.deepEqual(done, ["greet", `${id}/step:say#1`]);
});

test("a step's changes to subjects and its result are one commit; an action runs as whoever started", async () => {
  const count = defineWorkflow({
    name: "count",
    input: { counter: integer() },
    async run(flow, { counter }) {
      await flow.action(addOne, counter);
      await flow.step("again", async ({ subjects }) => {
        const found = await subjects.get(Counter, counter);
        if (found !== undefined) subjects.put(Counter, { ...found, count: found.count + 10 });
      });
    },
  });
  const lab = await openLab({ workflows: [count] });
  await lab.end(await lab.start(count, { counter: 3 }));
  assert.equal(await lab.count(3), 11);
});

test("a week's sleep takes milliseconds, and nothing is kept in memory but when it ends", async () => {
  const steps: string[] = [];
  const nap = defineWorkflow({
    name: "nap",
    async run(flow) {
      await flow.step("before", () => void steps.push("before"));
      await flow.sleep({ days: 7 });
      await flow.step("after", () => void steps.push("after"));
    },
  });
  const lab = await openLab({ workflows: [nap] });
  const id = await lab.start(nap);
  const waiting = await lab.until(id, "waiting");
  assert.equal(waiting.poll_after_ms, 60_000);
  // The engine's next look for what others have left is the other one.
  assert.ok(lab.time.waiting <= 2);
  lab.time.pass(7 * 86_400_000 - 1);
  assert.equal((await lab.show(id)).status, "waiting");
  lab.time.pass(1);
  await lab.end(id);
  assert.deepEqual(steps, ["before", "after"]);
  assert.equal(CLERK.name, "Clerk");
});

test("the audit trail has what a step changes by itself, once, and what the actions that it performs change", async () => {
  const both = defineWorkflow({
    name: "both",
    run: (flow) => flow.step("change", async ({ subjects, perform }) => {
      const put = (count: number) => subjects.put(Counter, { id: 1, count });
      await subjects.get(Counter, 1);
      put(5);
      await perform(addOne, 1);
      put(7);
    }),
  });
  const lab = await openLab({ workflows: [both] });
  const id = await lab.start(both);
  await lab.end(id);
  const page = await lab.actions.audit(createIdentity({ kind: "user", id: "auditor", permissions: ["view_audit"] }));
  assert.ok(page.kind === "page");
  const entries = page.data.map((entry) => [entry["action"], entry["request_id"], Object(entry["outcome"]).step, ...Object(entry["changes"]).map((change: { before: { count: number }; after: { count: number } }) => `${change.before.count} to ${change.after.count}`)]);
  assert.deepEqual(entries.reverse().map(([action, , ...rest]) => [action, ...rest]), [["start/both", undefined], ["start/both", "change", "0 to 5"], ["add-one", undefined, "5 to 6"], ["start/both", "change", "6 to 7"]]);
  assert.deepEqual(entries.slice(1).map(([, request]) => request), [id, id, id]);
});

test("the audit trail says of a user's workflow which app it was started through, also where its permissions are asked for again", async () => {
  const both = defineWorkflow({
    name: "both",
    run: (flow) => flow.step("change", async ({ subjects, perform }) => {
      const counter = await subjects.get(Counter, 1);
      if (counter !== undefined) subjects.put(Counter, { ...counter, count: 5 });
      await perform(addOne, 2);
    }),
  });
  for (const options of [{}, { identityOf: () => createIdentity({ kind: "user", id: "nancy", permissions: ["count"] }) }]) {
    const lab = await openLab({ workflows: [both], ...options });
    await lab.end(await lab.start(both, {}, createIdentity({ kind: "user", id: "nancy", permissions: ["count"], clientId: "portal" })));
    await lab.end(await lab.start(both, {}, CLERK));
    const page = await lab.actions.audit(createIdentity({ kind: "user", id: "auditor", permissions: ["view_audit"] }), { order: "ascending" });
    assert.ok(page.kind === "page");
    assert.deepEqual(page.data.map((entry) => entry["client_id"]), ["portal", "portal", "portal", undefined, undefined]);
  }
});

test("a workflow that is started before open() is told once, with the action's key", async () => {
  const idle = defineWorkflow({ name: "idle", input: {}, run: () => Promise.resolve(null) });
  const lab = await openLab({ workflows: [idle], closed: true });
  await lab.start(idle);
  await lab.start(idle);
  const told = lab.observed.filter(({ event }) => event === "workflow_started_before_open");
  assert.deepEqual(told.map(({ action, error }) => [action, String(error)]), [
    ["start/idle", 'Error: action "start/idle" started a workflow before actions.workflows.open(), and until then nothing here runs it; await open() before anything is called'],
  ]);
  await lab.actions.workflows.open();
  await lab.start(idle);
  assert.equal(lab.observed.filter(({ event }) => event === "workflow_started_before_open").length, 1);
  await lab.actions.workflows.close();
});
