/** What a newcomer writes: the new action, which takes 15 lines. */
export const ACTION = `import { defineAction, integer } from "actionport";
import { Task } from "./task.ts";

export const rateTask = defineAction({
  key: "tasks/rate-task",
  label: "Rate task",
  subject: Task,
  params: { stars: integer({ min: 1, max: 5 }) },
  authorize: ({ identity }) => identity.can("manage_tasks"),
  handle({ subject, params, subjects }) {
    return subjects.put(Task, { ...subject, note: "*".repeat(params.stars) });
  },
  message: "Task rated.",
});
`;

/** Its unit test. */
export const ACTION_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestActions, recordsOf } from "actionport/testing";
import { catalog } from "../src/app.ts";
import { Task } from "../src/task.ts";

const records = [recordsOf(Task, [{ id: 1, title: "Buy milk", done_at: null, note: null }])];

test("A task gets its stars", async () => {
  const { execute, record } = createTestActions({ catalog, records, identity: "nancy can manage_tasks" });
  await execute("tasks/rate-task", 1, { stars: 3 });
  assert.equal((await record(Task, 1))?.note, "***");
  const { failure } = await execute("tasks/rate-task", 1, { stars: 6 });
  assert.equal(failure.code, "invalid_params");
});
`;

/** A program that calls it, with types and a client's secret. */
export const CLIENT = `import { readFileSync } from "node:fs";
import type { ApiOf } from "actionport";
import { clientCredentials, createClient } from "actionport/client";
import type { catalog } from "./app.ts";

const { client_id, client_secret } = JSON.parse(readFileSync(".data/shop/credentials.json", "utf8")).clients.desk;
const client = createClient<ApiOf<typeof catalog>>({
  baseUrl: \`http://127.0.0.1:\${process.env.PORT ?? 3000}\`,
  auth: clientCredentials({ clientId: client_id, clientSecret: client_secret }),
});

const { message, data } = await client.execute("tasks/rate-task", 2, { stars: 5 });
console.log(message, data.title, data.note);
`;
