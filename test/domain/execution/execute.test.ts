import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, createIdentity, defineAction, defineSubject, everyone, integer, integerId, isSuccess, reference, text, type Action, type Outcome, type Subjects } from "../../../src/domain/index.ts";
import { Counter, late, NOBODY, NOW, openLab, turn, untyped, withMethods, type LabOptions } from "../lab.ts";

const INTERNAL_ERROR: Outcome = { kind: "failed", code: "internal_error", message: "Server error." };
const UNAVAILABLE: Outcome = { kind: "failed", code: "unavailable", message: "The service is not available right now. Try again later." };

/** Runs one action on counter 1 and answers what became of everything. */
async function runOn(action: Action, options?: LabOptions) {
  const lab = openLab([action], options);
  const outcome = await lab.actions.execute({ key: action.key, subject: "1", identity: NOBODY });
  return { lab, outcome, count: await lab.count(1), events: lab.observed.map(({ event }) => event) };
}

test("Everything is asked in the contract's order, and nothing after the first no", async () => {
  const steps = ["visible", "authorize", "params", "validate", "preconditions", "handle"] as const;
  for (const [failing, expected] of [
    ["visible", "subject_not_found"],
    ["authorize", "forbidden"],
    ["params", "invalid_params"],
    ["validate", "invalid_params"],
    ["preconditions", "refused"],
    ["handle", "refused"],
    ["none", "nothing"],
  ] as const) {
    const asked: string[] = [];
    const ask = (step: string) => {
      asked.push(step);
      return step !== failing;
    };
    const refuse = (step: string) => {
      if (!ask(step)) throw new ActionError("No.");
    };
    const Thing = defineSubject({ class: "lab.Counter", param: "counter", id: integerId(), title: (thing: { readonly id: number }) => `${thing.id}`, visible: () => ask("visible") });
    const action = defineAction({
      key: "ask",
      label: "Ask",
      subject: Thing,
      params: { n: integer() },
      authorize: () => ask("authorize"),
      validate: () => (ask("validate") ? undefined : { n: ["Wrong."] }),
      preconditions: () => refuse("preconditions"),
      handle: () => refuse("handle"),
    });
    const lab = openLab([action], { subjects: [Thing] });
    const outcome = await lab.actions.execute({ key: "ask", subject: "1", params: failing === "params" ? { n: "x" } : { n: 1 }, identity: NOBODY });
    assert.equal("code" in outcome && outcome.code !== undefined ? outcome.code : outcome.kind, expected, failing);
    const reached = failing === "none" ? steps.length : steps.indexOf(failing) + 1;
    assert.deepEqual(asked, steps.slice(0, reached).filter((step) => step !== "params"), failing);
    assert.deepEqual(lab.observed, []);
  }
});

test("A call of plain JavaScript without an identity, or with an ID that is no text, is a TypeError that says what to give, and nothing happens", async () => {
  const { actions, count, observed } = openLab([defineAction({ key: "on", label: "On", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: 9 }) })]);
  const IDENTITY = 'make it by createIdentity({ kind: "user", id, permissions })';
  for (const [wrong, message] of [
    [{ identity: undefined }, `identity must be an object with the method can, not undefined: ${IDENTITY}`],
    [{ identity: null }, `identity must be an object with the method can, not null: ${IDENTITY}`],
    [{ identity: "nancy" }, `identity must be an object with the method can, not a string: ${IDENTITY}`],
    [{ identity: { id: "nancy" } }, `identity must be an object with the method can, not an object: ${IDENTITY}`],
    [{ identity: Promise.resolve(NOBODY) }, `identity must be an object with the method can, not a Promise: ${IDENTITY}`],
    [{ subject: 1 }, "subject must be a text, not a number: String(id), or left out where there is none"],
    [{ subject: null }, "subject must be a text, not null: String(id), or left out where there is none"],
  ] as const) {
    for (const call of [actions.execute, actions.preview]) await assert.rejects(() => Promise.resolve(Reflect.apply(call, undefined, [{ key: "on", subject: "1", identity: NOBODY, ...wrong }])), new TypeError(message));
    if ("identity" in wrong) await assert.rejects(Reflect.apply(actions.bulk, undefined, [{ key: "on", identity: wrong.identity, input: { ids: [1] } }]), new TypeError(message));
  }
  assert.equal(await count(1), 0);
  assert.deepEqual(observed, []);
});

