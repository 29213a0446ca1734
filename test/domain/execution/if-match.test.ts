import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ActionError, createActions, createCatalog, createIdentity, defineAction, defineSubject, everyone, integer, integerId, reference, text, uuidId, type Action, type Outcome, type RecordStore } from "../../../src/domain/index.ts";
import { Counter, late, NOBODY, openLab, overwrite, withMethods, type CounterRecord, type Lab, type LabOptions } from "../lab.ts";

const CHANGED = { kind: "failed", code: "precondition_failed", message: "What was seen has changed meanwhile, and nothing was done. Look again before you decide." };
const call = { key: "add", subject: "1", params: { by: 2 }, identity: NOBODY } as const;

const add = defineAction({
  key: "add",
  label: "Add",
  subject: Counter,
  params: { by: integer({ min: 1 }), note: text().optional() },
  authorize: ({ identity, subject }) => subject.count < 1000 || identity.can("much"),
  preconditions: ({ subject }) => {
    if (subject.count === 13) throw new ActionError("Thirteen.");
  },
  handle: ({ subject, params, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + params.by }),
});

async function seen(lab: Lab, more: object = {}): Promise<string> {
  const { etag } = await lab.actions.preview({ ...call, ...more });
  assert.match(etag ?? "", /^[0-9a-f]{64}$/);
  return etag ?? "";
}
const set = (lab: Lab, id: number, count: number) => overwrite(lab.store, Counter.class, String(id), { id, count });

test("What was seen is done, once", async () => {
  const lab = openLab([add]);
  const ifMatch = await seen(lab);
  assert.equal(await seen(lab), ifMatch, "a preview changes nothing, so the next one sees the same");
  assert.equal((await lab.actions.execute({ ...call, ifMatch })).kind, "data");
  assert.deepEqual(await lab.actions.execute({ ...call, ifMatch }), CHANGED);
  assert.equal(await lab.count(1), 2);
});

test("What is no longer as it was seen is not done, though it may be the same again", async () => {
  const lab = openLab([add]);
  const ifMatch = await seen(lab);
  await set(lab, 1, 5);
  await set(lab, 1, 0);
  assert.deepEqual(await lab.actions.execute({ ...call, ifMatch }), CHANGED);
  assert.equal(await lab.count(1), 0);
});

test("What nobody has seen is not done: any other text", async () => {
  const lab = openLab([add]);
  for (const ifMatch of ["", "*", "x", (await seen(lab)).toUpperCase(), `"${await seen(lab)}"`]) assert.deepEqual(await lab.actions.execute({ ...call, ifMatch }), CHANGED);
  assert.equal(await lab.count(1), 0);
});

test("It is bound to the action, the subject, the parameters and the identity", async () => {
  const same = defineAction({ key: "same", label: "Same", subject: Counter, params: { by: integer(), note: text().optional() }, authorize: everyone, handle: ({ subject, params, subjects }) => subjects.put(Counter, { ...subject, count: params.by }) });
  const lab = openLab([add, same]);
  const ifMatch = await seen(lab);
  const other = createIdentity({ kind: "client", id: NOBODY.id, permissions: [] });
  for (const change of [{ key: "same" }, { subject: "2" }, { params: { by: 3 } }, { params: { by: 2, note: "" } }, { identity: other }]) {
    assert.deepEqual(await lab.actions.execute({ ...call, ...change, ifMatch }), CHANGED, JSON.stringify(change));
  }
  assert.equal((await lab.actions.execute({ ...call, params: { note: undefined, by: 2 }, ifMatch })).kind, "data", "what says the same is the same");
});

test("The platform's digest is asked first, so that a megabyte of parameters holds up nobody", async () => {
  const lengths: number[] = [];
  const lab = openLab([add], { digest: (given) => (lengths.push(given.length), createHash("sha256").update(given).digest("hex")) });
  const ifMatch = await seen(lab, { params: { by: 2, note: "x".repeat(1_000_000) } });
  assert.deepEqual(lengths.map((length) => length > 1_000_000), [true]);
  assert.deepEqual(await lab.actions.execute({ ...call, params: { by: 2, note: `${"x".repeat(999_999)}y` }, ifMatch }), CHANGED);
  assert.equal((await lab.actions.execute({ ...call, params: { by: 2, note: "x".repeat(1_000_000) }, ifMatch })).kind, "data");
});

test("The time and the identity's permissions are no part of it", async () => {
  let now = 0;
  const lab = openLab([add], { clock: () => ++now });
  const ifMatch = await seen(lab);
  const mighty = createIdentity({ kind: NOBODY.kind, id: NOBODY.id, permissions: ["much"] });
  assert.equal((await lab.actions.execute({ ...call, identity: mighty, ifMatch })).kind, "data");
});

