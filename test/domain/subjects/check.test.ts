import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, createIdentity, defineAction, defineSubject, everyone, integer, integerId, text, type Action, type ActionCheck, type Identity, type SubjectClass, type Subjects } from "../../../src/domain/index.ts";
import { createNodeTimer } from "../../../src/adapters/node-timer/index.ts";
import { openLab, overwrite, turn, withMethods, type LabOptions } from "../lab.ts";

interface BoxRecord {
  readonly id: number;
  readonly count: number;
}
const READER = createIdentity({ kind: "user", id: "reader", permissions: ["read"] });
const Box = defineSubject({ class: "lab.Box", param: "box", id: integerId(), title: (box: BoxRecord) => `Box #${box.id}`, read: ({ identity }) => identity.can("read") });

function openBoxes(actions: readonly Action[], options: LabOptions = {}, subjects: readonly SubjectClass[] = [Box]) {
  const lab = openLab(actions, { subjects, ...options });
  void lab.store.commit([1, 2].map((id) => ({ kind: "put", collection: Box.class, id: String(id), basedOn: 0, value: { id, count: id * 10 } })));
  const check = async (id = "1"): Promise<readonly ActionCheck[]> => {
    const found = await lab.actions.subjects.check(READER, Box.class, id);
    assert.ok(found.kind === "subject", JSON.stringify(found));
    return found.actions;
  };
  return { ...lab, check };
}

/** The parts of an action that are asked. */
interface Asked {
  readonly key?: string;
  readonly authorize?: (context: { readonly subject: BoxRecord; readonly identity: Identity }) => boolean;
  readonly preconditions?: (context: { readonly subject: BoxRecord; readonly subjects: Subjects }) => void | Promise<void>;
}
const act = ({ key = "act", ...asked }: Asked) => defineAction({ key, label: "Act", subject: Box, authorize: everyone, handle: () => assert.fail("handle() was called"), ...asked });
const ALLOWED = { key: "act", label: "Act", effect: "write", allowed: true };
const refused = (message: string) => ({ key: "act", label: "Act", effect: "write", allowed: false, code: "refused", message });

test("An action without conditions is allowed, and its handle is not called", async () => {
  const { check } = openBoxes([act({})]);
  assert.deepEqual(await check(), [ALLOWED]);
});

test("Actions come in the order of their keys, and those on other classes not at all", async () => {
  const Other = defineSubject({ class: "lab.Other", param: "other", id: integerId(), title: () => "Other" });
  const other = defineAction({ key: "b", label: "B", subject: Other, authorize: everyone, handle: () => undefined });
  const none = defineAction({ key: "c", label: "C", authorize: everyone, handle: () => undefined });
  const { check } = openBoxes([act({ key: "z" }), other, none, act({ key: "a" })], {}, [Box, Other]);
  assert.deepEqual((await check()).map(({ key }) => key), ["a", "z"]);
});

test("authorize() is asked with the subject and the identity; what it refuses is forbidden, before any precondition", async () => {
  const action = act({ authorize: ({ subject, identity }) => subject.id === 2 && identity.can("read"), preconditions: ({ subject }) => void assert.equal(subject.id, 2) });
  const { check, observed } = openBoxes([action]);
  assert.deepEqual(await check("1"), [{ key: "act", label: "Act", effect: "write", allowed: false, code: "forbidden", message: "You may not do this." }]);
  assert.deepEqual(await check("2"), [ALLOWED]);
  assert.deepEqual(observed, []);
});

test("Preconditions refuse in their own words, whatever code the action gives", async () => {
  const { check } = openBoxes([act({ preconditions: ({ subject: { id, count } }) => Promise.reject(new ActionError(`Box #${id} has ${count}.`, { code: "full" })) })]);
  assert.deepEqual(await check(), [refused("Box #1 has 10.")]);
});

test("Preconditions read other subjects, and what they change is not kept", async () => {
  const action = act({
    async preconditions({ subject, subjects }) {
      const other = await subjects.get(Box, 2);
      subjects.put(Box, { ...subject, count: 99 });
      if (other?.count === 20) throw new ActionError("Box #2 has 20.");
    },
  });
  const { check, store } = openBoxes([action]);
  assert.deepEqual(await check(), [refused("Box #2 has 20.")]);
  assert.equal((await store.read(Box.class, ["1"]))[0]?.value["count"], 10);
});

test("Parameters that may be left out have their defaults", async () => {
  const action = defineAction({
    key: "act",
    label: "Act",
    subject: Box,
    params: { count: integer().default(7), note: text().optional() },
    authorize: everyone,
    preconditions: ({ params }) => {
      throw new ActionError(JSON.stringify(params));
    },
    handle: () => undefined,
  });
  assert.deepEqual(await openBoxes([action]).check(), [refused('{"count":7}')]);
});

const withRequired = (preconditions: (context: { readonly params: { readonly count: number }; readonly subject: BoxRecord }) => void | Promise<void>) =>
  defineAction({ key: "act", label: "Act", subject: Box, params: { count: integer() }, authorize: everyone, validate: () => assert.fail("validate() was called"), preconditions, handle: () => undefined });

test("Where parameters must be given, preconditions count as far as they do not look at them", async () => {
  const looksAtSubject = withRequired(({ subject }) => {
    if (subject.count === 10) throw new ActionError("It has ten.");
  });
  const { check, observed } = openBoxes([looksAtSubject]);
  assert.deepEqual(await check("1"), [refused("It has ten.")]);
  assert.deepEqual(await check("2"), [ALLOWED]);
  assert.deepEqual(observed, []);
});

