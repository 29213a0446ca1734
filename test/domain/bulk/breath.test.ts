import assert from "node:assert/strict";
import { test } from "node:test";
import { Breath } from "../../../src/domain/execution/time/breath.ts";
import { listRuns } from "../../../src/domain/workflow/run/read-runs.ts";
import { checkBulkInput } from "../../../src/domain/bulk/call/bulk-input.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { BULK_MODES, defineAction, everyone, type RecordStore, type Timer } from "../../../src/domain/index.ts";
import { CLERK, Counter as WorkflowCounter, openLab as openWorkflows } from "../../adapters/embedded-workflows/lab.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";
import { Counter, NOBODY, openLab, turn, withMethods } from "../lab.ts";

/** A clock that stands still unless somebody works, and the turns of the event loop that were asked for. */
function createTime() {
  const time = { now: 0, worked: 0, most: 0, turns: 0 };
  return {
    time,
    clock: () => time.now,
    timer: (_at: number, wake: () => void) => {
      const immediate = setImmediate(() => {
        time.turns++;
        time.worked = 0;
        wake();
      });
      return () => clearImmediate(immediate);
    },
    /** Something that takes a millisecond. */
    work() {
      time.now++;
      time.most = Math.max(time.most, ++time.worked);
    },
  };
}

const MANY_COUNTERS = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [index + 1, 0]));
const COUNTERS = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [index + 1, 0]));

test("Long works share one slice of the event loop, whatever they are and however many", async () => {
  const { time, clock, timer, work } = createTime();
  const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle({ subject, subjects }) { work(); return subjects.put(Counter, { ...subject, count: subject.count + 1 }); } });
  const { actions } = openLab([add], { counters: COUNTERS, clock, timer });
  const ids = Object.keys(COUNTERS);
  const inputs = [...BULK_MODES.map((mode) => ({ ids, mode })), { ids, preview: true }, { ids, mode: "atomic", preview: true }, { ids }];
  const outcomes = await Promise.all(inputs.map((input) => actions.bulk({ key: "add", identity: NOBODY, input })));
  for (const outcome of outcomes) assert.equal(outcome.kind === "bulk" && outcome.succeeded, 200);
  assert.ok(time.most <= 2 + 1, `${time.most} ms without a pause`);
  assert.ok(time.turns >= 6 * 200 / 3, `${time.turns} pauses`);
});

test("Those who are told of items take part in it, whenever they are told", async () => {
  for (const input of [{}, { mode: "atomic" }, { preview: true }]) {
    const { time, clock, timer, work } = createTime();
    const touch = defineAction({ key: "touch", label: "Touch", subject: Counter, authorize: everyone, handle: () => undefined });
    const { actions } = openLab([touch], { counters: MANY_COUNTERS, clock, timer });
    let told = 0;
    // A millisecond for each hundred of them.
    const onItem = () => (++told % 100 === 0 ? work() : undefined);
    const outcome = await actions.bulk({ key: "touch", identity: NOBODY, input: { ids: Object.keys(MANY_COUNTERS), ...input }, onItem });
    assert.ok(outcome.kind === "bulk" && outcome.succeeded === 3_000 && told === 3_000);
    assert.ok(time.most <= 2 + 2, `${time.most} ms without a pause`);
  }
});

test("A single call comes through between two slices", async () => {
  const { time, clock, timer, work } = createTime();
  const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle({ subject, subjects }) { work(); return subjects.put(Counter, { ...subject, count: subject.count + 1 }); } });
  const look = defineAction({ key: "look", label: "Look", authorize: everyone, handle: () => String(time.now) });
  const { actions } = openLab([add, look], { counters: COUNTERS, clock, timer });
  const running = actions.bulk({ key: "add", identity: NOBODY, input: { ids: Object.keys(COUNTERS) } });
  await turn();
  const looked = await actions.execute({ key: "look", identity: NOBODY });
  assert.ok(looked.kind === "message" && Number(looked.message) <= 20, JSON.stringify(looked));
  await running;
});

test("Who waits goes on in a slice of its own, first come first served", async () => {
  const { time, clock, timer } = createTime();
  const breath = new Breath({ clock, timer, sliceMs: 10 });
  assert.equal(breath.take(), undefined, "the first work begins at once");
  time.now += 9;
  assert.equal(breath.take(), undefined);
  time.now += 1;
  const log: number[] = [];
  const waiting = [1, 2, 3].map(async (number) => {
    await breath.take();
    log.push(number, time.turns);
    time.now += 10;
  });
  await Promise.all(waiting);
  assert.deepEqual(log, [1, 1, 2, 2, 3, 3]);
});

test("A step that cannot be divided has a slice to itself", async () => {
  const { time, clock, timer } = createTime();
  const breath = new Breath({ clock, timer, sliceMs: 10 });
  assert.equal(breath.take(), undefined);
  time.now += 1;
  await breath.takeWhole();
  assert.equal(time.turns, 1);
  assert.equal(new Breath({ clock, timer: null, sliceMs: 10 }).takeWhole(), undefined);
});

