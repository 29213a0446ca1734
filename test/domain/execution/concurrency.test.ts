import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, defineAction, everyone, isSuccess, type Outcome, type RecordStore } from "../../../src/domain/index.ts";
import { Counter, late, NOBODY, openLab, overwrite, seeded, turn, withMethods, type Lab } from "../lab.ts";

const CONFLICT: Outcome = { kind: "failed", code: "conflict", message: "Somebody else changed this meanwhile. Try again." };

const add = defineAction({
  key: "add",
  label: "Add",
  subject: Counter,
  authorize: everyone,
  async handle({ subject, subjects }) {
    await turn();
    subjects.put(Counter, { ...subject, count: subject.count + 1 });
    return null;
  },
});
const addNow = defineAction({ key: "add-now", label: "Add", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => (subjects.put(Counter, { ...subject, count: subject.count + 1 }), null) });
const create = defineAction({
  key: "create",
  label: "Create",
  authorize: everyone,
  async handle({ subjects }) {
    await turn();
    const id = await subjects.nextId(Counter);
    await turn();
    return subjects.put(Counter, { id, count: 0 });
  },
});

function times<T>(count: number, call: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => call(index));
}

function on({ actions }: Lab, key: string, subject?: number) {
  return actions.execute(subject === undefined ? { key, identity: NOBODY } : { key, subject: String(subject), identity: NOBODY });
}

for (const [how, wrap] of [["at once", (store: RecordStore) => store], ["late", late]] as const) {
  for (const action of [add, addNow]) {
    test(`100 calls of ${action.key} on one subject are 100 successes, on a store that answers ${how}`, async () => {
      const lab = openLab([action], { wrap });
      const outcomes = await Promise.all(times(100, () => on(lab, action.key, 1)));
      assert.ok(outcomes.every(isSuccess));
      assert.equal(await lab.count(1), 100);
    });
  }

  test(`100 creations at once get 100 IDs, on a store that answers ${how}`, async () => {
    const lab = openLab([create], { wrap, counters: { 1: 0, 7: 0 } });
    const outcomes = await Promise.all(times(100, () => on(lab, "create")));
    const ids = outcomes.map((outcome) => (outcome.kind === "data" ? outcome.data["id"] : outcome));
    assert.deepEqual([...ids].sort((a, b) => Number(a) - Number(b)), times(100, (index) => 8 + index));
  });
}

test("Calls on one subject are served in the order in which they came", async () => {
  const order: number[] = [];
  const note = defineAction({ key: "note", label: "Note", subject: Counter, authorize: everyone, async handle({ subject, subjects }) { await turn(); order.push(subject.count); subjects.put(Counter, { ...subject, count: subject.count + 1 }); return `${subject.count}`; } });
  const lab = openLab([note]);
  const outcomes = await Promise.all(times(20, () => on(lab, "note", 1)));
  assert.deepEqual(outcomes.map((outcome) => (outcome.kind === "message" ? outcome.message : outcome)), times(20, String));
  assert.deepEqual(order, times(20, Number));
});

test("A read action waits for nobody", async () => {
  let finish = () => {};
  const holding = new Promise<void>((resolve) => (finish = resolve));
  const hold = defineAction({ key: "hold", label: "Hold", subject: Counter, authorize: everyone, async handle() { await holding; return null; } });
  const read = defineAction({ key: "read", label: "Read", effect: "read", subject: Counter, authorize: everyone, handle: ({ subject }) => `${subject.count}` });
  const lab = openLab([hold, read]);
  const held = on(lab, "hold", 1);
  assert.deepEqual(await on(lab, "read", 1), { kind: "message", message: "0" });
  finish();
  assert.ok(isSuccess(await held));
});

/** A store in which another process writes counter `id` before each of our first `disturbances` commits. */
function disturbed(disturbances: number, id: string, count: number | null) {
  let left = disturbances;
  return (store: RecordStore) =>
    withMethods(store, {
      async commit(changes, entries) {
        if (left-- > 0) await overwrite(store, Counter.class, id, count === null ? null : { id: Number(id), count: count + left });
        return store.commit(changes, entries);
      },
    });
}