test("what they would say of a parameter stays open, however they look at it", async () => {
  const looks: readonly ((params: { readonly count: number }) => unknown)[] = [({ count }) => count, (params) => "count" in params, (params) => Object.keys(params), (params) => ({ ...params }), (params) => JSON.stringify(params)];
  for (const look of looks) {
    const says = (params: { readonly count: number }) => {
      throw new ActionError(`No: ${String(look(params))}`);
    };
    for (const preconditions of [({ params }: { readonly params: { readonly count: number } }) => says(params), async ({ params }: { readonly params: { readonly count: number } }) => says(params)]) {
      const { check, observed } = openBoxes([withRequired(preconditions)]);
      assert.deepEqual(await check(), [ALLOWED]);
      assert.deepEqual(observed, []);
    }
  }
});

test("A function that fails is told of with the action's key, and what it guards is refused as it would be", async () => {
  for (const part of [{ authorize: () => assert.fail("broken") }, { preconditions: () => assert.fail("broken") }]) {
    const { check, observed } = openBoxes([act(part), act({ key: "other" })]);
    assert.deepEqual(await check(), [refused("Server error."), { ...ALLOWED, key: "other" }]);
    assert.deepEqual(observed.map(({ event, action }) => [event, action]), [["internal_error", "act"]]);
  }
});

test("A store that fails meanwhile makes the whole answer unavailable", async () => {
  const action = act({ preconditions: async ({ subjects }) => void (await subjects.get(Box, 2)) });
  const wrap: LabOptions["wrap"] = (store) => ({
    read: (collection, ids) => (ids[0] === "2" ? Promise.reject(new Error("down")) : store.read(collection, ids)),
    list: (...asked) => store.list(...asked),
    commit: (...asked) => store.commit(...asked),
    trail: (...asked) => store.trail(...asked),
    durable: () => store.durable(),
  });
  const { actions, observed } = openBoxes([action], { wrap });
  const found = await actions.subjects.check(READER, Box.class, "1");
  assert.deepEqual(found, { kind: "failed", code: "unavailable", message: "The service is not available right now. Try again later." });
  assert.deepEqual(observed.map(({ event }) => event), ["store_unavailable"]);
});

test("so it does while others have their turn, and a process that takes unhandled rejections for its end lives on", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on("unhandledRejection", note);
  try {
    let now = 0;
    const clock = () => now++;
    const actions = ["a", "b", "c"].map((key) => act({ key, preconditions: async ({ subjects }) => void (await subjects.get(Box, 2)) }));
    const wrap: LabOptions["wrap"] = (store) => withMethods(store, { read: (collection, ids) => (ids[0] === "2" ? Promise.reject(new Error("down")) : store.read(collection, ids)) });
    const lab = openBoxes(actions, { wrap, clock, timer: createNodeTimer({ clock }), sliceMs: 1, handlerTimeoutMs: 86_400_000 });
    const found = await lab.actions.subjects.check(READER, Box.class, "1");
    assert.equal(found.kind === "failed" && found.code, "unavailable");
    await turn();
    assert.deepEqual(unhandled, []);
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("Preconditions have the action's time and no more, and hold up no others", async () => {
  let wake: (() => void) | null = null;
  let now = 0;
  const timer = (_at: number, due: () => void) => ((wake = due), () => undefined);
  const options = { timer, clock: () => now, handlerTimeoutMs: 1000 };
  const asked = new Promise<void>((resolve) => {
    const hangs = act({ preconditions: () => (resolve(), new Promise<void>(() => undefined)) });
    void Promise.resolve().then(() => run(hangs));
  });
  let answer: Promise<readonly ActionCheck[]> | undefined;
  function run(action: Action) {
    answer = openBoxes([action, act({ key: "other" })], options).check();
  }
  await asked;
  now = 1000;
  for (let at = 0; at < 10; at++) {
    await new Promise((resolve) => setImmediate(resolve));
    const due: (() => void) | null = wake;
    wake = null;
    if (due !== null) Reflect.apply(due, undefined, []);
  }
  assert.deepEqual(await answer, [refused("The action did not end in its time, and nothing of it took effect. Try again later."), { ...ALLOWED, key: "other" }]);
});

test("All actions are asked about the subject as it was read once", async () => {
  const counts: number[] = [];
  const lab = openBoxes([
    act({ key: "a", preconditions: async ({ subject }) => (counts.push(subject.count), overwrite(lab.store, Box.class, "1", { id: 1, count: 11 })) }),
    act({ key: "b", preconditions: ({ subject }) => void counts.push(subject.count) }),
  ]);
  const found = await lab.actions.subjects.check(READER, Box.class, "1");
  assert.deepEqual(found.kind === "subject" && found.data, { id: 1, title: "Box #1", count: 10 });
  assert.deepEqual(counts, [10, 10]);
});

test("get() answers the subject alone, to those who may read", async () => {
  const { actions } = openBoxes([act({ authorize: () => assert.fail("nobody asked") })]);
  assert.deepEqual(await actions.subjects.get(READER, Box.class, "2"), { kind: "subject", data: { id: 2, title: "Box #2", count: 20 } });
  assert.deepEqual(await actions.subjects.get(READER, Box.class, "3"), { kind: "failed", code: "subject_not_found", message: "There is no such subject." });
  const stranger = createIdentity({ kind: "user", id: "stranger", permissions: [] });
  assert.deepEqual(await actions.subjects.get(stranger, Box.class, "2"), { kind: "failed", code: "not_found", message: "There is nothing here." });
  assert.deepEqual(await actions.subjects.get(READER, "lab.Nothing", "2"), { kind: "failed", code: "not_found", message: "There is nothing here." });
});
