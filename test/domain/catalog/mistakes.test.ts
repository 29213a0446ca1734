import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ActionError, createActions, createCatalog, createIdentity, defineAction, defineSubject, defineWorkflow, everyone, integer, integerId, object, type ActionsOptions } from "../../../src/domain/index.ts";
import { Counter, NOBODY, openLab } from "../lab.ts";

type Definition = Parameters<typeof defineAction>[0];
type ClassDefinition = Parameters<typeof defineSubject>[0];

/** As plain JavaScript may give it. */
function untyped<T>(value: object): T {
  // What is tested is what the types refuse.
  return value as T;
}

const a = { key: "a", label: "A", authorize: everyone, handle: () => null };

test("A bound of an ID that is misspelt, and would bound nothing, is a TypeError", () => {
  assert.throws(() => integerId(untyped({ minimum: 1 })), new TypeError('integerId() has no option "minimum"; it has max, min'));
  assert.throws(() => Reflect.apply(integerId, undefined, [5]), new TypeError("integerId() must be an object of options, not a number"));
});

test("What plain JavaScript gets wrong of an action is a TypeError that names action, option and remedy", () => {
  for (const [wrong, message] of [
    [{ handle: undefined }, "handle is missing; give it the function that does it: handle({ subject, params, subjects }) { … }"],
    [{ label: undefined }, 'label is missing; give it a text for people: label: "Approve order"'],
    [{ effect: "delete" }, 'effect must be "read", "write" or "destructive", not "delete"'],
    [{ returns: ["number"] }, 'returns must name rows of the result table (message, data, workflow, nothing), not "number"'],
    [{ returns: "message" }, 'returns must be a list: ["message"]'],
    [{ returns: integer() }, "returns: must be an object, { total: integer() } or object({ … }): all data is one"],
    [{ returns: object({}).nullable() }, "returns: must be an object, { total: integer() } or object({ … }): all data is one"],
    [{ validate: true }, "validate must be a function, or left out"],
    [{ preconditions: {} }, "preconditions must be a function, or left out"],
    [{ message: 5 }, "message must be a text or a function of the result: (result) => `…`"],
    [{ description: 5 }, "description must be a text, or left out, not a number"],
    [{ examples: null }, 'examples must be a list, or left out, not null: [{ params: { reason: "…" } }]'],
    [{ errors: null }, "errors must be an object, not null: { already_shipped: {} }"],
    [{ errors: { gone: null } }, "errors.gone must be an object of options, not null"],
    [{ errors: { gone: { retries: 3 } } }, 'errors.gone has no option "retries"; it has details, retry'],
    [{ subject: Counter, bulk: { handleAll: [] } }, "bulk.handleAll must be a function, or left out: ({ all, params, subjects }) => all.map(…)"],
    [{ subject: Counter, bulk: { maxIDs: 5 } }, 'bulk has no option "maxIDs"; it has handleAll, maxIds'],
  ] as const) {
    assert.throws(() => defineAction(untyped<Definition>({ ...a, ...wrong })), new TypeError(`action "a": ${message}`));
  }
});

test("An option that there is not is refused wherever something is declared: it is misspelt, and would check nothing", () => {
  for (const [make, options, message] of [
    [defineAction, { ...a, precondition: () => undefined }, 'action "a" has no option "precondition"; it has authorize, bulk, description, effect, errors, examples, handle, key, label, message, params, preconditions, returns, subject, timeoutMs, validate'],
    [defineSubject, { class: "lab.Thing", param: "thing", id: integerId(), title: () => "", visibel: () => false }, 'subject class "lab.Thing" has no option "visibel"; it has class, fields, id, label, list, param, read, source, title, visible'],
    [defineWorkflow, { name: "w", run: () => null, signal: {} }, 'workflow "w" has no option "signal"; it has concurrency, input, name, run, signals'],
    [createCatalog, { actions: [], subjects: [], flows: [] }, 'createCatalog has no option "flows"; it has actions, subjects, workflows'],
  ] as const) {
    assert.throws(() => Reflect.apply(make, undefined, [options]), new TypeError(message));
  }
});

