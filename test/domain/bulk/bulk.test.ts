import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, defineAction, defineSubject, everyone, integer, integerId, list, reference, text, type BulkItem, type BulkMode, type BulkOutcome, type Outcome, type RecordStore } from "../../../src/domain/index.ts";
import { Counter, late, NOBODY, openLab, overwrite, turn, withMethods, type Lab } from "../lab.ts";

const MODES: readonly BulkMode[] = ["each", "stop", "atomic"];

const add = defineAction({
  key: "add",
  label: "Add",
  subject: Counter,
  params: { n: integer().default(1), unless: integer().optional() },
  authorize: everyone,
  async handle({ subject, params, subjects }) {
    await turn();
    if (subject.id === params.unless) throw new ActionError("Not this one.");
    subjects.put(Counter, { ...subject, count: subject.count + params.n });
    return null;
  },
});

/** Adds to its own counter what counter 1 has, and takes it from there. */
const gather = defineAction({
  key: "gather",
  label: "Gather",
  subject: Counter,
  authorize: everyone,
  async handle({ subject, subjects }) {
    const first = await subjects.get(Counter, 1);
    await turn();
    if (first === undefined || first.count === 0) throw new ActionError("Nothing to gather.");
    subjects.put(Counter, { ...first, count: first.count - 1 });
    subjects.put(Counter, { ...subject, count: subject.count + 1 });
    return `Gathered, ${first.count - 1} left.`;
  },
});

const COUNTERS = { 1: 2, 2: 0, 3: 0, 4: 0 };

function run({ actions }: Lab, key: string, input: object, onItem?: (item: BulkItem) => Promise<void> | void) {
  return actions.bulk(onItem === undefined ? { key, identity: NOBODY, input: { ...input } } : { key, identity: NOBODY, input: { ...input }, onItem });
}

function codes(outcome: BulkOutcome | Outcome): readonly unknown[] {
  if (outcome.kind !== "bulk") return [outcome.kind === "failed" ? outcome.code : outcome.kind];
  return outcome.items.map((item) => (item.outcome === "skipped" ? "skipped" : item.outcome.kind === "failed" ? item.outcome.code : item.outcome.kind));
}

async function counts(lab: Lab, ...ids: number[]): Promise<readonly unknown[]> {
  return Promise.all(ids.map((id) => lab.count(id)));
}

/** Counts the reads and the commits that reach the store. */
function counted(store: RecordStore, tally: { reads: (readonly string[])[]; commits: number }): RecordStore {
  return withMethods(store, {
    read(collection, ids) {
      if (collection === Counter.class) tally.reads.push(ids);
      return store.read(collection, ids);
    },
    commit(changes, entries) {
      tally.commits++;
      return store.commit(changes, entries);
    },
  });
}

for (const [how, wrap] of [["at once", (store: RecordStore) => store], ["late", late]] as const) {
  test(`The three modes differ in what a failure takes with it, on a store that answers ${how}`, async () => {
    for (const [mode, expected, kept] of [
      ["each", ["nothing", "refused", "nothing"], [3, 0, 1]],
      ["stop", ["nothing", "refused", "skipped"], [3, 0, 0]],
      ["atomic", ["skipped", "refused", "skipped"], [2, 0, 0]],
    ] as const) {
      const lab = openLab([add], { counters: COUNTERS, wrap });
      assert.deepEqual(codes(await run(lab, "add", { ids: [1, 2, 3], params: { unless: 2 }, mode })), expected);
      assert.deepEqual(await counts(lab, 1, 2, 3), kept);
    }
  });

  test(`Atomic items see what earlier ones did, and one too many takes all back, on a store that answers ${how}`, async () => {
    for (const [ids, expected, kept] of [
      [[2, 3], ["message", "message"], [0, 1, 1, 0]],
      [[2, 3, 4], ["skipped", "skipped", "refused"], [2, 0, 0, 0]],
    ] as const) {
      const lab = openLab([gather], { counters: COUNTERS, wrap });
      assert.deepEqual(codes(await run(lab, "gather", { ids, mode: "atomic" })), expected);
      assert.deepEqual(await counts(lab, 1, 2, 3, 4), kept);
    }
  });

  test(`Items that write to one shared record wait for each other, on a store that answers ${how}`, async () => {
    for (const mode of MODES) {
      const counters = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [index + 1, index === 0 ? 30 : 0]));
      const lab = openLab([gather], { counters, wrap });
      const ids = Array.from({ length: 30 }, (_, index) => index + 2);
      assert.deepEqual(codes(await run(lab, "gather", { ids, mode })), ids.map(() => "message"));
      assert.equal(await lab.count(1), 0);
    }
  });
}