test("What plain JavaScript may take for a refusal, or for a record of the class, is an internal error that names it", async () => {
  const on = { key: "on", label: "On", subject: Counter, authorize: everyone } as const;
  const NOTHING = 'action "on": preconditions() must throw an ActionError when something is not so, and answer nothing, not';
  for (const [preconditions, message] of [
    [untyped(() => false), `${NOTHING} false`],
    [untyped(async () => false), `${NOTHING} false`],
    [untyped(() => new ActionError("No.")), `${NOTHING} an ActionError`],
  ] as const) {
    const { outcome, count, lab } = await runOn(defineAction({ ...on, preconditions, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: 9 }) }));
    assert.deepEqual([outcome, count], [INTERNAL_ERROR, 0]);
    assert.deepEqual(lab.observed.map(({ error }) => error), [new TypeError(message)]);
  }
  for (const [put, message] of [
    [(subjects: Subjects) => Reflect.apply(subjects.put, subjects, [Counter, { id: "1", count: 9 }]), 'lab.Counter: the id of a record must be a number, not the string "1"'],
    [(subjects: Subjects) => Reflect.apply(subjects.put, subjects, ["lab.Counter", { id: 1, count: 9 }]), "subjects takes classes that defineSubject() made, subjects.put(Order, record), not a string"],
  ] as const) {
    const { outcome, count, lab } = await runOn(defineAction({ ...on, handle: ({ subjects }) => put(subjects) }));
    assert.deepEqual([outcome, count], [INTERNAL_ERROR, 0]);
    assert.deepEqual(lab.observed.map(({ error }) => error), [new TypeError(message)]);
  }
});

test("What cannot be located is told before anything is asked", async () => {
  const onCounter = defineAction({ key: "on", label: "On", subject: Counter, authorize: () => assert.fail("asked"), handle: () => null });
  const onNothing = defineAction({ key: "off", label: "Off", authorize: () => assert.fail("asked"), handle: () => null });
  const { actions } = openLab([onCounter, onNothing]);
  for (const [call, code] of [
    [{ key: "no" }, "unknown_action"],
    [{ key: "__proto__" }, "unknown_action"],
    [{ key: "on" }, "subject_required"],
    [{ key: "off", subject: "1" }, "subject_not_accepted"],
    [{ key: "off", subject: "" }, "subject_not_accepted"],
    [{ key: "on", subject: "" }, "subject_not_found"],
    [{ key: "on", subject: "01" }, "subject_not_found"],
    [{ key: "on", subject: "3" }, "subject_not_found"],
  ] as const) {
    const outcome = await actions.execute({ ...call, identity: NOBODY });
    assert.equal(outcome.kind === "failed" && outcome.code, code);
  }
});

test("Handlers, checks and stores may take their time, in any combination", async () => {
  for (const wait of [0, 1, 2, 4, 8, 15]) {
    const maybeLate = <T>(bit: number, value: T) => ((wait & bit) === 0 ? value : turn().then(() => value));
    const action = defineAction({
      key: "add",
      label: "Add",
      subject: Counter,
      authorize: () => maybeLate(1, true),
      preconditions: () => maybeLate(2, undefined),
      handle: ({ subject, subjects }) => maybeLate(4, subjects.put(Counter, { ...subject, count: subject.count + 1 })),
      message: "Added.",
    });
    const { outcome, count } = await runOn(action, (wait & 8) === 0 ? {} : { wrap: late });
    assert.deepEqual(outcome, { kind: "data", message: "Added.", data: { id: 1, title: "Counter #1", count: 1 } });
    assert.equal(count, 1);
  }
});

