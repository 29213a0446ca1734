import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitTooLarge } from "../../../src/domain/errors.ts";
import { createIdentity, defineAction, defineSubject, everyone, integer, integerId, standardParams, uuidId, type Identity } from "../../../src/domain/index.ts";
import { Counter, late, NOBODY, openLab, overwrite, turn, untyped, withMethods } from "../lab.ts";

const INTERNAL_ERROR = { kind: "failed", code: "internal_error", message: "Server error." } as const;

test("A put between two reads of one subject that are in flight is not lost", async () => {
  const action = defineAction({
    key: "x",
    label: "X",
    authorize: everyone,
    async handle({ subjects }) {
      const reads = [subjects.get(Counter, 1), subjects.get(Counter, 1)];
      const first = await reads[0];
      subjects.put(Counter, { id: 1, count: (first?.count ?? 0) + 1 });
      await reads[1];
      assert.equal((await subjects.get(Counter, 1))?.count, 1);
      return null;
    },
  });
  const lab = openLab([action], { wrap: late });
  assert.deepEqual(await lab.actions.execute({ key: "x", identity: NOBODY }), { kind: "nothing" });
  assert.equal(await lab.count(1), 1);
});

test("What was made of an older version is not committed over a newer one that was read meanwhile", async () => {
  let tries = 0;
  const action = defineAction({
    key: "x",
    label: "X",
    authorize: everyone,
    async handle({ subjects }) {
      tries++;
      const [one] = await Promise.all([subjects.get(Counter, 1), turn().then(() => subjects.get(Counter, 1))]);
      subjects.put(Counter, { id: 1, count: (one?.count ?? 0) + 1 });
      return null;
    },
  });
  let reads = 0;
  const lab = openLab([action], {
    wrap: (store) =>
      withMethods(store, {
        async read(collection, ids) {
          const isFirst = ++reads === 1;
          await turn();
          const found = await store.read(collection, ids);
          if (isFirst) await overwrite(store, Counter.class, "1", { id: 1, count: 100 });
          if (isFirst) await turn();
          return found;
        },
      }),
  });
  assert.deepEqual(await lab.actions.execute({ key: "x", identity: NOBODY }), { kind: "nothing" });
  assert.equal(await lab.count(1), 101);
  assert.equal(tries, 2);
});

test("IDs that are asked for at once are several, whenever the store answers", async () => {
  const Note = defineSubject({ class: "lab.Note", param: "note", id: uuidId(), title: (note: { readonly id: string }) => note.id });
  const action = defineAction({
    key: "x",
    label: "X",
    authorize: everyone,
    async handle({ subjects }) {
      const ids = await Promise.all([subjects.nextId(Counter), subjects.nextId(Counter), subjects.nextId(Note), subjects.nextId(Counter)]);
      return `${ids[0]} ${ids[1]} ${ids[3]} ${typeof ids[2]}`;
    },
  });
  for (const wrap of [late, undefined]) {
    const lab = openLab([action], wrap === undefined ? {} : { wrap });
    assert.deepEqual(await lab.actions.execute({ key: "x", identity: NOBODY }), { kind: "message", message: "3 4 5 string" });
  }
});

test("A failed search for an ID does not stand in the way of the next", async () => {
  const Text = defineSubject({ class: "lab.Text", param: "text", id: untyped(() => ({ ...integerId(), name: "text" }))(), title: (text: { readonly id: number }) => `${text.id}` });
  const action = defineAction({
    key: "x",
    label: "X",
    authorize: everyone,
    async handle({ subjects }) {
      const [none, id] = await Promise.allSettled([subjects.nextId(Text), subjects.nextId(Counter)]);
      return `${none.status} ${id.status === "fulfilled" ? id.value : id.reason}`;
    },
  });
  const lab = openLab([action], { subjects: [Counter, Text] });
  assert.deepEqual(await lab.actions.execute({ key: "x", identity: NOBODY }), { kind: "message", message: "rejected 3" });
});

test("Two calls on one subject in one Promise.all both succeed, on any store", async () => {
  const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }) });
  for (const wrap of [late, undefined]) {
    const lab = openLab([add], wrap === undefined ? {} : { wrap });
    const calls = Array.from({ length: 20 }, () => lab.actions.execute({ key: "add", subject: "1", identity: NOBODY }));
    for (const outcome of await Promise.all(calls)) assert.equal(outcome.kind, "data");
    assert.equal(await lab.count(1), 20);
  }
});

