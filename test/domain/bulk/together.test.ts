import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, defineAction, everyone, integer, type BulkItem, type BulkMode, type RecordStore } from "../../../src/domain/index.ts";
import { CommitTooLarge } from "../../../src/domain/errors.ts";
import { Counter, NOBODY, openLab, overwrite, turn, withMethods, type Lab } from "../lab.ts";

const add = defineAction({
  key: "add",
  label: "Add",
  subject: Counter,
  params: { refuse: integer().optional(), fail: integer().optional() },
  authorize: everyone,
  async handle({ subject, params, subjects }) {
    const next = subjects.put(Counter, { ...subject, count: subject.count + 1 });
    if (subject.id === params.refuse) throw new ActionError("Not this one.");
    if (subject.id === params.fail) throw new Error("hunter2");
    return next;
  },
});

function countersOf(count: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 1, 0]));
}

function idsOf(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

async function run(lab: Lab, key: string, ids: readonly number[], mode: BulkMode, params: object = {}, onItem?: (item: BulkItem) => void): Promise<readonly string[]> {
  const outcome = await lab.actions.bulk({ key, identity: NOBODY, input: { ids, mode, params }, ...(onItem === undefined ? {} : { onItem }) });
  assert.ok(outcome.kind === "bulk");
  return outcome.items.map(({ outcome: each }) => (each === "skipped" ? each : each.kind === "failed" ? each.code : each.kind));
}

/** Which commits reached the store, by how many changes and entries they had, and whether they were kept. */
function watched(store: RecordStore, commits: string[]): RecordStore {
  return withMethods(store, {
    async commit(changes, entries = []) {
      const result = await store.commit(changes, entries);
      commits.push(`${changes.length} ${entries.length} ${result.committed ? "kept" : "not kept"}`);
      return result;
    },
  });
}

for (const mode of ["each", "stop"] as const) {
  test(`Items that wait for nothing are kept many by one commit, their entries in the order of the items, in mode ${mode}`, async () => {
    const commits: string[] = [];
    const lab = openLab([add], { counters: countersOf(300), wrap: (store) => watched(store, commits) });
    assert.deepEqual(await run(lab, "add", idsOf(1, 300), mode), idsOf(1, 300).map(() => "data"));
    assert.deepEqual(commits, ["128 128 kept", "128 128 kept", "44 44 kept"]);
    const { entries } = await lab.store.trail({ limit: 1_000 });
    assert.deepEqual(entries.map(({ value }) => Number(Object(value["subject"]).id)), idsOf(1, 300));
  });

  test(`An item that fails takes nothing from those that are kept with it, in mode ${mode}`, async () => {
    const lab = openLab([add], { counters: countersOf(6) });
    const expected = mode === "each" ? ["data", "refused", "data", "internal_error", "data", "subject_not_found"] : ["data", "refused", "skipped", "skipped", "skipped", "skipped"];
    assert.deepEqual(await run(lab, "add", [1, 2, 3, 4, 5, 77], mode, { refuse: 2, fail: 4 }), expected);
    const counts = await Promise.all([1, 2, 3, 4, 5].map((id) => lab.count(id)));
    assert.deepEqual(counts, mode === "each" ? [1, 0, 1, 0, 1] : [1, 0, 0, 0, 0]);
  });

  test(`Where others were faster the items of that commit are done again on fresh reads, fewer at once and no others, in mode ${mode}`, async () => {
    const commits: string[] = [];
    const disturbed = (store: RecordStore): RecordStore =>
      withMethods(store, {
        async commit(changes, entries) {
          if (commits.length === 1) await overwrite(store, Counter.class, "130", { id: 130, count: 50 });
          return store.commit(changes, entries);
        },
      });
    const lab = openLab([add], { counters: countersOf(200), wrap: (store) => watched(disturbed(store), commits) });
    assert.deepEqual(await run(lab, "add", idsOf(1, 200), mode), idsOf(1, 200).map(() => "data"));
    assert.deepEqual(commits, ["128 128 kept", "72 72 not kept", "64 64 kept", "8 8 kept"]);
    assert.deepEqual(await Promise.all([129, 130, 131].map((id) => lab.count(id))), [1, 51, 1]);
  });
}

test("In mode stop nothing behind the first failure is done, even where its group has to be done again", async () => {
  let left = 1;
  const lab = openLab([add], {
    counters: countersOf(5),
    wrap: (store) =>
      withMethods(store, {
        async commit(changes, entries) {
          if (left-- > 0) await overwrite(store, Counter.class, "2", null);
          return store.commit(changes, entries);
        },
      }),
  });
  assert.deepEqual(await run(lab, "add", [1, 2, 3, 4, 5], "stop"), ["data", "subject_not_found", "skipped", "skipped", "skipped"]);
  assert.deepEqual(await Promise.all([1, 3, 4, 5].map((id) => lab.count(id))), [1, 0, 0, 0]);
});

test("What is too large together is kept in smaller parts", async () => {
  const lab = openLab([add], {
    counters: countersOf(4),
    wrap: (store) =>
      withMethods(store, {
        commit(changes, entries) {
          if (changes.length > 1) throw new CommitTooLarge(2, 1);
          return store.commit(changes, entries);
        },
      }),
  });
  assert.deepEqual(await run(lab, "add", [1, 2, 3, 4], "each"), ["data", "data", "data", "data"]);
  assert.deepEqual(lab.observed, []);
});

test("A store that fails a commit fails the items that it was to keep, and says so once", async () => {
  let commits = 0;
  const lab = openLab([add], { counters: countersOf(200), wrap: (store) => withMethods(store, { commit: (changes, entries) => (++commits === 1 ? Promise.reject(new Error("disk")) : store.commit(changes, entries)) }) });
  const codes = await run(lab, "add", [...idsOf(1, 100), 777, ...idsOf(101, 200)], "each");
  assert.deepEqual(codes.slice(0, 128), [...idsOf(1, 100).map(() => "unavailable"), "subject_not_found", ...idsOf(101, 127).map(() => "unavailable")]);
  assert.ok(codes.slice(128).every((code) => code === "data"));
  assert.deepEqual(lab.observed.map(({ event }) => event), ["store_unavailable"]);
});

test("An item that waits holds up neither those before it nor those behind it, and their subjects are free", async () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const wait = defineAction({
    key: "wait",
    label: "Wait",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      const first = await subjects.get(Counter, 1);
      if (subject.id === 3) await opened;
      subjects.put(Counter, { ...subject, count: (first?.count ?? 0) + 1 });
      return null;
    },
  });
  const lab = openLab([wait, add], { counters: countersOf(5) });
  const told: number[] = [];
  const running = run(lab, "wait", [1, 2, 3, 4, 5], "each", {}, ({ index }) => void told.push(index));
  await turn();
  while (told.length < 4) await turn();
  assert.deepEqual(told, [0, 1, 3, 4]);
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map((id) => lab.count(id))), [1, 2, 0, 2, 2]);
  assert.equal((await lab.actions.execute({ key: "add", subject: "2", identity: NOBODY })).kind, "data");
  open();
  assert.deepEqual(await running, ["nothing", "nothing", "nothing", "nothing", "nothing"]);
  assert.equal(await lab.count(3), 2);
});