test("The subjects are read in one round trip, and an atomic call commits once", async () => {
  for (const [mode, commits] of [["each", 3], ["stop", 3], ["atomic", 1]] as const) {
    const tally = { reads: [] as (readonly string[])[], commits: 0 };
    const lab = openLab([add], { counters: COUNTERS, wrap: (store) => counted(store, tally) });
    await run(lab, "add", { ids: [1, "2", 3], mode });
    assert.deepEqual(tally, { reads: [["1", "2", "3"]], commits });
  }
});

test("Subjects that live elsewhere are read in one round trip too", async () => {
  const asked: (readonly string[])[] = [];
  const source = (ids: readonly string[]) => {
    asked.push(ids);
    return ids.map((id) => ({ id: Number(id) }));
  };
  const Person = defineSubject({ class: "lab.Person", param: "person", id: integerId(), title: () => "", source });
  const greet = defineAction({ key: "greet", label: "Greet", subject: Person, params: { with: reference(Person).optional() }, authorize: everyone, handle: ({ subject }) => `${subject.id}` });
  for (const mode of MODES) {
    asked.length = 0;
    await run(openLab([greet], { subjects: [Person] }), "greet", { ids: [1, 2, 3], mode });
    assert.deepEqual(asked, [["1", "2", "3"]]);
  }
});

test("An item does not work on what an earlier item of the same call has changed since it was read", async () => {
  const next = defineAction({
    key: "next",
    label: "Next",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      subjects.put(Counter, { ...subject, count: -1 });
      if ((await subjects.get(Counter, 2)) !== undefined) subjects.delete(Counter, 2);
      return null;
    },
  });
  const lab = openLab([next], { counters: { 1: 0, 2: 0 }, bulkConcurrency: 1 });
  assert.deepEqual(codes(await run(lab, "next", { ids: [1, 2] })), ["nothing", "subject_not_found"]);
});

test("What another process changes between the reading and an item is read afresh", async () => {
  let disturbed = false;
  const lab = openLab([add], {
    counters: COUNTERS,
    wrap: (store) =>
      withMethods(store, {
        async commit(changes, entries) {
          if (!disturbed) await overwrite(store, Counter.class, "3", { id: 3, count: 50 });
          disturbed = true;
          return store.commit(changes, entries);
        },
      }),
  });
  assert.deepEqual(codes(await run(lab, "add", { ids: [1, 3], mode: "stop" })), ["nothing", "nothing"]);
  assert.deepEqual(await counts(lab, 1, 3), [3, 51]);
});

test("An atomic call is done again as a whole on fresh data, and is a conflict after three tries", async () => {
  for (const [times, expected, kept] of [[2, ["nothing", "nothing"], [3, 51]], [3, ["conflict", "conflict"], [2, 50]]] as const) {
    let left: number = times;
    const lab = openLab([add], {
      counters: COUNTERS,
      wrap: (store) =>
        withMethods(store, {
          async commit(changes, entries) {
            if (left-- > 0) await overwrite(store, Counter.class, "2", { id: 2, count: 50 });
            return store.commit(changes, entries);
          },
        }),
    });
    assert.deepEqual(codes(await run(lab, "add", { ids: [1, 2], mode: "atomic" })), expected);
    assert.deepEqual(await counts(lab, 1, 2), kept);
  }
});

test("Two atomic calls on the same subjects in opposite orders both come through", async () => {
  const lab = openLab([add], { counters: COUNTERS, wrap: late });
  const outcomes = await Promise.all([run(lab, "add", { ids: [1, 2, 3], mode: "atomic" }), run(lab, "add", { ids: [3, 2, 1], mode: "atomic" })]);
  assert.deepEqual(outcomes.map(codes), [["nothing", "nothing", "nothing"], ["nothing", "nothing", "nothing"]]);
  assert.deepEqual(await counts(lab, 1, 2, 3), [4, 2, 2]);
});

