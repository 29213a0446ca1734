import { createClient } from "../../../../src/adapters/client/index.ts";
import type { AnywhereApi } from "./served.ts";

/** What a client does that comes by everything: it runs wherever there is `fetch`, and answers what it has seen. */
export async function converse(baseUrl: string, token: string): Promise<object> {
  const client = createClient<AnywhereApi>({ baseUrl, auth: token });
  const executed = await client.execute("counters/add", 1, { by: 2 });
  const once = { idempotencyKey: `once-${crypto.randomUUID()}` };
  await client.execute("counters/add", 1, {}, once);
  const { replayed } = await client.execute("counters/add", 1, {}, once);
  const seen = await client.preview("counters/add", 2);
  const previewed = { changes: seen.changes.length, executed: (await seen.execute()).message, again: await codeOf(seen.execute()) };
  const { results: _, ...awaited } = await client.bulk("counters/add", [1, 2, 9]);
  const lines: string[] = [];
  for await (const line of client.bulk("counters/add", [2, 3], { by: 5 })) lines.push("outcome" in line ? line.outcome : `${line.done} of ${line.total}`);
  const refused = await client.execute("counters/add", 3, { by: 101 }).catch((error: unknown) => (client.isFailure(error, "counters/add") && error.code === "too_many" ? error.details : error));
  const { workflow_id } = await client.startBulk("counters/add", [1, 2, 3]);
  const states: string[] = [];
  for await (const run of client.workflow(workflow_id).events()) states.push(run.status);
  const followed: string[] = [];
  for await (const { action } of client.audit.follow()) if (followed.push(action) === 5) break;
  const counters = (await client.subjects("lab.Counter").list()).data.map(({ title, count }) => [title, count]);
  const unauthenticated = await codeOf(createClient({ baseUrl, auth: "wrong" }).execute("counters/add", 1));
  return { executed, replayed, previewed, awaited, lines, refused, ended: states.at(-1), followed, counters, unauthenticated };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(() => "success", (error: { readonly code: string }) => error.code);
}

/** What it sees, wherever it runs. */
export const EXPECTED = {
  executed: { message: "Added.", data: { id: 1, title: "Counter 1", count: 2 } },
  replayed: true,
  previewed: { changes: 1, executed: "Added.", again: "precondition_failed" },
  awaited: { outcome: "partial", message: "2 of 3 succeeded.", total: 3, succeeded: 2, failed: 1, skipped: 0 },
  lines: ["1 of 2", "2 of 2", "success"],
  refused: { count: 5 },
  ended: "completed",
  followed: ["counters/add", "counters/add", "counters/add", "counters/add", "counters/add"],
  counters: [["Counter 1", 5], ["Counter 2", 8], ["Counter 3", 6]],
  unauthenticated: "unauthenticated",
};
