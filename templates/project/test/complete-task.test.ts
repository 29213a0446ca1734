import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestActions, recordsOf } from "actionport/testing";
import { catalog } from "../src/app.ts";
import { Task } from "../src/task.ts";

const records = [recordsOf(Task, [{ id: 1, title: "Buy milk", done_at: null, note: null }])];

test("A task is completed once", async () => {
  const actions = createTestActions({ catalog, records, identity: "nancy can manage_tasks" });
  const { result } = await actions.execute("tasks/complete-task", 1, { note: "Two litres." });
  assert.equal(result.message, "Task completed.");
  assert.equal((await actions.record(Task, 1))?.note, "Two litres.");
  const { failure } = await actions.execute("tasks/complete-task", 1);
  assert.equal(failure.code, "refused");
});

test("Whoever may not manage tasks completes none", async () => {
  const actions = createTestActions({ catalog, records, identity: "andrew" });
  const { failure, changes } = await actions.execute("tasks/complete-task", 1);
  assert.equal(failure.code, "forbidden");
  assert.deepEqual(changes, []);
});