test("The items of a call share their parameters, which are read once and frozen, unless they wait for records", async () => {
  const seen = new Set<unknown>();
  const note = defineAction({ key: "note", label: "Note", subject: Counter, params: { tags: list(text(), { min: 1 }) }, authorize: everyone, handle: ({ params }) => void seen.add(params) });
  const other = defineAction({ key: "other", label: "Other", subject: Counter, params: { beside: reference(Counter) }, authorize: everyone, handle: ({ params }) => void seen.add(params) });
  const lab = openLab([note, other], { counters: COUNTERS });
  for (const mode of MODES) {
    assert.deepEqual(codes(await run(lab, "note", { ids: [1, 2, 3], params: { tags: ["a"] }, mode })), ["nothing", "nothing", "nothing"]);
    assert.equal(seen.size, 1, mode);
    for (const params of seen) assert.ok(Object.isFrozen(params) && Object.isFrozen(Object(params).tags));
    seen.clear();
  }
  assert.deepEqual(codes(await run(lab, "other", { ids: [1, 2, 3], params: { beside: 4 } })), ["nothing", "nothing", "nothing"]);
  assert.equal(seen.size, 3, "each item reads the record that they refer to as it is then");
});

test("While items wait, so many are under way and no more", async () => {
  let underWay = 0;
  let most = 0;
  const wait = defineAction({ key: "wait", label: "Wait", subject: Counter, authorize: everyone, async handle() { most = Math.max(most, ++underWay); await turn(); underWay--; return null; } });
  const counters = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [index + 1, 0]));
  const ids = Object.keys(counters);
  for (const [mode, concurrency, expected] of [["each", 8, 8], ["each", 3, 3], ["stop", 8, 1], ["atomic", 8, 1]] as const) {
    most = 0;
    await run(openLab([wait], { counters, bulkConcurrency: concurrency }), "wait", { ids, mode });
    assert.equal(most, expected, mode);
  }
});

test("The store may fail any item, at once or later, and every other item still gets its answer", async () => {
  for (const how of ["at once", "later"] as const) {
    let commits = 0;
    const fail = (): Promise<never> => {
      if (how === "at once") throw new Error("disk");
      return Promise.reject(new Error("disk"));
    };
    const lab = openLab([add], { counters: COUNTERS, wrap: (store) => withMethods(store, { commit: (changes, entries) => (++commits % 2 === 0 ? fail() : store.commit(changes, entries)) }) });
    const outcome = await run(lab, "add", { ids: [1, 2, 3, 4] });
    assert.deepEqual(codes(outcome), ["nothing", "unavailable", "nothing", "unavailable"]);
    assert.equal(outcome.kind === "bulk" && outcome.message, "2 of 4 succeeded.");
    assert.deepEqual(lab.observed.map(({ event }) => event), ["store_unavailable", "store_unavailable"]);
  }
});

test("Where the first reading fails nothing was tried, and the call is unavailable", async () => {
  for (const mode of MODES) {
    const lab = openLab([add], { wrap: (store) => withMethods(store, { read: () => Promise.reject(new Error("disk")) }) });
    assert.deepEqual(codes(await run(lab, "add", { ids: [1], mode })), ["unavailable"]);
  }
});

test("stop ends with the item that the store failed", async () => {
  let commits = 0;
  const lab = openLab([add], { counters: COUNTERS, wrap: (store) => withMethods(store, { commit: (changes, entries) => (++commits === 2 ? Promise.reject(new Error("disk")) : store.commit(changes, entries)) }) });
  assert.deepEqual(codes(await run(lab, "add", { ids: [1, 2, 3], mode: "stop" })), ["nothing", "unavailable", "skipped"]);
});

test("A rule that breaks is each item's own failure, and an ActionError in it each item's own refusal", async () => {
  for (const [thrown, expected] of [[new Error("hunter2"), "internal_error"], [new ActionError("No."), "refused"]] as const) {
    const breaking = defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, validate: () => { throw thrown; }, handle: () => null });
    for (const mode of MODES) {
      const lab = openLab([breaking], { counters: COUNTERS });
      assert.deepEqual(codes(await run(lab, "x", { ids: [1, 2], mode })), [expected, mode === "stop" ? "skipped" : expected]);
    }
  }
});