test("Every record that was read counts: got, got among many, referred to, and found missing; but none that was listed or not read", async () => {
  const watch = defineAction({
    key: "add",
    label: "Add",
    subject: Counter,
    params: { by: integer(), like: reference(Counter).default(2) },
    authorize: everyone,
    async handle({ subject, subjects }) {
      await subjects.get(Counter, 3);
      await subjects.getMany(Counter, [4, 5, 6]);
      await subjects.all(Counter);
      return subjects.put(Counter, { ...subject, count: 1 });
    },
  });
  const open = () => openLab([watch], { counters: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 7: 0 } });
  for (const id of [1, 2, 3, 4, 5, 6]) {
    const lab = open();
    const ifMatch = await seen(lab);
    await set(lab, id, 9);
    assert.deepEqual(await lab.actions.execute({ ...call, ifMatch }), CHANGED, `${id}`);
  }
  for (const id of [7, 8]) {
    const lab = open();
    const ifMatch = await seen(lab);
    await set(lab, id, 9);
    assert.equal((await lab.actions.execute({ ...call, ifMatch })).kind, "data", `${id}`);
  }
});

const Ticket = defineSubject({ class: "lab.Ticket", param: "ticket", id: uuidId(), title: (ticket: { readonly id: string }) => ticket.id });
const open = defineAction({
  key: "open",
  label: "Open",
  authorize: everyone,
  async handle({ subjects, newId }) {
    const id = await subjects.nextId(Counter);
    subjects.put(Ticket, { id: newId() });
    return subjects.put(Counter, { id, count: 0 });
  },
});

test("Fresh IDs are no part of it: what makes something new is done although others made more meanwhile", async () => {
  const lab = openLab([open], { subjects: [Counter, Ticket] });
  const asked = { key: "open", identity: NOBODY };
  for (const made of [3, 5, 7]) {
    const { etag = "" } = await lab.actions.preview(asked);
    const other = await lab.actions.execute(asked);
    assert.deepEqual(other.kind === "data" && other.data["id"], made);
    const mine = await lab.actions.execute({ ...asked, ifMatch: etag });
    assert.deepEqual(mine.kind === "data" && mine.data["id"], made + 1);
  }
});

test("Who may not, what is not there, and wrong parameters are told as ever; what the action itself refuses now is what nobody has seen", async () => {
  const told = async (count: number | null, params: unknown = call.params): Promise<Outcome> => {
    const lab = openLab([add]);
    const ifMatch = await seen(lab);
    if (count === null) await overwrite(lab.store, Counter.class, "1", null);
    else await set(lab, 1, count);
    return lab.actions.execute({ ...call, params, ifMatch });
  };
  const codeOf = (outcome: Outcome) => (outcome.kind === "failed" ? outcome.code : outcome.kind);
  assert.equal(codeOf(await told(null)), "subject_not_found");
  assert.equal(codeOf(await told(1000)), "forbidden");
  assert.equal(codeOf(await told(1, { by: 0 })), "invalid_params");
  assert.equal(codeOf(await told(13)), "precondition_failed");
});

test("A preview that would not succeed has no ETag, nor has one in a bulk call", async () => {
  const lab = openLab([add], { counters: { 1: 13, 2: 0 } });
  assert.deepEqual(await lab.actions.preview(call), { kind: "refused", message: "Thirteen." });
  const bulk = await lab.actions.bulk({ key: "add", identity: NOBODY, input: { ids: [2], params: { by: 1 }, preview: true } });
  assert.ok(bulk.kind === "bulk");
  assert.equal("etag" in Object(bulk.items[0]?.outcome), false);
});

test("What was not done leaves nothing: no entry, no remembered answer, and a repeat may do it", async () => {
  const lab = openLab([add]);
  const auditor = createIdentity({ kind: "user", id: "auditor", permissions: ["view_audit"] });
  const old = await seen(lab);
  await set(lab, 1, 5);
  assert.deepEqual(await lab.actions.execute({ ...call, ifMatch: old, idempotencyKey: "k" }), CHANGED);
  const trail = await lab.actions.audit(auditor);
  assert.deepEqual(trail.kind === "page" && trail.data, []);
  assert.equal((await lab.actions.execute({ ...call, ifMatch: await seen(lab), idempotencyKey: "k" })).kind, "data");
});

test("A repeat with its idempotency key gets the first answer, although its own effect changed what was seen", async () => {
  const lab = openLab([add]);
  const asked = { ...call, ifMatch: await seen(lab), idempotencyKey: "k" };
  const first = await lab.actions.execute(asked);
  assert.equal(first.kind, "data");
  assert.deepEqual(await lab.actions.execute(asked), { ...first, replayed: true });
  assert.equal(await lab.count(1), 2);
});

test("What is read of a source is compared by what it says", async () => {
  let name = "Ada";
  const Person = defineSubject({ class: "hr.Person", param: "person", id: integerId(), title: (person: { readonly id: number; readonly name: string }) => person.name, source: (ids) => ids.map((id) => ({ id: Number(id), name })) });
  const greet = defineAction({ key: "greet", label: "Greet", subject: Person, authorize: everyone, handle: ({ subject }) => `Hello ${subject.name}.` });
  const { actions } = openLab([greet], { subjects: [Person] });
  const asked = { key: "greet", subject: "1", identity: NOBODY };
  const { etag = "" } = await actions.preview(asked);
  assert.deepEqual(await actions.execute({ ...asked, ifMatch: etag }), { kind: "message", message: "Hello Ada." });
  name = "Grace";
  assert.deepEqual(await actions.execute({ ...asked, ifMatch: etag }), CHANGED);
});