test("A record that was put as it was is neither written nor told of in the trail", async () => {
  const commits: number[] = [];
  const same = defineAction({ key: "same", label: "Same", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { count: subject.count, id: subject.id }), message: "Done." });
  const lab = openLab([same], { wrap: (store) => withMethods(store, { commit: (changes, entries) => (commits.push(changes.length), store.commit(changes, entries)) }) });
  assert.deepEqual(await lab.actions.execute({ key: "same", subject: "1", identity: NOBODY }), { kind: "data", message: "Done.", data: { id: 1, title: "Counter #1", count: 0 } });
  const { etag: _, ...previewed } = await lab.actions.preview({ key: "same", subject: "1", identity: NOBODY });
  assert.deepEqual(previewed, { kind: "data", message: "Done.", data: { id: 1, title: "Counter #1", count: 0 }, changes: [] });
  assert.deepEqual(commits, []);
  assert.deepEqual((await lab.store.trail({ limit: 9 })).entries, []);
});

test("A title that throws fails a preview as it fails the call", async () => {
  const Odd = defineSubject({ class: "lab.Odd", param: "odd", id: integerId(), title: (): string => { throw new Error("no title"); } });
  const action = defineAction({ key: "x", label: "X", authorize: everyone, handle: ({ subjects }) => (subjects.put(Odd, { id: 1 }), null) });
  const lab = openLab([action], { subjects: [Odd] });
  assert.deepEqual(await lab.actions.preview({ key: "x", identity: NOBODY, requestId: "r" }), INTERNAL_ERROR);
  assert.deepEqual(lab.observed.map(({ event, requestId }) => [event, requestId]), [["internal_error", "r"]]);
});

interface PersonRecord {
  readonly id: number;
  readonly name: string;
}

const PEOPLE: readonly PersonRecord[] = [{ id: 1, name: "Ann" }, { id: 2, name: "Bob" }, { id: 3, name: "Cid" }];

/** Asks a source for one or two people. */
async function greet(source: (ids: readonly string[]) => unknown, subject: string, friends: readonly number[] = []) {
  const Person = defineSubject({ class: "lab.Person", param: "person", id: integerId(), title: (person: PersonRecord) => person.name, source: untyped(() => source)() });
  const action = defineAction({
    key: "greet",
    label: "Greet",
    subject: Person,
    params: { count: integer().optional() },
    authorize: everyone,
    async handle({ subject, subjects }) {
      const others = await subjects.getMany(Person, friends);
      return [subject.name, ...others.map((other) => other?.name ?? "nobody")].join(" ");
    },
  });
  const lab = openLab([action], { subjects: [Person] });
  const outcome = await lab.actions.execute({ key: "greet", subject, identity: NOBODY });
  return { outcome, fault: String(lab.observed[0]?.error ?? "") };
}

test("The answers of a source are matched by their IDs, in whatever order they come, and null is none", async () => {
  const shuffled = (ids: readonly string[]) => [null, ...PEOPLE.toReversed().filter(({ id }) => ids.includes(String(id)))];
  for (const source of [shuffled, async (ids: readonly string[]) => shuffled(ids), (ids: readonly string[]) => ids.map((id) => PEOPLE.find((person) => String(person.id) === id) ?? null)]) {
    const { outcome, fault } = await greet(source, "1", [3, 2, 77, 2]);
    assert.deepEqual([outcome, fault], [{ kind: "message", message: "Ann Cid Bob nobody Bob" }, ""]);
  }
  assert.deepEqual((await greet(() => [], "1")).outcome.kind, "failed");
});

test("A source that answers what it was not asked for is a TypeError that names class and ID", async () => {
  for (const [answer, id] of [[[PEOPLE[1]], "2"], [[{ name: "Ann" }], "undefined"], [[{ id: "x" }], '"x"']] as const) {
    for (const source of [() => answer, async () => answer]) {
      assert.deepEqual(await greet(source, "1"), { outcome: INTERNAL_ERROR, fault: `TypeError: lab.Person: its source answered the ID ${id}, which was not asked for` });
    }
  }
});

const may = (...permissions: readonly string[]): Identity => createIdentity({ kind: "user", id: "u", permissions });

