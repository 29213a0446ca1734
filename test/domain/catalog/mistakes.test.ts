import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createActions, createCatalog, defineAction, defineSubject, everyone, integerId, type ActionsOptions } from "../../../src/domain/index.ts";
import { Counter, NOBODY, openLab } from "../lab.ts";

type Definition = Parameters<typeof defineAction>[0];
type ClassDefinition = Parameters<typeof defineSubject>[0];

/** As plain JavaScript may give it. */
function untyped<T>(value: object): T {
  // What is tested is what the types refuse.
  return value as T;
}

const a = { key: "a", label: "A", authorize: everyone, handle: () => null };

test("What plain JavaScript gets wrong of an action is a TypeError that names action, option and remedy", () => {
  for (const [wrong, message] of [
    [{ handle: undefined }, "handle is missing; give it the function that does it: handle({ subject, params, subjects }) { … }"],
    [{ label: undefined }, 'label is missing; give it a text for people: label: "Approve order"'],
    [{ effect: "delete" }, 'effect must be "read", "write" or "destructive", not "delete"'],
    [{ returns: ["number"] }, 'returns must name rows of the result table (message, data, workflow, nothing), not "number"'],
    [{ returns: "message" }, 'returns must be a list: ["message"]'],
    [{ validate: true }, "validate must be a function, or left out"],
    [{ preconditions: {} }, "preconditions must be a function, or left out"],
    [{ message: 5 }, "message must be a text or a function of the result: (result) => `…`"],
  ] as const) {
    assert.throws(() => defineAction(untyped<Definition>({ ...a, ...wrong })), new TypeError(`action "a": ${message}`));
  }
});

test("What plain JavaScript gets wrong of a subject class is a TypeError that names class, option and remedy", () => {
  const shared = { class: "lab.Thing", param: "thing", id: integerId(), title: () => "" };
  for (const [wrong, message] of [
    [{ title: undefined }, "title is missing; say what people call one: title: (record) => `… #${record.id}`"],
    [{ visible: true }, "visible must be a function that answers a boolean: ({ identity, record }) => …"],
    [{ source: "people" }, "source must be a function: (ids) => records"],
  ] as const) {
    assert.throws(() => defineSubject(untyped<ClassDefinition>({ ...shared, ...wrong })), new TypeError(`subject class "lab.Thing": ${message}`));
  }
});

test("A port that is none is refused when the application starts", () => {
  const options: ActionsOptions = { catalog: createCatalog({ actions: [], subjects: [] }), store: createMemoryStore({ clock: () => 0 }), clock: () => 0, newId: () => "1" };
  const store = "store must be a RecordStore, which has read, list, commit, trail and durable: await openFileStore({ … }), or createMemoryStore()";
  for (const [wrong, message] of [
    [{ store: new Map() }, store],
    [{ store: undefined }, store],
    [{ catalog: [] }, "catalog must be made by createCatalog()"],
    [{ clock: undefined }, "clock must be a function that answers epoch milliseconds: Date.now"],
    [{ observe: "log" }, "observe must be a function, not string"],
    [{ timer: "timer" }, "timer must be a function, not string"],
  ] as const) {
    assert.throws(() => createActions(untyped({ ...options, ...wrong })), new TypeError(message));
  }
});

async function told(wrong: object, code = "internal_error"): Promise<unknown> {
  const { actions, observed } = openLab([defineAction(untyped<Definition>({ ...a, ...wrong }))]);
  const outcome = await actions.execute({ key: "a", subject: "subject" in wrong ? "1" : undefined, identity: NOBODY });
  assert.equal(outcome.kind === "failed" ? outcome.code : outcome.kind, code);
  return String(observed[0]?.error);
}

test("An authorize() that answers no boolean lets nobody in, and is told with the action's key", async () => {
  for (const [answer, named] of [[undefined, "undefined"], [1, "number"], [null, "null"], ["yes", "string"]] as const) {
    assert.equal(await told({ authorize: () => answer }, "forbidden"), `TypeError: action "a": authorize() must answer true or false, not ${named}`);
    assert.equal(await told({ authorize: async () => answer }, "forbidden"), `TypeError: action "a": authorize() must answer true or false, not ${named}`);
  }
});

test("A message that fails is told with the action's key", async () => {
  const handle = ({ subject }: { readonly subject: unknown }) => subject;
  const broken = (): string => {
    throw new Error("out of luck");
  };
  assert.equal(await told({ subject: Counter, handle, message: broken }), 'TypeError: action "a": its message failed: Error: out of luck');
  assert.equal(await told({ subject: Counter, handle, message: () => undefined }), 'TypeError: action "a": its message must be a text, not undefined');
});

test("A title that answers nothing is told with its class", async () => {
  const Thing = defineSubject(untyped<ClassDefinition>({ class: "lab.Counter", param: "counter", id: integerId(), title: () => undefined }));
  const { actions, observed } = openLab([defineAction({ ...a, subject: Thing, handle: ({ subject }) => subject })], { subjects: [Thing] });
  assert.equal((await actions.execute({ key: "a", subject: "1", identity: NOBODY })).kind, "failed");
  assert.equal(String(observed[0]?.error), 'TypeError: subject class "lab.Counter": title must answer a text, not undefined');
});

test("A mistake in a source is told with its class, and what a database says is not available", async () => {
  const failing = async (error: unknown, later: boolean) => {
    const source = () => {
      if (later) return Promise.reject(error);
      throw error;
    };
    const Person = defineSubject({ class: "lab.Person", param: "person", id: integerId(), title: () => "", source });
    const { actions, observed } = openLab([defineAction({ ...a, subject: Person })], { subjects: [Person] });
    const outcome = await actions.execute({ key: "a", subject: "1", identity: NOBODY });
    return [outcome.kind === "failed" ? outcome.code : outcome.kind, String(observed[0]?.error)];
  };
  for (const later of [false, true]) {
    for (const fault of [new TypeError("x is not a function"), new ReferenceError("x"), new RangeError("x"), new SyntaxError("x")]) {
      assert.deepEqual(await failing(fault, later), ["internal_error", `TypeError: lab.Person: its source has a fault: ${String(fault)}`]);
    }
    for (const down of [new Error("ECONNREFUSED"), new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") }), "down"]) {
      assert.deepEqual(await failing(down, later), ["unavailable", String(down)]);
    }
  }
});