test("What plain JavaScript gets wrong of a workflow, a catalog or an identity names the option and the remedy", () => {
  const w = { name: "w", run: () => null };
  const nancy = { kind: "user", id: "nancy", permissions: [] };
  for (const [make, options, message] of [
    [defineWorkflow, { ...w, name: undefined }, 'workflow "undefined": a name is one to four segments of a-z, 0-9 and single hyphens, joined by "/": "orders/fulfilment"'],
    [defineWorkflow, { ...w, run: undefined }, 'workflow "w": run must be a function, not undefined: give it the work: async (flow, input) => { … }'],
    [defineWorkflow, { ...w, input: 5 }, 'workflow "w": input must be an object, not a number: parameter types by name, { order: integer() }'],
    [defineWorkflow, { ...w, signals: ["go"] }, 'workflow "w": signals must be an object, not an Array: what each of them carries, { approved: { by: text() } }'],
    [defineWorkflow, { ...w, signals: { go: null } }, 'workflow "w": signals.go must be an object, not null: parameter types by name, { order: integer() }'],
    [createCatalog, { actions: new Map(), subjects: [] }, "createCatalog: actions must be a list, not a Map"],
    [createCatalog, { actions: [{}], subjects: [] }, "actions: every one must be made by defineAction() (is an import circular?)"],
    [createCatalog, { actions: [a], subjects: [] }, "actions: every one must be made by defineAction() (is an import circular?)"],
    [createCatalog, { actions: [], subjects: [], workflows: [w] }, "workflows: every one must be made by defineWorkflow() (is an import circular?)"],
    [createCatalog, { actions: [], subjects: [], workflows: [undefined] }, "workflows: every one must be made by defineWorkflow() (is an import circular?)"],
    [createCatalog, { subjects: [] }, "createCatalog: actions must be a list, not undefined"],
    [createIdentity, { ...nancy, kind: "person" }, 'createIdentity: kind must be "user" or "client", not "person"'],
    [createIdentity, { ...nancy, id: undefined }, "createIdentity: id must be a text, not undefined: it names the user or the client for ever"],
    [createIdentity, { ...nancy, id: "" }, "createIdentity: id must be a text, not an empty one: it names the user or the client for ever"],
    [createIdentity, { ...nancy, issuer: 5 }, "createIdentity: issuer must be a text, not a number: leave it out if there is none"],
    [createIdentity, { ...nancy, permissions: "*" }, 'createIdentity: permissions must be a list, not a string: ["manage_orders"]'],
  ] as const) {
    assert.throws(() => Reflect.apply(make, undefined, [options]), new TypeError(message));
  }
});

test("What plain JavaScript gets wrong of a subject class is a TypeError that names class, option and remedy", () => {
  const shared = { class: "lab.Thing", param: "thing", id: integerId(), title: () => "" };
  for (const [wrong, message] of [
    [{ title: undefined }, "title is missing; say what people call one: title: (record) => `… #${record.id}`"],
    [{ visible: true }, "visible must be a function that answers a boolean: ({ identity, record }) => …"],
    [{ source: "people" }, "source must be a function: (ids) => records"],
    [{ source: () => [], list: "people" }, "list must be a function: ({ after, limit }) => records"],
    [{ id: undefined }, "id must be an object with the method parse, not undefined: give integerId(), uuidId(), textId() or patternId(/…/)"],
    [{ id: "integer" }, "id must be an object with the method parse, not a string: give integerId(), uuidId(), textId() or patternId(/…/)"],
    [{ param: undefined }, 'param "undefined" must be snake_case such as "order"'],
    [{ fields: null }, 'fields must be a list of names, ["shipped_at"], or a type for each, { shipped_at: dateTime() }'],
    [{ fields: [integerId()] }, 'fields must be a list of names, ["shipped_at"], or a type for each, { shipped_at: dateTime() }'],
  ] as const) {
    assert.throws(() => defineSubject(untyped<ClassDefinition>({ ...shared, ...wrong })), new TypeError(`subject class "lab.Thing": ${message}`));
  }
});

test("A port that is none is refused when the application starts", () => {
  const options: ActionsOptions = { catalog: createCatalog({ actions: [], subjects: [] }), store: createMemoryStore({ clock: () => 0 }), clock: () => 0, newId: () => "1" };
  const store = "store must be a RecordStore, which has read, list, commit, trail and durable: await openFileStore({ … }), or createMemoryStore({ clock })";
  for (const [wrong, message] of [
    [{ store: new Map() }, store],
    [{ store: undefined }, store],
    [{ catalog: [] }, "catalog must be made by createCatalog()"],
    [
      { catalog: { ...options.catalog, subjects: [{ ...Counter }] } },
      'catalog was made by another copy of actionport: npm ls actionport shows two, or one was required and one imported, where "type": "module" in package.json helps',
    ],
    [{ clock: undefined }, "clock must be a function that answers epoch milliseconds: Date.now"],
    [{ observe: "log" }, "observe must be a function, not string"],
    [{ timer: "timer" }, "timer must be a function, not string"],
    [{ newAbortController: AbortSignal.timeout(1) }, "newAbortController must be a function, not object"],
    [{ workflows: () => undefined }, "workflows must be an object with the method engine, not a function: { engine: embeddedWorkflows({ timer, random: Math.random }) }"],
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

test("A validate() that answers no faults lets nothing pass, and is told with the action's key", async () => {
  const remedy = 'TypeError: action "a": validate() must answer undefined or faults at once, { field: ["Must be …"] }, not ';
  for (const answer of [false, null, "Must be more.", ["Must be more."], { count: "Must be more." }, { count: [1] }]) assert.equal(await told({ validate: () => answer }), `${remedy}anything else`);
  assert.equal(await told({ validate: async () => undefined }), `${remedy}a promise; what takes its time belongs into preconditions()`);
});

test("A code in the place of an ActionError's options, or one that is no text, is told and not left out", async () => {
  const remedy = 'new ActionError("It has shipped.", { code: "already_shipped" })';
  for (const [options, message] of [
    ["already_shipped", `ActionError: its options must be an object, not a string: ${remedy}`],
    [{ code: 5 }, `ActionError: code must be a text, not a number: ${remedy}`],
    [{ code: "" }, `ActionError: code must be a text, not an empty one: ${remedy}`],
  ] as const) {
    const handle = () => {
      throw Reflect.construct(ActionError, ["It has shipped.", options]);
    };
    assert.equal(await told({ handle }), `TypeError: ${message}`);
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