test("A handler gets its context and nothing else", async () => {
  const identity = createIdentity({ kind: "client", id: "app", permissions: ["a"] });
  const seen: object[] = [];
  const bare = defineAction({ key: "bare", label: "Bare", authorize: (context) => seen.push(context) > 0, handle: (context) => void seen.push(context) });
  const full = defineAction({ key: "full", label: "Full", subject: Counter, authorize: (context) => seen.push(context) > 0, handle: (context) => void seen.push(context) });
  const { actions } = openLab([bare, full]);
  await actions.execute({ key: "bare", identity });
  await actions.execute({ key: "full", subject: "1", identity });
  const inside = ["identity", "newId", "now", "params", "subjects", "workflows"];
  assert.deepEqual(seen.map((context) => Object.keys(context).sort()), [["identity"], inside, ["identity", "subject"], [...inside, "subject"].sort()]);
  assert.equal(Object(seen[1]).now, new Date(NOW).toISOString());
  assert.equal(Object(seen[1]).identity, identity);
});

test("A refusal by authorize() names every permission that was asked for and not held", async () => {
  const action = defineAction({ key: "x", label: "X", authorize: ({ identity }) => identity.can("b") || identity.can("a") || (identity.can("c") && identity.can("d")), handle: () => null });
  const { actions } = openLab([action]);
  const outcome = await actions.execute({ key: "x", identity: createIdentity({ kind: "user", id: "u", permissions: ["c"] }) });
  assert.deepEqual(outcome, { kind: "failed", code: "forbidden", message: "You may not do this.", missing: ["b", "a", "d"] });
});

test("Only true lets anybody in", async () => {
  for (const answer of [1, "yes", {}, null, undefined, 0]) {
    const authorize: () => boolean = untyped(() => answer);
    const { outcome } = await runOn(defineAction({ key: "x", label: "X", subject: Counter, authorize, handle: () => "In." }));
    assert.equal(outcome.kind === "failed" && outcome.code, "forbidden");
  }
});

for (const [how, handle] of [
  ["throws an ActionError", () => { throw new ActionError("No."); }],
  ["throws an error", () => { throw new Error("hunter2"); }],
  ["throws nothing at all", () => { throw undefined; }],
  ["throws a text", () => { throw "hunter2"; }],
  ["throws what looks like a promise", () => { throw Promise.resolve(); }],
] as const) {
  test(`A handler that ${how} leaves nothing behind, at once or later`, async () => {
    const put = (context: { readonly subject: { readonly id: number }; readonly subjects: Subjects }) => context.subjects.put(Counter, { id: context.subject.id, count: 9 });
    const now = defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: (context) => (put(context), handle()) });
    const later = defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: async (context) => (put(context), await turn(), handle()) });
    for (const action of [now, later]) {
      const { outcome, count, events } = await runOn(action);
      assert.equal(count, 0);
      if (how.includes("ActionError")) assert.deepEqual([outcome, events], [{ kind: "refused", message: "No." }, []]);
      else assert.deepEqual([outcome, events], [INTERNAL_ERROR, ["internal_error"]]);
    }
  });
}

test("An ActionError may come from every rule of the action", async () => {
  const refuse = (): never => {
    throw new ActionError("No.", { code: "no", details: [1] });
  };
  for (const rule of ["authorize", "validate", "preconditions", "handle"] as const) {
    const action = defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: () => null, [rule]: refuse });
    assert.deepEqual((await runOn(action)).outcome, { kind: "refused", message: "No.", code: "no", details: [1] });
  }
});

test("An unforeseen failure is observed with its cause, the action and the request, and told to nobody", async () => {
  const error = new Error("hunter2");
  const lab = openLab([defineAction({ key: "x", label: "X", authorize: everyone, handle: () => { throw error; } })]);
  assert.deepEqual(await lab.actions.execute({ key: "x", identity: NOBODY, requestId: "r1" }), INTERNAL_ERROR);
  assert.deepEqual(lab.observed, [{ event: "internal_error", action: "x", error, requestId: "r1" }]);
});

test("An observer that throws harms nobody", async () => {
  const observe = () => {
    throw new Error("log full");
  };
  const { outcome } = await runOn(defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: () => { throw new Error("x"); } }), { observe });
  assert.deepEqual(outcome, INTERNAL_ERROR);
  const broken = await runOn(defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: () => null }), { observe, wrap: (store) => withMethods(store, { read: () => Promise.reject(new Error("x")) }) });
  assert.deepEqual(broken.outcome, UNAVAILABLE);
});