test("A commit of many lets others have their turn before it begins, and once more before it goes to the store", async () => {
  const log: string[] = [];
  const { clock, timer } = createTime();
  const noting: Timer = (at, wake) => timer(at, () => (log.push("turn"), wake()));
  const wrap = (store: RecordStore) => withMethods(store, { commit: (changes, entries) => (log.push("commit"), store.commit(changes, entries)) });
  const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle({ subject, subjects }) { log.push("handle"); return subjects.put(Counter, { ...subject, count: subject.count + 1 }); } });
  const { actions } = openLab([add], { counters: MANY_COUNTERS, clock, timer: noting, wrap });
  for (const [ids, turns] of [[Object.keys(MANY_COUNTERS), ["turn", "turn"]], [Object.keys(COUNTERS), []]] as const) {
    const outcome = await actions.bulk({ key: "add", identity: NOBODY, input: { ids, mode: "atomic" } });
    assert.ok(outcome.kind === "bulk" && outcome.succeeded === ids.length);
    assert.deepEqual(log.slice(log.lastIndexOf("handle"), log.indexOf("commit")), ["handle", ...turns]);
    log.length = 0;
  }
});

test("The IDs of a call are checked in slices, however many they are", async () => {
  const { time, clock, timer, work } = createTime();
  const breath = new Breath({ clock, timer, sliceMs: 10 });
  let parsed = 0;
  const parse = (text: string) => {
    if (++parsed % 256 === 0) work();
    return Counter.id.parse(text);
  };
  const ids = Array.from({ length: 100_000 }, (_, index) => index + 1);
  const limits = { maxBulkIds: 10_000, maxAsyncBulkIds: 100_000 };
  const input = await checkBulkInput({ ids, async: true }, { ...Counter, id: { ...Counter.id, parse } }, limits, breath);
  assert.ok("ids" in input && input.ids.length === 100_000);
  assert.ok(time.most <= 10 + 1, `${time.most} ms without a pause`);
  assert.ok(time.turns >= 100_000 / 256 / 11, `${time.turns} pauses`);
});

test("Whoever lists runs takes part in it: ten thousand are looked at for those that one identity has started", async () => {
  const { time, clock, timer, work } = createTime();
  const breath = new Breath({ clock, timer, sliceMs: 2 });
  let looks = 0;
  const store = withMethods(createMemoryStore({ clock }), { list: () => (looks++, work(), { records: [], next: "on" }) });
  const pages = await Promise.all(Array.from({ length: 10 }, () => listRuns({ store, breathe: () => breath.take() }, { limit: 50, startedBy: "nobody" }, () => false)));
  // Four looks at few, since nobody knows yet how large they are, and twenty at five hundred.
  assert.deepEqual([pages.length, looks], [10, 10 * 24]);
  assert.ok(time.most <= 2 + 1, `${time.most} ms without a pause`);
});

test("Groups of items run only a few commits ahead of the disk, and a single call's commit has no more before it", async () => {
  const kept = { commits: 0, safe: 0 };
  const waiting: (() => void)[] = [];
  const wrap = (store: RecordStore) => withMethods(store, {
    commit: (changes, entries) => (kept.commits++, store.commit(changes, entries)),
    durable: () => new Promise((resolve) => void waiting.push(resolve)),
  });
  const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }) });
  const { actions } = openLab([add], { counters: MANY_COUNTERS, wrap });
  const running = actions.bulk({ key: "add", identity: NOBODY, input: { ids: Object.keys(MANY_COUNTERS) } });
  let ahead = 0;
  let isDone = false;
  void running.then(() => (isDone = true));
  while (!isDone) {
    for (let turns = 0; turns < 20; turns++) await turn();
    ahead = Math.max(ahead, kept.commits - kept.safe);
    kept.safe = kept.commits;
    for (const resolve of waiting.splice(0)) resolve();
  }
  assert.ok(kept.commits >= 3_000 / 128, `${kept.commits} commits`);
  assert.ok(ahead <= 8, `${ahead} commits ahead`);
});

test("Where nobody can let others have a turn nothing is waited for", () => {
  const time = { now: 0 };
  const breath = new Breath({ clock: () => time.now, timer: null, sliceMs: 10 });
  for (; time.now < 1_000; time.now += 100) assert.equal(breath.take(), undefined);
});

test("Asynchronous runs take part in it, whatever their mode, beside calls that are answered", async () => {
  const time = createTestTime();
  const loop = { worked: 0, most: 0, turns: 0 };
  const timer: Timer = (at, wake) => time.timer(at, () => {
    if (at <= time.clock()) loop.turns++;
    loop.worked = 0;
    wake();
  });
  const touch = defineAction({ key: "touch", label: "Touch", subject: WorkflowCounter, authorize: everyone, handle() { time.pass(1); loop.most = Math.max(loop.most, ++loop.worked); return "Touched."; } });
  const store = createMemoryStore({ clock: time.clock });
  const ids = Array.from({ length: 100 }, (_, id) => id + 100);
  await store.commit(ids.map((id) => ({ kind: "put", collection: WorkflowCounter.class, id: String(id), basedOn: 0, value: { id, count: 0 } }) as const));
  const lab = await openWorkflows({ workflows: [], actions: [touch], store, time: { ...time, timer } });
  const call = (input: object) => lab.actions.bulk({ key: "touch", identity: CLERK, input: { ids, ...input } });
  const [answered, ...started] = await Promise.all([call({}), ...BULK_MODES.map((mode) => call({ mode, async: true }))]);
  assert.ok(answered?.kind === "bulk" && answered.succeeded === 100);
  for (const run of started) assert.equal(run.kind === "workflow" && Object((await lab.end(run.workflow_id)).result).message, "100 of 100 succeeded.");
  assert.ok(loop.most <= 10 + 1, `${loop.most} ms without a pause`);
  assert.ok(loop.turns >= 4 * 100 / 11, `${loop.turns} pauses`);
});