test("Each item is told as it is done, and the next ones wait for what that answers", async () => {
  for (const [mode, expected] of [["each", [0, 1, 2]], ["stop", [0, 1, 2]], ["atomic", [0, 1, 2]]] as const) {
    const lab = openLab([add], { counters: COUNTERS, bulkConcurrency: 1 });
    const told: number[] = [];
    let pending = 0;
    const outcome = await run(lab, "add", { ids: [1, 2, 3], params: { unless: 2 }, mode }, async ({ index }) => {
      assert.equal(++pending, 1);
      await turn();
      told.push(index);
      pending--;
    });
    assert.deepEqual(told, expected);
    assert.equal(outcome.kind === "bulk" && outcome.items.length, 3);
  }
});

test("Whoever is told of all items and wants none at the end gets the counts, and a repeat its items all the same", async () => {
  const call = (lab: Lab, input: object, idempotencyKey?: string) => {
    const told: unknown[] = [];
    const onItem = ({ outcome }: BulkItem) => void told.push(outcome === "skipped" ? outcome : outcome.kind);
    const done = lab.actions.bulk({ key: "add", identity: NOBODY, input: { ids: [1, 2, 99, 3], params: { unless: 2 }, ...input }, onItem, keepsItems: false, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
    return done.then((outcome) => [told, outcome.kind === "bulk" ? [outcome.items.length, outcome.succeeded, outcome.failed, outcome.skipped, outcome.total] : []] as const);
  };
  const lab = openLab([add], { counters: COUNTERS });
  const [told, counted] = await call(lab, {});
  assert.deepEqual([told.toSorted(), counted], [["failed", "nothing", "nothing", "refused"], [0, 2, 2, 0, 4]]);
  assert.deepEqual(await call(lab, { mode: "stop" }), [["nothing", "refused", "skipped", "skipped"], [0, 1, 1, 2, 4]]);
  assert.deepEqual((await call(lab, { mode: "atomic" }))[1], [4, 0, 2, 2, 4]);
  assert.deepEqual((await call(lab, {}, "key"))[1], [4, 2, 2, 0, 4]);
  assert.deepEqual((await call(lab, {}, "key"))[1], [4, 2, 2, 0, 4]);
});

test("Nobody is told of what a crash could still take back", async () => {
  for (const mode of MODES) {
    const log: string[] = [];
    const lab = openLab([add], {
      counters: COUNTERS,
      wrap: (store) => withMethods(store, { commit: (changes, entries) => (log.push("commit"), store.commit(changes, entries)), durable: async () => (await turn(), void log.push("durable")) }),
      bulkConcurrency: 1,
    });
    await run(lab, "add", { ids: [1, 2], params: { unless: 2 }, mode }, () => void log.push("told"));
    for (const [at, entry] of log.entries()) {
      if (entry === "told") assert.ok(log.slice(0, at).lastIndexOf("durable") > log.slice(0, at).lastIndexOf("commit"), `${mode}: ${log.join(" ")}`);
    }
    assert.equal(log.filter((entry) => entry === "told").length, 2);
  }
});

test("A listener that throws ends the call, once no item is under way any more", async () => {
  for (const mode of MODES) {
    const lab = openLab([add], { counters: COUNTERS });
    await assert.rejects(async () => run(lab, "add", { ids: [1, 2, 3, 4], mode }, () => { throw new Error("listener"); }), /listener/);
    await turn();
    const outcome = await lab.actions.execute({ key: "add", subject: "1", identity: NOBODY });
    assert.equal(outcome.kind, "nothing", "the subject is free");
  }
});

test("A thousand items are done in one call, in every mode", async () => {
  const now = defineAction({ key: "now", label: "Now", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }) });
  const counters = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [index + 1, 0]));
  for (const mode of MODES) {
    const lab = openLab([now], { counters });
    const outcome = await run(lab, "now", { ids: Object.keys(counters), mode });
    assert.equal(outcome.kind === "bulk" && outcome.succeeded, 1000, mode);
    assert.equal(await lab.count(1000), 1);
  }
});