test("Records are frozen all the way down: a change is a new record", async () => {
  const Box = defineSubject({ class: "lab.Box", param: "box", id: integerId(), title: (_box: { readonly id: number; readonly inner: object }) => "Box" });
  const faults: unknown[] = [];
  const attempt = (change: () => unknown) => {
    try {
      change();
    } catch (error) {
      faults.push(error instanceof TypeError);
    }
  };
  const action = defineAction({
    key: "x",
    label: "X",
    authorize: everyone,
    async handle({ subjects }) {
      const put = subjects.put(Box, { id: 1, inner: { list: [1] } });
      attempt(() => Object.assign(put, { id: 2 }));
      const got = await subjects.get(Box, 1);
      const inner: unknown = Object(got)["inner"];
      attempt(() => Object.assign(Object(inner), { list: [] }));
      attempt(() => Object(inner)["list"].push(2));
      return null;
    },
  });
  await openLab([action], { subjects: [Box] }).actions.execute({ key: "x", identity: NOBODY });
  assert.deepEqual(faults, [true, true, true]);
});

test("What the handler keeps of a record after putting it is no way to change it", async () => {
  const box = { id: 1, list: [1] };
  const Box = defineSubject({ class: "lab.Box", param: "box", id: integerId(), title: (_box: { readonly id: number; readonly list: readonly number[] }) => "Box" });
  const action = defineAction({ key: "x", label: "X", authorize: everyone, handle: ({ subjects }) => (subjects.put(Box, box), box.list.push(2), null) });
  const lab = openLab([action], { subjects: [Box] });
  await lab.actions.execute({ key: "x", identity: NOBODY });
  box.list.push(3);
  const [record] = await lab.store.read(Box.class, ["1"]);
  assert.deepEqual(record?.value, { id: 1, list: [1] });
});

test("A change that was not awaited is refused once the handler has returned, and changes nothing", async () => {
  const late: Promise<unknown>[] = [];
  const action = defineAction({
    key: "x",
    label: "X",
    subject: Counter,
    authorize: everyone,
    handle({ subject, subjects }) {
      late.push(turn().then(() => subjects.put(Counter, { ...subject, count: 9 })));
      late.push(turn().then(() => subjects.delete(Counter, 1)));
      late.push(turn().then(() => subjects.nextId(Counter)));
      for (const change of late) change.catch(() => undefined);
      return "Done.";
    },
  });
  const { lab, outcome, count } = await runOn(action);
  assert.deepEqual(outcome, { kind: "message", message: "Done." });
  assert.equal(count, 0);
  for (const [index, result] of (await Promise.allSettled(late)).entries()) {
    const name = index === 2 ? "actionport.sequence lab.Counter" : "lab.Counter 1";
    assert.equal(result.status === "rejected" && result.reason.message, `${name} was changed after the handler had returned; await everything inside it`);
  }
  assert.equal(await lab.count(1), 0);
});

test("A read action that changes something fails, and has changed nothing", async () => {
  for (const handle of [
    ({ subjects }: Context) => void subjects.put(Counter, { id: 1, count: 9 }),
    ({ subjects }: Context) => void subjects.put(Counter, { id: 7, count: 9 }),
    ({ subjects }: Context) => void subjects.delete(Counter, 1),
    async ({ subjects }: Context) => void (await subjects.nextId(Counter)),
  ]) {
    const { outcome, count, lab } = await runOn(defineAction({ key: "x", label: "X", effect: "read", subject: Counter, authorize: everyone, handle }));
    assert.deepEqual(outcome, INTERNAL_ERROR);
    assert.match(String(lab.observed[0]?.error), /action "x" has the effect "read" and changed something/);
    assert.equal(count, 0);
    assert.equal(await lab.count(7), undefined);
  }
});

type Context = { readonly subjects: Subjects };