test("Somebody of another process who writes between the reads and the commit makes it a 412 and not an overwriting", async () => {
  const other = createInterruption();
  const lab = openLab([add], { wrap: other.wrap });
  const ifMatch = await seen(lab);
  other.write = () => set(lab, 1, 40);
  assert.deepEqual(await lab.actions.execute({ ...call, ifMatch }), CHANGED);
  assert.equal(await lab.count(1), 40);
});

test("so does a change of what was only read", async () => {
  const copy = defineAction({
    key: "add",
    label: "Copy",
    subject: Counter,
    params: { by: integer() },
    authorize: everyone,
    async handle({ subject, subjects }) {
      const other: CounterRecord | undefined = await subjects.get(Counter, 2);
      return subjects.put(Counter, { ...subject, count: (other?.count ?? 0) + 1 });
    },
  });
  const other = createInterruption();
  const lab = openLab([copy], { wrap: other.wrap });
  const ifMatch = await seen(lab);
  other.write = () => set(lab, 2, 40);
  assert.deepEqual(await lab.actions.execute({ ...call, ifMatch }), CHANGED);
  assert.equal(await lab.count(1), 0);
});

/** Somebody else who writes right before the next commit, once it is said what. */
function createInterruption() {
  const interruption: { write: (() => Promise<void>) | null; readonly wrap: NonNullable<LabOptions["wrap"]> } = {
    write: null,
    wrap: (store) =>
      withMethods(store, {
        async commit(changes, entries) {
          const { write } = interruption;
          interruption.write = null;
          await write?.();
          return store.commit(changes, entries);
        },
      }),
  };
  return interruption;
}

/** Each writer looks, then acts on what it saw, on a pair of records of which one is only read. */
async function crowd(store: RecordStore, actionsOf: (action: Action) => ReturnType<typeof createActions>): Promise<void> {
  void (await store.commit([1, 2].map((id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0 } }))));
  const done: { readonly seen: unknown; readonly was: unknown }[] = [];
  const move = defineAction({
    key: "add",
    label: "Move",
    subject: Counter,
    params: { by: integer() },
    authorize: everyone,
    async handle({ subject, subjects }) {
      const other = await subjects.get(Counter, 3 - subject.id);
      subjects.put(Counter, { ...subject, count: subject.count + 1 });
      return `${subject.count} ${other?.count ?? 0}`;
    },
  });
  const actions = actionsOf(move);
  const messageOf = (outcome: Outcome) => (outcome.kind === "message" ? outcome.message : null);
  const write = async (n: number) => {
    for (let tries = 0; tries < 6; tries++) {
      const asked = { ...call, subject: String(1 + ((n + tries) % 2)) };
      const { etag, ...previewed } = await actions.preview(asked);
      if (n % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
      const outcome = await actions.execute({ ...asked, ifMatch: etag });
      if (outcome.kind === "failed") assert.ok(outcome.code === "precondition_failed" || outcome.code === "conflict", outcome.code);
      else done.push({ seen: messageOf(previewed), was: messageOf(outcome) });
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, n) => write(n)));
  assert.ok(done.length > 0);
  for (const { seen: before, was } of done) assert.equal(was, before, "done on what was not seen");
  const records = await store.read(Counter.class, ["1", "2"]);
  assert.equal(records.reduce((sum, record) => sum + Number(record?.value["count"]), 0), done.length, "every success has had its effect, and nothing else has");
}

const shared = { clock: Date.now, newId: () => crypto.randomUUID() };
const onStore = (store: RecordStore) => crowd(store, (action) => createActions({ ...shared, store, catalog: createCatalog({ actions: [action], subjects: [Counter] }) }));

test("64 writers never succeed on what they did not see: in memory", () => onStore(createMemoryStore({ clock: Date.now })));

test("64 writers never succeed on what they did not see: on a store that answers late", () => onStore(late(createMemoryStore({ clock: Date.now }))));

test("64 writers never succeed on what they did not see: two processes, which know nothing of each other's turns", () => {
  const store = late(createMemoryStore({ clock: Date.now }));
  return crowd(store, (action) => {
    const [one, two] = [1, 2].map(() => createActions({ ...shared, store, catalog: createCatalog({ actions: [action], subjects: [Counter] }) }));
    let n = 0;
    assert.ok(one !== undefined && two !== undefined);
    return { ...one, execute: (asked) => (n++ % 2 === 0 ? one : two).execute(asked) };
  });
});

test("64 writers never succeed on what they did not see: on files", async () => {
  const directory = await mkdtemp(join(tmpdir(), "actionport-if-match-"));
  const store = await openFileStore({ directory, clock: Date.now });
  try {
    await onStore(store);
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
});