test("A remembered answer is given only to an identity that still holds what authorize() found", async () => {
  const gone = defineAction({ key: "gone", label: "Gone", subject: Counter, authorize: ({ identity }) => identity.can("never") || identity.can("delete"), handle: ({ subject, subjects }) => subjects.delete(Counter, subject.id) });
  const lab = openLab([gone]);
  const call = { key: "gone", subject: "1", idempotencyKey: "k" };
  assert.deepEqual(await lab.actions.execute({ ...call, identity: may("delete", "other") }), { kind: "nothing" });
  assert.deepEqual(await lab.actions.execute({ ...call, identity: may("delete") }), { kind: "nothing", replayed: true });
  assert.deepEqual(await lab.actions.execute({ ...call, identity: may("*") }), { kind: "nothing", replayed: true });
  assert.deepEqual(await lab.actions.execute({ ...call, identity: may("other") }), { kind: "failed", code: "forbidden", message: "You may not do this.", missing: ["delete"] });
});

test("An authorize() that reads the list of permissions may have found any of it", async () => {
  const x = defineAction({ key: "x", label: "X", authorize: ({ identity }) => identity.permissions.includes("a"), handle: () => "Done." });
  const lab = openLab([x]);
  const call = { key: "x", idempotencyKey: "k" };
  await lab.actions.execute({ ...call, identity: may("a", "b") });
  assert.equal((await lab.actions.execute({ ...call, identity: may("b") })).kind, "failed");
});

test("The remembered answer of a bulk call asks for what its items found, in every mode", async () => {
  const add = defineAction({
    key: "add",
    label: "Add",
    subject: Counter,
    authorize: ({ identity, subject }) => identity.can(subject.id === 1 ? "one" : "two"),
    handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }),
  });
  for (const mode of ["each", "stop", "atomic"] as const) {
    const lab = openLab([add]);
    const call = { key: "add", idempotencyKey: mode, input: { ids: [1, 2], mode } };
    const first = await lab.actions.bulk({ ...call, identity: may("one", "two") });
    assert.deepEqual(await lab.actions.bulk({ ...call, identity: may("two", "one") }), { ...first, replayed: true }, mode);
    assert.deepEqual(await lab.actions.bulk({ ...call, identity: may("one") }), { kind: "failed", code: "forbidden", message: "You may not do this.", missing: ["two"] }, mode);
    assert.deepEqual([await lab.count(1), await lab.count(2)], [1, 1]);
  }
});

test("No fingerprint is made of the call of an identity that may not do it", async () => {
  let digests = 0;
  const digest = (text: string) => (digests++, text);
  const x = defineAction({ key: "x", label: "X", authorize: ({ identity }) => identity.can("a"), handle: () => "Done." });
  const lab = openLab([x], { digest });
  const call = { key: "x", idempotencyKey: "k" };
  await lab.actions.execute({ ...call, identity: may() });
  assert.equal(digests, 0);
  await lab.actions.execute({ ...call, identity: may("a") });
  assert.equal(digests, 1);
  await lab.actions.execute({ ...call, identity: may() });
  assert.equal(digests, 1);
});

test("What JSON cannot say is another request under the same key, or no request at all", async () => {
  const x = defineAction({ key: "x", label: "X", params: standardParams({ "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } }, { schema: { type: "object", properties: { when: {} } } }), authorize: everyone, handle: () => "Done." });
  const lab = openLab([x]);
  const call = (when: unknown) => lab.actions.execute({ key: "x", idempotencyKey: "k", params: { when }, identity: NOBODY });
  assert.equal((await call(new Date(0))).kind, "message");
  assert.deepEqual(await call(new Date(0)), { kind: "message", message: "Done.", replayed: true });
  for (const other of [new Date(1), {}, 1n]) assert.equal(Object(await call(other)).code, "idempotency_key_reused");
  assert.deepEqual(await lab.actions.execute({ key: "x", idempotencyKey: "m", params: { when: new Map() }, identity: NOBODY }), INTERNAL_ERROR);
});

test("What is more than one commit can hold is a failure of its own, and not tried again", async () => {
  let commits = 0;
  const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: 1 }) });
  for (const refuse of [() => Promise.reject(new CommitTooLarge(70_000_000, 67_108_864)), () => { throw new CommitTooLarge(70_000_000, 67_108_864); }]) {
    commits = 0;
    const lab = openLab([add], { wrap: (store) => withMethods(store, { commit: () => (commits++, refuse()) }) });
    assert.deepEqual(await lab.actions.execute({ key: "add", subject: "1", identity: NOBODY }), {
      kind: "failed",
      code: "payload_too_large",
      message: "What this call would store is more than one commit can hold. Do it in smaller parts.",
    });
    assert.deepEqual([commits, lab.observed, await lab.count(1)], [1, [], 0]);
  }
});