test("An item that waited is done again when what was before it could not be kept", async () => {
  let runs = 0;
  const wait = defineAction({
    key: "wait",
    label: "Wait",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      if (subject.id === 3 && ++runs > 0) await turn();
      const second = await subjects.get(Counter, 2);
      return subjects.put(Counter, { ...subject, count: subject.id === 3 ? (second?.count ?? 0) : subject.count + 1 });
    },
  });
  let left = 1;
  const lab = openLab([wait], {
    counters: countersOf(3),
    wrap: (store) =>
      withMethods(store, {
        async commit(changes, entries) {
          if (left-- > 0) await overwrite(store, Counter.class, "2", { id: 2, count: 50 });
          return store.commit(changes, entries);
        },
      }),
  });
  assert.deepEqual(await run(lab, "wait", [1, 2, 3], "each"), ["data", "data", "data"]);
  assert.deepEqual(await Promise.all([1, 2, 3].map((id) => lab.count(id))), [1, 51, runs === 2 ? (await lab.count(3)) : 0]);
  assert.equal(runs, 2);
});

test("Calls whose items all write to one record do next to nothing in vain", async () => {
  const commits: string[] = [];
  let handled = 0;
  /** Takes one from the counter that all have in common. */
  const take = defineAction({
    key: "take",
    label: "Take",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      handled++;
      const first = await subjects.get(Counter, 1);
      if (first === undefined || first.count === 0) throw new ActionError("None is left.");
      subjects.put(Counter, { ...first, count: first.count - 1 });
      subjects.put(Counter, { ...subject, count: subject.count + 1 });
      return null;
    },
  });
  const lab = openLab([take], { counters: { ...countersOf(2_001), 1: 2_000 }, wrap: (store) => watched(store, commits) });
  const calls = Array.from({ length: 20 }, (_, call) => run(lab, "take", idsOf(2 + 100 * call, 101 + 100 * call), "each"));
  for (const codes of await Promise.all(calls)) assert.ok(codes.every((code) => code === "nothing"), codes.join(" "));
  assert.equal(await lab.count(1), 0);
  assert.ok(handled < 1.1 * 2_000, `${handled} executions of 2000 items`);
  assert.ok(commits.filter((commit) => commit.endsWith("not kept")).length <= 2, commits.join(", "));
});
