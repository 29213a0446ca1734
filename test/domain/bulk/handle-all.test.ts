import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, createIdentity, defineAction, everyone, integer, type BulkOutcome, type Outcome } from "../../../src/domain/index.ts";
import { Counter, NOBODY, openLab, overwrite, turn, withMethods, type Lab } from "../lab.ts";

const COUNTERS = { 1: 0, 2: 0, 3: 0, 4: 0, 9: 10 };

/** Adds to every counter at once and takes it from counter 9; whoever is `full` is refused. */
function createAdd(calls: number[][], behave: (ids: readonly number[]) => void = () => undefined) {
  return defineAction({
    key: "add",
    label: "Add",
    subject: Counter,
    params: { by: integer().default(1), full: integer().optional() },
    authorize: ({ identity, subject }) => subject.id !== 4 || identity.can("four"),
    preconditions({ subject }) {
      if (subject.count < 0) throw new ActionError("Below zero.");
    },
    handle: () => "One by one.",
    bulk: {
      maxIds: 5,
      async handleAll({ all, params, subjects }) {
        calls.push(all.map(({ id }) => id));
        await turn();
        behave(all.map(({ id }) => id));
        const nine = await subjects.get(Counter, 9);
        if (nine !== undefined) subjects.put(Counter, { ...nine, count: nine.count - all.length });
        return all.map((counter) => {
          const next = subjects.put(Counter, { ...counter, count: counter.count + params.by });
          return counter.id === params.full ? new ActionError(`Counter #${counter.id} is full.`) : next;
        });
      },
    },
    message: "Added.",
  });
}

async function run({ actions }: Lab, input: object): Promise<readonly string[]> {
  const outcome: BulkOutcome | Outcome = await actions.bulk({ key: "add", identity: NOBODY, input: { ...input } });
  assert.ok(outcome.kind === "bulk", JSON.stringify(outcome));
  return outcome.items.map(({ outcome: each }) => (each === "skipped" ? each : each.kind === "failed" ? each.code : each.kind === "nothing" ? each.kind : "message" in each ? each.message : each.kind));
}

function counts(lab: Lab): Promise<readonly unknown[]> {
  return Promise.all([1, 2, 3, 9].map((id) => lab.count(id)));
}

test("A handler for all gets the subjects that passed every check, and answers for each", async () => {
  const calls: number[][] = [];
  let commits = 0;
  const lab = openLab([createAdd(calls)], { counters: { ...COUNTERS, 3: -1 }, wrap: (store) => withMethods(store, { commit: (changes, entries) => (commits++, store.commit(changes, entries)) }) });
  assert.deepEqual(await run(lab, { ids: [1, 4, 77, 3, 2], params: { full: 2 } }), ["Added.", "forbidden", "subject_not_found", "Below zero.", "Counter #2 is full."]);
  assert.deepEqual(calls, [[1, 2]]);
  assert.deepEqual(await counts(lab), [1, 0, -1, 8], "what was changed of a refused subject is not kept");
  assert.equal(commits, 1);
});

test("Each item has an entry of its own, with what was changed of its subject", async () => {
  const lab = openLab([createAdd([])], { counters: COUNTERS });
  await run(lab, { ids: [1, 2], params: { by: 5 } });
  const { entries } = await lab.store.trail({ limit: 10 });
  const told = entries.map(({ value }) => [Object(value["subject"]).id, value["params"], Object(value["changes"]).map(({ id, after }: { id: number; after: { count: number } }) => `${id}: ${after.count}`)]);
  assert.deepEqual(told, [["1", { by: 5 }, ["1: 5", "9: 8"]], ["2", { by: 5 }, ["2: 5"]]]);
});

test("In mode atomic one refusal takes back all; mode stop and previews go one by one", async () => {
  const calls: number[][] = [];
  const lab = openLab([createAdd(calls)], { counters: COUNTERS });
  assert.deepEqual(await run(lab, { ids: [1, 2, 3], params: { full: 2 }, mode: "atomic" }), ["skipped", "Counter #2 is full.", "skipped"]);
  assert.deepEqual(await counts(lab), [0, 0, 0, 10]);
  assert.deepEqual(await run(lab, { ids: [1, 2, 3], mode: "atomic" }), ["Added.", "Added.", "Added."]);
  assert.deepEqual(await counts(lab), [1, 1, 1, 7]);
  assert.deepEqual(await run(lab, { ids: [1], mode: "stop" }), ["One by one."]);
  assert.deepEqual(await run(lab, { ids: [1], preview: true }), ["One by one."]);
  assert.deepEqual(calls, [[1, 2, 3], [1, 2, 3]]);
});