test("A store that fails is unavailable, wherever it fails, and its cause is for the log", async () => {
  const cause = new Error("disk");
  const add = defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: 1 }) });
  for (const method of ["read", "commit", "durable"] as const) {
    for (const fail of [() => Promise.reject(cause), () => { throw cause; }]) {
      const { outcome, lab, count } = await runOn(add, { wrap: (store) => withMethods(store, { [method]: fail }) });
      assert.deepEqual(outcome, UNAVAILABLE);
      assert.deepEqual(lab.observed, [{ event: "store_unavailable", action: "x", error: cause }]);
      assert.equal(count, method === "durable" ? 1 : 0);
    }
  }
});

test("A store that fails inside the handler is unavailable too, not the handler's fault", async () => {
  const action = defineAction({ key: "x", label: "X", authorize: everyone, async handle({ subjects }) { await subjects.all(Counter); return null; } });
  const lab = openLab([action], { wrap: (store) => withMethods(store, { list: () => Promise.reject(new Error("x")) }) });
  assert.deepEqual(await lab.actions.execute({ key: "x", identity: NOBODY }), UNAVAILABLE);
});

test("After every failure the subject is free for the next", async () => {
  let failing = true;
  const action = defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, async handle({ subject, subjects }) { await turn(); subjects.put(Counter, { ...subject, count: subject.count + 1 }); return null; } });
  for (const method of ["read", "commit", "durable"] as const) {
    failing = true;
    const lab = openLab([action], { wrap: (store) => withMethods(store, { [method]: (...given: never[]) => (failing ? Promise.reject(new Error("x")) : Reflect.apply(store[method], store, given)) }) });
    const call = { key: "x", subject: "1", identity: NOBODY };
    assert.deepEqual(await Promise.all([lab.actions.execute(call), lab.actions.execute(call)]), [UNAVAILABLE, UNAVAILABLE]);
    failing = false;
    assert.ok(isSuccess(await lab.actions.execute(call)));
  }
});

test("Subjects may live elsewhere: read from their source, canonical, and never written", async () => {
  const asked: (readonly string[])[] = [];
  const rows = new Map([["1", { id: 1, name: "Ann", born: new Date(0) }]]);
  const Person = defineSubject({
    class: "lab.Person",
    param: "person",
    id: integerId(),
    title: (person: { readonly id: number; readonly name: string }) => person.name,
    async source(ids) {
      asked.push(ids);
      return ids.map((id) => JSON.parse(JSON.stringify(rows.get(id) ?? null)) ?? undefined);
    },
  });
  const greet = defineAction({ key: "greet", label: "Greet", subject: Person, params: { friend: reference(Person).optional() }, authorize: everyone, handle: ({ subject, params }) => `Hello ${subject.name}${params.friend === undefined ? "" : ` and ${params.friend.name}`}.` });
  const show = defineAction({ key: "show", label: "Show", subject: Person, authorize: everyone, handle: ({ subject }) => subject, message: "Here." });
  const change = defineAction({ key: "change", label: "Change", subject: Person, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Person, subject) });
  const lab = openLab([greet, show, change], { subjects: [Person] });
  const on = (key: string, subject: string, params = {}) => lab.actions.execute({ key, subject, params, identity: NOBODY });
  assert.deepEqual(await on("greet", "1", { friend: 1 }), { kind: "message", message: "Hello Ann and Ann." });
  assert.deepEqual(asked, [["1"]]);
  assert.equal((await on("greet", "2")).kind, "failed");
  assert.deepEqual(await on("show", "1"), { kind: "data", message: "Here.", data: { id: 1, title: "Ann", name: "Ann", born: "1970-01-01T00:00:00.000Z" } });
  assert.deepEqual(await on("change", "1"), INTERNAL_ERROR);
  assert.match(String(lab.observed.at(-1)?.error), /lab.Person lives outside the store and can only be read by ID/);
});

test("A source that fails is unavailable", async () => {
  const Person = defineSubject({ class: "lab.Person", param: "person", id: integerId(), title: () => "", source: () => Promise.reject(new Error("x")) });
  const lab = openLab([defineAction({ key: "x", label: "X", subject: Person, authorize: everyone, handle: () => null })], { subjects: [Person] });
  assert.deepEqual(await lab.actions.execute({ key: "x", subject: "1", identity: NOBODY }), UNAVAILABLE);
});

