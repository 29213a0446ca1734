import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, createIdentity, defineAction, everyone, type BulkMode, type BulkOutcome, type Failed, type Outcome } from "../../../src/domain/index.ts";
import { CLERK, Counter, openLab as openWorkflowLab } from "../../adapters/embedded-workflows/lab.ts";
import { openCounters, stranger, worker, type Counters } from "../counters.ts";
import { Counter as LabCounter, openLab, overwrite } from "../lab.ts";

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

test("A refused item of a call has one entry in the trail, under a key as without one", async () => {
  for (const mode of ["each", "stop", "atomic"] as const) {
    const lab = openCounters();
    const refused = async (more: object) => {
      await lab.actions.bulk({ key: "counters/add", identity: stranger, input: { ids: [1], mode }, ...more });
      return (await lab.store.trail({ limit: 10 })).entries.length;
    };
    assert.deepEqual([await refused({}), await refused({ idempotencyKey: "k" })], [1, 2], mode);
  }
});

test("All or none that came to nothing is tried again by a repeat once what failed could begin, and until then is the same answer", async () => {
  const lab = openCounters();
  const add = (params = {}) => lab.actions.bulk({ key: "counters/add", identity: worker, idempotencyKey: "k", input: { ids: [1, 2, 77], params, mode: "atomic" } });
  const first = await add();
  const { handled } = lab.runs;
  assert.deepEqual(await add(), { ...first, replayed: true });
  assert.equal(lab.runs.handled, handled);
  await overwrite(lab.store, "test.Counter", "77", { id: 77, count: 0 });
  const second = await add();
  assert.deepEqual([Object(second).outcome, "replayed" in second, await lab.count(1), await lab.count(77)], ["success", false, 1, 1]);
  assert.deepEqual(await add(), { ...second, replayed: true });
  assert.equal(Object(await add({ by: 2 })).code, "idempotency_key_reused");
});

test("All or none that failed by a mistake of the action is tried again by a repeat, and what the action refused is not", async () => {
  for (const [error, again] of [[new Error("a mistake"), 4], [new ActionError("No."), 2]] as const) {
    let handled = 0;
    const odd = defineAction({
      key: "odd",
      label: "Odd",
      subject: LabCounter,
      authorize: everyone,
      handle({ subject }) {
        handled++;
        if (subject.id === 2) throw error;
      },
    });
    const { actions } = openLab([odd]);
    const run = () => actions.bulk({ key: "odd", identity: worker, idempotencyKey: "k", input: { ids: [1, 2], mode: "atomic" } });
    const first = await run();
    assert.deepEqual(await run(), error instanceof ActionError ? { ...first, replayed: true } : first);
    assert.equal(handled, again);
  }
});
