import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "../../../src/adapters/client/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { defineAction, defineWorkflow, everyone, text } from "../../../src/domain/index.ts";
import { CLERK, Counter, countedId, openLab } from "../embedded-workflows/lab.ts";
import { fetchOf } from "./counters.ts";

const NOTE = { note: text({ max: 10 }) };
const waits = defineWorkflow({
  name: "waits",
  signals: { note: NOTE },
  async run(flow) {
    const { note } = await flow.waitFor("note", NOTE);
    return { note };
  },
});
const touch = defineAction({ key: "touch", label: "Touch", subject: Counter, authorize: everyone, handle: () => "Touched." });

async function openScene() {
  const lab = await openLab({ workflows: [waits], actions: [touch] });
  const handler = createRest({ actions: lab.actions, clock: lab.time.clock, newId: countedId, observe: () => {}, authenticate: () => ({ authenticated: true, identity: CLERK }) });
  return { lab, client: createClient({ baseUrl: "http://lab.example", auth: "clerk", fetch: fetchOf(handler) }) };
}

test("A run is waited for, signalled and shown; one that has ended cannot be cancelled", async () => {
  const { lab, client } = await openScene();
  const id = await lab.start(waits);
  await lab.until(id, "waiting");
  const run = client.workflow(id);
  const waited = run.wait();
  assert.equal((await run.get()).status, "waiting");
  await assert.rejects(() => run.signal("note", { note: "much too long" }), { code: "invalid_params", status: 422 });
  await run.signal("note", { note: "paid" });
  const { status, result } = await waited;
  assert.deepEqual([status, result], ["completed", { note: "paid" }]);
  await assert.rejects(() => run.cancel(), { code: "conflict", status: 409 });
  assert.deepEqual((await client.workflows({ status: "completed" })).data.map((each) => each.id), [id]);
});

test("A bulk call in a workflow answers its ID, and its results over all pages", async () => {
  const { lab, client } = await openScene();
  const { workflow_id } = await client.startBulk("touch", [1, "x", 2]);
  await lab.end(workflow_id);
  const results: unknown[] = [];
  for await (const { id, success } of client.workflow(workflow_id).results({ limit: 2 })) results.push([id, success]);
  assert.deepEqual(results, [[1, true], ["x", false], [2, true]]);
});

test("A repeat of a bulk call in a workflow says that it is one", async () => {
  const { client } = await openScene();
  const start = () => client.startBulk("touch", [1, 2], {}, { idempotencyKey: "once" });
  const first = await start();
  assert.deepEqual(await start(), { ...first, replayed: true });
});