test("All references of a call are read at once for each class, and each missing one is a fault of its field", async () => {
  const reads: (readonly string[])[] = [];
  const action = defineAction({ key: "x", label: "X", params: { a: reference(Counter), b: reference(Counter), c: reference(Counter), note: text() }, authorize: everyone, handle: ({ params }) => `${params.a.count} ${params.b.count} ${params.c.count}` });
  const lab = openLab([action], { counters: { 1: 10, 2: 20 }, wrap: (store) => withMethods(store, { read: (collection, ids) => (reads.push(ids), store.read(collection, ids)) }) });
  const call = (params: object) => lab.actions.execute({ key: "x", params, identity: NOBODY });
  assert.deepEqual(await call({ a: 1, b: "2", c: 1, note: "" }), { kind: "message", message: "10 20 10" });
  assert.deepEqual(reads, [["1", "2"]]);
  assert.deepEqual(await call({ a: 7, b: 2, c: "8", note: "" }), {
    kind: "failed",
    code: "invalid_params",
    message: "There is no counter with the ID 7. (and 1 more error)",
    errors: { a: ["There is no counter with the ID 7."], c: ["There is no counter with the ID 8."] },
  });
});

test("A title that throws fails the call and keeps nothing, whoever's title it is", async () => {
  const Odd = defineSubject({
    class: "lab.Odd",
    param: "odd",
    id: integerId(),
    title: (): string => {
      throw new Error("no title");
    },
  });
  const action = defineAction({ key: "x", label: "X", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => (subjects.put(Odd, { id: 1 }), subjects.put(Counter, { ...subject, count: 1 }), null) });
  const { outcome, lab, count } = await runOn(action, { subjects: [Counter, Odd] });
  assert.deepEqual(outcome, INTERNAL_ERROR);
  assert.equal(count, 0);
  assert.deepEqual(await lab.store.read(Odd.class, ["1"]), [undefined]);
});

test("A subject that is visible only by a promise is not visible, and is told with its class", async () => {
  const visible: () => boolean = untyped(async () => true);
  const Shy = defineSubject({ class: "lab.Counter", param: "counter", id: integerId(), title: () => "", visible });
  const lab = openLab([defineAction({ key: "x", label: "X", subject: Shy, authorize: everyone, handle: () => "Seen." })], { subjects: [Shy] });
  const outcome = await lab.actions.execute({ key: "x", subject: "1", identity: NOBODY });
  assert.deepEqual(outcome, INTERNAL_ERROR);
  assert.deepEqual(lab.observed.map(({ error }) => String(error)), ['TypeError: subject class "lab.Counter": visible() must answer true or false at once, not a promise']);
});

for (const [option, value, message] of [
  ["maxBulkIds", 0, "maxBulkIds must be a whole number from 1 to 1000000, not 0"],
  ["maxBulkIds", 1.5, "maxBulkIds must be a whole number from 1 to 1000000, not 1.5"],
  ["bulkConcurrency", 101, "bulkConcurrency must be a whole number from 1 to 100, not 101"],
  ["idempotencyRetentionSeconds", Number.NaN, "idempotencyRetentionSeconds must be a whole number from 1 to 31622400, not NaN"],
  ["auditRetentionSeconds", 0, "auditRetentionSeconds must be a whole number from 1 to 3162240000, not 0"],
] as const) {
  test(`At start-up ${option} ${value} is refused`, () => {
    assert.throws(() => openLab([], { [option]: value }), new TypeError(message));
  });
}

for (const [option, port, message] of [
  ["clock", undefined, "clock must be a function that answers epoch milliseconds: Date.now"],
  ["clock", () => new Date(0).toISOString(), "clock must be a function that answers epoch milliseconds: Date.now"],
  ["newId", "id", "newId must be a function that answers a fresh ID: crypto.randomUUID"],
  ["newId", () => 7, "newId must be a function that answers a fresh ID: crypto.randomUUID"],
] as const) {
  test(`At start-up ${option} as ${typeof port === "function" ? `a function that answers ${JSON.stringify(port())}` : port} is refused`, () => {
    assert.throws(() => openLab([], { [option]: port }), new TypeError(message));
  });
}
