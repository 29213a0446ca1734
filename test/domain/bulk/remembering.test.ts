import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdentity, defineAction, type BulkMode, type BulkOutcome, type Failed, type Outcome } from "../../../src/domain/index.ts";
import { CLERK, Counter, openLab as openWorkflowLab } from "../../adapters/embedded-workflows/lab.ts";
import { openCounters, stranger, worker, type Counters } from "../counters.ts";
import { overwrite } from "../lab.ts";

const ANSWERS = "actionport.idempotency";

function call({ actions }: Counters, ids: readonly unknown[], mode: BulkMode, identity = worker): Promise<BulkOutcome | Outcome> {
  return actions.bulk({ key: "counters/add", identity, idempotencyKey: "k", input: { ids, mode } });
}

function codes(outcome: BulkOutcome | Outcome): readonly unknown[] {
  assert.ok(outcome.kind === "bulk", JSON.stringify(outcome));
  return outcome.items.map(({ outcome: each }) => (each === "skipped" ? each : each.kind === "failed" ? each.code : each.replayed === true ? `${each.kind} again` : each.kind));
}

test("Items that never began are tried again by a repeat, and those that began are not", async () => {
  for (const mode of ["each", "stop"] as const) {
    const lab = openCounters();
    assert.deepEqual(codes(await call(lab, [1, 77, 2], mode)), ["data", "subject_not_found", mode === "each" ? "data" : "skipped"]);
    await overwrite(lab.store, "test.Counter", "77", { id: 77, count: 0 });
    const repeat = await call(lab, [1, 77, 2], mode);
    assert.deepEqual(codes(repeat), ["data again", "data", mode === "each" ? "data again" : "data"]);
    assert.deepEqual(await call(lab, [1, 77, 2], mode), { ...repeat, replayed: true }, "now it is whole");
    assert.deepEqual(await Promise.all([1, 77, 2].map((id) => lab.count(id))), [1, 1, 1]);
  }
});

test("Who may do it to none of the subjects has nothing remembered, in any mode", async () => {
  for (const mode of ["each", "stop", "atomic"] as const) {
    for (const [identity, ids, code] of [[stranger, [1, 2], "forbidden"], [worker, [77, 78], "subject_not_found"]] as const) {
      const lab = openCounters();
      assert.equal(codes(await call(lab, ids, mode, identity))[0], code);
      assert.deepEqual((await lab.store.list(ANSWERS, { limit: 10 })).records, [], `${mode} ${code}`);
    }
  }
});

test("An answer of many items keeps those that began", async () => {
  const lab = openCounters();
  await call(lab, [1, ...Array.from({ length: 500 }, (_, index) => 1_000 + index)], "each");
  const { records } = await lab.store.list(ANSWERS, { limit: 10 });
  assert.equal(records.length, 1);
  assert.equal(Object(records[0]?.value["answer"]).items.length, 1);
});

test("An answer of many items is kept in several records, none of them large, and is the same when it is asked for again", async () => {
  for (const mode of ["each", "stop", "atomic"] as const) {
    const ids = Array.from({ length: 600 }, (_, index) => 1_000 + index);
    const lab = openCounters();
    for (const id of ids) await overwrite(lab.store, "test.Counter", String(id), { id, count: 0 });
    const first = await call(lab, ids, mode);
    assert.ok(first.kind === "bulk" && first.succeeded === 600);
    const { records } = await lab.store.list(ANSWERS, { limit: 1_000 });
    const lengths = records.map(({ value }) => (Object(value["answer"]).items ?? value["items"]).length);
    assert.deepEqual(lengths.sort((a, b) => a - b), [88, 256, 256], "and none is left of its items");
    assert.deepEqual(await call(lab, ids, mode), { ...first, replayed: true });
    assert.deepEqual([await lab.count(1_000), await lab.count(1_599)], [1, 1]);
  }
});

test("An answer that was kept in several records grows by what is tried again", async () => {
  const ids = Array.from({ length: 600 }, (_, index) => 1_000 + index);
  const lab = openCounters();
  for (const id of ids.slice(0, 300)) await overwrite(lab.store, "test.Counter", String(id), { id, count: 0 });
  await call(lab, ids, "each");
  for (const id of ids.slice(300)) await overwrite(lab.store, "test.Counter", String(id), { id, count: 0 });
  assert.deepEqual(codes(await call(lab, ids, "each")), ids.map((_, index) => (index < 300 ? "data again" : "data")));
  assert.equal(Object(await call(lab, ids, "each")).replayed, true);
  assert.deepEqual([await lab.count(1_000), await lab.count(1_599)], [1, 1]);
});

test("An asynchronous call of whoever may do it to none of the subjects is refused, and leaves a refusal in the trail and nothing else", async () => {
  const guarded = defineAction({ key: "guarded", label: "Guarded", subject: Counter, authorize: ({ identity, subject }) => identity.can(`change_${subject.id}`), handle: () => "Done." });
  const lab = await openWorkflowLab({ workflows: [], actions: [guarded] });
  const nobody = createIdentity({ kind: "user", id: "nobody", permissions: [] });
  const start = (identity: typeof nobody, ids: readonly number[]) => lab.actions.bulk({ key: "guarded", identity, idempotencyKey: "k", input: { ids, async: true } });
  const forbidden: Failed = { kind: "failed", code: "forbidden", message: "You may not do this.", missing: ["change_1"] };
  assert.deepEqual(await start(nobody, [700, 1, 2, 3]), forbidden);
  assert.deepEqual(await start(nobody, [700, 701]), { kind: "failed", code: "subject_not_found", message: "There is no such subject." });
  const { entries } = await lab.store.trail({ limit: 10 });
  assert.deepEqual(entries.map(({ value }) => [Object(value["subject"]).id, value["params"], value["outcome"]]), [["1", null, { success: false, message: "You may not do this.", code: "forbidden" }]]);
  for (const collection of [ANSWERS, "actionport.workflow"]) assert.deepEqual((await lab.store.list(collection, { limit: 10 })).records, []);
  const listed = await lab.actions.workflows.list(CLERK);
  assert.deepEqual(listed.kind === "page" && listed.data, []);
  assert.equal((await start(createIdentity({ kind: "user", id: "third", permissions: ["change_3"] }), [1, 2, 3])).kind, "workflow", "one is enough");
});

test("A repeat of an asynchronous call gets its answer though its subjects are gone, but not without the permission that it began with", async () => {
  const remove = defineAction({
    key: "remove",
    label: "Remove",
    subject: Counter,
    authorize: ({ identity }) => identity.can("remove"),
    handle({ subject, subjects }) {
      subjects.delete(Counter, subject.id);
      return "Gone.";
    },
  });
  const lab = await openWorkflowLab({ workflows: [], actions: [remove] });
  const start = (ids: readonly number[], ...permissions: string[]) => lab.actions.bulk({ key: "remove", identity: createIdentity({ kind: "user", id: "ann", permissions }), idempotencyKey: "k", input: { ids, async: true } });
  const first = await start([1, 2], "remove");
  assert.equal((await lab.end(String(Object(first).workflow_id))).status, "completed");
  assert.deepEqual(await start([1, 2], "remove"), { ...first, replayed: true });
  assert.deepEqual(await start([1, 2]), { kind: "failed", code: "forbidden", message: "You may not do this.", missing: ["remove"] });
  assert.equal(Object(await start([1], "remove")).code, "idempotency_key_reused");
});