test("What another process changed is read afresh, twice", async () => {
  for (const [disturbances, outcome, count] of [[1, { kind: "nothing" }, 101], [2, { kind: "nothing" }, 101], [3, CONFLICT, 100]] as const) {
    const lab = openLab([add], { wrap: disturbed(disturbances, "1", 100) });
    assert.deepEqual(await on(lab, "add", 1), outcome);
    assert.equal(await lab.count(1), count);
  }
});

test("A subject that another process took away meanwhile is not found", async () => {
  const lab = openLab([add], { wrap: disturbed(1, "1", null) });
  const outcome = await on(lab, "add", 1);
  assert.equal(outcome.kind === "failed" && outcome.code, "subject_not_found");
  assert.equal(await lab.count(1), undefined);
});

test("What a handler only read is checked as well: two rules that look at each other's subject cannot both pass", async () => {
  const leave = defineAction({
    key: "leave",
    label: "Leave",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      const other = await subjects.get(Counter, 3 - subject.id);
      await turn();
      if (other?.count === 0) throw new ActionError("Somebody must stay.");
      subjects.put(Counter, { ...subject, count: 0 });
      return "Left.";
    },
  });
  for (const wrap of [(store: RecordStore) => store, late]) {
    const lab = openLab([leave], { counters: { 1: 1, 2: 1 }, wrap });
    const outcomes = await Promise.all([on(lab, "leave", 1), on(lab, "leave", 2)]);
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ["message", "refused"]);
    assert.equal(Number(await lab.count(1)) + Number(await lab.count(2)), 1);
  }
});

test("What a handler found missing is checked as well", async () => {
  const claim = defineAction({
    key: "claim",
    label: "Claim",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      if ((await subjects.get(Counter, 9)) !== undefined) throw new ActionError("Taken.");
      subjects.put(Counter, { ...subject, count: 9 });
      return "Claimed.";
    },
  });
  const lab = openLab([claim], { wrap: disturbed(1, "9", 0) });
  assert.deepEqual(await on(lab, "claim", 1), { kind: "refused", message: "Taken." });
});

test("A subject that is put without having been read must not exist yet", async () => {
  const blind = defineAction({ key: "blind", label: "Blind", authorize: everyone, handle: ({ subjects }) => subjects.put(Counter, { id: 1, count: 9 }) });
  const lab = openLab([blind]);
  assert.deepEqual(await on(lab, "blind"), CONFLICT);
  assert.equal(await lab.count(1), 0);
});

test("Whatever moves between subjects in whatever order, nothing is lost and nothing locks up", async () => {
  const random = seeded(7);
  const move = defineAction({
    key: "move",
    label: "Move",
    subject: Counter,
    authorize: everyone,
    async handle({ subject, subjects }) {
      const to = 1 + Math.floor(random() * 5);
      for (let wait = Math.floor(random() * 3); wait > 0; wait--) await turn();
      if (to === subject.id) return "Stays.";
      const other = await subjects.get(Counter, to);
      if (other === undefined || subject.count === 0) throw new ActionError("Nothing to move.");
      if (random() < 0.1) throw new Error("breaks");
      subjects.put(Counter, { ...subject, count: subject.count - 1 });
      await turn();
      subjects.put(Counter, { ...other, count: other.count + 1 });
      return "Moved.";
    },
  });
  for (const wrap of [(store: RecordStore) => store, late]) {
    const lab = openLab([move], { counters: { 1: 20, 2: 20, 3: 20, 4: 20, 5: 20 }, wrap });
    const outcomes = await Promise.all(times(300, (index) => on(lab, "move", 1 + (index % 5))));
    const counts = await Promise.all(times(5, (index) => lab.count(index + 1)));
    assert.equal(counts.reduce<number>((sum, count) => sum + Number(count), 0), 100);
    assert.equal(outcomes.filter((outcome) => outcome.kind === "failed" && outcome.code === "conflict").length, 0);
  }
});