test("What a handler for all throws is the answer for each of its subjects, and nothing is kept", async () => {
  for (const [thrown, expected, observed] of [[new ActionError("Closed."), "Closed.", []], [new Error("hunter2"), "internal_error", ["internal_error"]]] as const) {
    const lab = openLab([createAdd([], () => { throw thrown; })], { counters: COUNTERS });
    assert.deepEqual(await run(lab, { ids: [1, 77, 2] }), [expected, "subject_not_found", expected]);
    assert.deepEqual(await counts(lab), [0, 0, 0, 10]);
    assert.deepEqual(lab.observed.map(({ event }) => event), observed);
    assert.equal((await lab.store.trail({ limit: 10 })).entries.length, 2);
  }
});

test("A list that is shorter than that of the subjects fails them all", async () => {
  const short = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle: () => null, bulk: { handleAll: () => [null] } });
  const lab = openLab([short], { counters: COUNTERS });
  assert.deepEqual(await run(lab, { ids: [1, 2] }), ["internal_error", "internal_error"]);
  assert.match(String(lab.observed[0]?.error), /action "add": bulk.handleAll must answer a list with one result for each subject/);
});

test("Where others were faster the handler for all runs again on fresh reads", async () => {
  const calls: number[][] = [];
  let left = 1;
  const lab = openLab([createAdd(calls)], {
    counters: COUNTERS,
    wrap: (store) =>
      withMethods(store, {
        async commit(changes, entries) {
          if (left-- > 0) await overwrite(store, Counter.class, "2", { id: 2, count: 50 });
          return store.commit(changes, entries);
        },
      }),
  });
  assert.deepEqual(await run(lab, { ids: [1, 2] }), ["Added.", "Added."]);
  assert.deepEqual([calls, await counts(lab)], [[[1, 2], [1, 2]], [1, 51, 0, 8]]);
});

test("Under an idempotency key a handler for all does what it has done only once", async () => {
  const calls: number[][] = [];
  const lab = openLab([createAdd(calls)], { counters: COUNTERS });
  const call = { key: "add", identity: createIdentity({ kind: "user", id: "u", permissions: [] }), idempotencyKey: "k", input: { ids: [1, 77, 2] } };
  const first = await lab.actions.bulk(call);
  assert.deepEqual(await lab.actions.bulk(call), { ...first, replayed: true });
  await overwrite(lab.store, Counter.class, "77", { id: 77, count: 0 });
  const second = await lab.actions.bulk(call);
  assert.ok(second.kind === "bulk" && second.succeeded === 3 && second.replayed === undefined);
  assert.deepEqual([calls, await lab.count(1), await lab.count(77)], [[[1, 2], [77]], 1, 1]);
});

test("The action's own maximum is in its description, and holds", async () => {
  const lab = openLab([createAdd([])], { counters: COUNTERS });
  assert.equal(lab.actions.describe("add")?.bulk?.max_ids, 5);
  const outcome = await lab.actions.bulk({ key: "add", identity: NOBODY, input: { ids: [1, 2, 3, 4, 5, 6] } });
  assert.deepEqual(Object(outcome).errors, { ids: ["ids must name at most 5 subjects."] });
  assert.equal(openLab([createAdd([])], { maxBulkIds: 3 }).actions.describe("add")?.bulk?.max_ids, 3);
});

test("A definition that makes no sense is refused", () => {
  assert.throws(() => defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: () => null, bulk: { maxIds: 0 } }), new TypeError('action "x": bulk.maxIds must be a whole number from 1, not 0'));
  assert.throws(() => defineAction({ key: "x", label: "X", authorize: everyone, handle: () => null, bulk: { maxIds: 1 } }), new TypeError('action "x": bulk is for actions with a subject; leave it out'));
});
