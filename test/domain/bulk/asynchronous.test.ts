import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { CommitTooLarge } from "../../../src/domain/errors.ts";
import { ActionError, createActions, createCatalog, createIdentity, defineAction, everyone, oneOf, type RecordStore } from "../../../src/domain/index.ts";
import { bulkResults } from "../../../src/app/testing/contracts/bulk-results.ts";
import { diesAt } from "../../adapters/embedded-workflows/dying-store.ts";
import { addOne, CLERK, Counter, countedId, openLab, quiet, type CounterRecord, type Lab } from "../../adapters/embedded-workflows/lab.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";
import { openCounters, worker } from "../counters.ts";
import { withMethods } from "../lab.ts";

const AUDITOR = createIdentity({ kind: "user", id: "auditor", permissions: ["view_audit"] });
const INPUT = { ids: [0, 1, 2, 3, 4, 5, 6], async: true };

async function startBulk(lab: Lab, input: object, idempotencyKey?: string, key = "add-one"): Promise<string> {
  const outcome = await lab.actions.bulk({ key, identity: CLERK, input: { ...input }, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  if (outcome.kind !== "workflow") throw new Error(JSON.stringify(outcome));
  return outcome.workflow_id;
}

async function counts(lab: Lab): Promise<readonly number[]> {
  return Promise.all(INPUT.ids.map((id) => lab.count(id)));
}

test("mode stop: behind the first failure all are skipped; mode atomic: one failure and nothing is kept", async () => {
  const lab = await openLab({ workflows: [] });
  const stopped = await startBulk(lab, { ids: [0, 99, 1], mode: "stop", async: true });
  assert.equal(Object((await lab.end(stopped)).result).message, "1 of 3 succeeded.");
  assert.deepEqual(await bulkResults(lab, stopped, 50), ["0 data", "99 subject_not_found", "1 skipped"]);
  const none = await startBulk(lab, { ids: [0, 99, 1], mode: "atomic", async: true });
  const result = { success: false, outcome: "failed", message: "0 of 3 succeeded.", total: 3, succeeded: 0, failed: 1, skipped: 2 };
  assert.deepEqual((await lab.end(none)).result, result);
  assert.deepEqual(await bulkResults(lab, none, 50), ["0 skipped", "99 subject_not_found", "1 skipped"]);
  const all = await startBulk(lab, { ids: [0, 1], mode: "atomic", async: true });
  assert.equal(Object((await lab.end(all)).result).outcome, "success");
  assert.deepEqual([await lab.count(0), await lab.count(1)], [2, 1]);
});

/** Cannot be done to counters with an odd ID: it never ends, or is too large to be kept. */
const odd = defineAction({
  key: "odd",
  label: "Odd",
  subject: Counter,
  params: { how: oneOf(["hang", "large"]) },
  authorize: everyone,
  handle({ subject, subjects, params }) {
    if (subject.id % 2 === 1 && params.how === "hang") return new Promise<CounterRecord>(() => undefined);
    return subjects.put(Counter, { ...subject, count: subject.id % 2 === 1 ? LARGE : 1 });
  },
});
const LARGE = -1;

/** A store that takes no counter of {@link LARGE}. */
function refusingLarge(store: RecordStore): RecordStore {
  return withMethods(store, {
    commit(changes, entries) {
      if (changes.some((change) => change.kind === "put" && change.value["count"] === LARGE)) throw new CommitTooLarge(2, 1);
      return store.commit(changes, entries);
    },
  });
}

for (const [how, code] of [["hang", "unavailable"], ["large", "payload_too_large"]] as const) {
  test(`an item that is ${code} touches no other: it has its result, as in a call that is waited for`, async () => {
    const time = createTestTime();
    const lab = await openLab({ workflows: [], actions: [odd], time, store: refusingLarge(createMemoryStore({ clock: time.clock })) });
    const results = { each: ["0 data", `1 ${code}`, "2 data", `3 ${code}`, "4 data"], stop: ["0 data", `1 ${code}`, "2 skipped", "3 skipped", "4 skipped"] };
    for (const mode of ["each", "stop"] as const) {
      const id = await startBulk(lab, { ids: [0, 1, 2, 3, 4], params: { how }, mode, async: true }, undefined, "odd");
      if (how === "hang") {
        await quiet();
        time.pass(30_000);
      }
      assert.equal((await lab.end(id)).status, "completed");
      assert.deepEqual(await bulkResults(lab, id, 50), results[mode], mode);
    }
    const timedOut = lab.observed.filter(({ event }) => event === "handler_timed_out").length;
    const told = await lab.actions.audit(AUDITOR, { action: "odd", subject: "1" });
    const outcome = { success: false, message: "The action did not end in its time, and nothing of it took effect. Try again later.", code };
    assert.deepEqual([timedOut, told.kind === "page" && told.data.map((entry) => entry["outcome"])], how === "hang" ? [3, [outcome, outcome]] : [0, []]);
  });
}

test("an item has the time of its action, which may be longer than that of a step", async () => {
  const time = createTestTime();
  const goOn: (() => void)[] = [];
  const long = defineAction({
    key: "long",
    label: "Long",
    subject: Counter,
    timeoutMs: 3_600_000,
    authorize: everyone,
    handle: ({ subject, subjects }) => new Promise<CounterRecord>((resolve) => goOn.push(() => resolve(subjects.put(Counter, { ...subject, count: 7 })))),
  });
  const lab = await openLab({ workflows: [], actions: [long], time });
  const id = await startBulk(lab, { ids: [0, 1], async: true }, undefined, "long");
  await quiet();
  for (let minutes = 0; minutes < 50; minutes += 10) {
    time.pass(600_000);
    await quiet();
  }
  goOn[0]?.();
  await quiet();
  time.pass(600_000);
  await lab.end(id);
  assert.deepEqual(await bulkResults(lab, id, 50), ["0 data", "1 unavailable"]);
  assert.equal(await lab.count(0), 7);
});

test("what is wrong with the call is said at once, and one idempotency key starts it once", async () => {
  const lab = await openLab({ workflows: [] });
  const errors = async (input: object) => Object(await lab.actions.bulk({ key: "add-one", identity: CLERK, input: { ...input } })).errors;
  assert.deepEqual(await errors({ ids: [1], async: "yes" }), { async: ["async must be true or false."] });
  assert.deepEqual(await errors({ ids: [1], async: true, preview: true }), { async: ["async must be false for a preview, which changes nothing and is answered at once."] });
  assert.deepEqual(Object.keys(await errors({ ids: [1], async: true, params: { unknown: 1 } })), ["params.unknown"]);
  assert.equal(await startBulk(lab, INPUT, "key"), await startBulk(lab, INPUT, "key"));
});

test("whatever the commit at which the process dies, no item is done twice and none is left out", async () => {
  for (const mode of ["each", "stop", "atomic"]) {
    for (let at = 2, survived = false; !survived; at++) {
      for (const when of ["before", "behind"] as const) {
        const time = createTestTime();
        const memory = createMemoryStore({ clock: time.clock });
        const { store, died } = diesAt(memory, at, when);
        const lab = await openLab({ workflows: [], store, time });
        survived = await Promise.race([startBulk(lab, { ...INPUT, mode }).then((id) => lab.end(id)).then(() => true), died.then(() => false)]);
        const second = await openLab({ workflows: [], store: memory, time });
        const listed = await second.actions.workflows.list(CLERK);
        assert.ok(listed.kind === "page");
        const [run] = listed.data;
        if (run === undefined) continue;
        const shown = await second.end(String(run["id"]));
        assert.deepEqual([Object(shown.result).message, shown.progress], ["7 of 7 succeeded.", { done: 7, total: 7 }], `${mode}, commit ${at} ${when}`);
        assert.deepEqual(await counts(second), INPUT.ids.map(() => 1), `${mode}, commit ${at} ${when}`);
        assert.equal((await bulkResults(second, String(run["id"]), 3)).length, 7);
      }
    }
  }
});

test("a bulk run that is cancelled begins no more items and keeps the results of those it did", async () => {
  let begun = 0;
  let cancel: (() => unknown) | undefined;
  const slow = defineAction({ key: "slow", label: "Slow", subject: Counter, authorize: everyone, async handle() { if (++begun === 8) await cancel?.(); return "Done."; } });
  const lab = await openLab({ workflows: [], actions: [slow] });
  const ids = Array.from({ length: 500 }, (_, id) => id % 10 === 0 ? id / 10 : 1000 + id);
  const outcome = await lab.actions.bulk({ key: "slow", identity: CLERK, input: { ids: ids.slice(0, 400), async: true } });
  assert.ok(outcome.kind === "workflow");
  cancel = () => lab.actions.workflows.cancel(CLERK, outcome.workflow_id);
  const shown = await lab.end(outcome.workflow_id);
  assert.equal(shown.status, "cancelled");
  const results = await bulkResults(lab, outcome.workflow_id, 200);
  assert.ok(results.length >= 70 && results.length < 200, `${results.length} results`);
});

test("20,000 items are worked on one by one, and show how far they are", async () => {
  const time = createTestTime();
  const store = createMemoryStore({ clock: time.clock });
  const touch = defineAction({ key: "touch", label: "Touch", subject: Counter, authorize: everyone, handle({ subject }) { if (subject.count > 0) throw new ActionError("No."); return "Touched."; } });
  const actions = createActions({
    catalog: createCatalog({ actions: [addOne, touch], subjects: [Counter] }),
    store,
    clock: time.clock,
    newId: countedId,
    auditRetentionSeconds: null,
    workflows: { engine: embeddedWorkflows({ timer: time.timer, random: Math.random }) },
  });
  await actions.workflows.open();
  const lab = { actions };
  const ids = Array.from({ length: 20_000 }, (_, id) => id);
  await fill(store);
  const outcome = await actions.bulk({ key: "touch", identity: CLERK, input: { ids, async: true } });
  assert.ok(outcome.kind === "workflow");
  let shown = await actions.workflows.find(CLERK, outcome.workflow_id);
  const seen = new Set<number>();
  for (; shown.kind === "run" && !shown.ended; shown = await actions.workflows.find(CLERK, outcome.workflow_id)) {
    seen.add(Number(Object(shown.run["progress"]).done ?? 0));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(shown.kind === "run");
  assert.equal(Object(shown.run["result"]).message, "10 of 20000 succeeded.");
  assert.ok(seen.size > 20, `${seen.size} states of progress were seen`);
  assert.equal((await bulkResults(lab, outcome.workflow_id, 200)).length, 20_000);
});

async function fill(store: RecordStore): Promise<void> {
  await store.commit(Array.from({ length: 10 }, (_, id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0 } }) as const));
}

test("a server that runs no workflows refuses what would be one, and that is nobody's fault", async () => {
  const { actions, observed, runs } = openCounters();
  const outcome = await actions.bulk({ key: "counters/add", identity: worker, input: { ids: [1], async: true }, idempotencyKey: "k" });
  const sentence = "async must be false: this server runs no workflows.";
  assert.deepEqual(outcome, { kind: "failed", code: "invalid_params", message: sentence, errors: { async: [sentence] } });
  assert.deepEqual([observed, runs.handled], [[], 0]);
});
