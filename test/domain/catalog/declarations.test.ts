import assert from "node:assert/strict";
import { test } from "node:test";
import { createCatalog, defineAction, defineSubject, everyone, integerId, patternId, reference, text, textId, uuidId, type Action, type SubjectRecord } from "../../../src/domain/index.ts";
import { Counter, NOBODY, openLab } from "../lab.ts";

function action(key: string): Action {
  return defineAction({ key, label: "X", authorize: everyone, handle: () => null });
}

const FORM = 'a key is one to four segments of a-z, 0-9 and single hyphens, joined by "/": "orders/approve-order"';

test("A key is one to four segments of small letters, digits and single hyphens", () => {
  for (const key of ["a", "a/b/c/d", "orders/approve-order", "0", "a1-b2-3", "execute-all", "previews", "bulky", "schemas/x"]) {
    assert.equal(createCatalog({ actions: [action(key)], subjects: [] }).find(key)?.key, key);
  }
  for (const key of ["", "/", "a/", "/a", "a//b", "a/b/c/d/e", "A", "a_b", "-a", "a-", "a--b", "a b", "ä", "a.b", "a%2Fb", "a\n", "__proto__"]) {
    assert.throws(() => createCatalog({ actions: [action(key)], subjects: [] }), new TypeError(`action "${key}": ${FORM}`));
  }
});

test("No segment of a key is a word of the URLs", () => {
  for (const word of ["execute", "preview", "bulk", "schema"]) {
    for (const key of [word, `${word}/a`, `a/${word}`, `a/${word}/b`]) {
      assert.throws(() => createCatalog({ actions: [action(key)], subjects: [] }), new TypeError(`action "${key}": "${word}" is a word of the URLs and may not be a segment`));
    }
  }
});

test("A key stands for one action", () => {
  assert.throws(() => createCatalog({ actions: [action("a"), action("b"), action("a")], subjects: [] }), new TypeError('action "a": this key is taken; every action needs its own'));
});

test("The catalog answers in key order, and knows what was never there", () => {
  const catalog = createCatalog({ actions: ["b", "a/b", "a-b", "a"].map(action), subjects: [Counter] });
  assert.deepEqual(catalog.actions.map(({ key }) => key), ["a", "a-b", "a/b", "b"]);
  for (const key of ["c", "A", "constructor", "__proto__", "toString", ""]) {
    assert.equal(catalog.find(key), undefined);
    assert.equal(catalog.subject(key), null);
  }
  assert.equal(catalog.subject("lab.Counter"), Counter);
});

const Other = defineSubject({ class: "lab.Counter", param: "other", id: textId(), title: () => "" });
const Unlisted = defineSubject({ class: "lab.Unlisted", param: "unlisted", id: textId(), title: () => "" });

test("Two subject classes of one name are refused, wherever the second comes from", () => {
  assert.throws(() => createCatalog({ actions: [], subjects: [Counter, Other] }), new TypeError('subject class "lab.Counter": two classes have this name'));
  assert.equal(createCatalog({ actions: [], subjects: [Counter, Counter] }).subjects.length, 1);
  const onOther = defineAction({ key: "a", label: "A", subject: Other, authorize: everyone, handle: () => null });
  assert.throws(
    () => createCatalog({ actions: [onOther], subjects: [Counter] }),
    new TypeError('action "a": its subject is another class of the name "lab.Counter"; two classes may not have one name'),
  );
  const toOther = defineAction({ key: "a", label: "A", params: { o: reference(Other) }, authorize: everyone, handle: () => null });
  assert.throws(
    () => createCatalog({ actions: [toOther], subjects: [Counter] }),
    new TypeError('action "a": a reference is another class of the name "lab.Counter"; two classes may not have one name'),
  );
});

test("A subject that the catalog does not know is refused, as a subject and as a reference", () => {
  const on = defineAction({ key: "on", label: "On", subject: Unlisted, authorize: everyone, handle: () => null });
  assert.throws(() => createCatalog({ actions: [on], subjects: [Counter] }), new TypeError('action "on": its subject "lab.Unlisted" is not among the catalog\'s subjects; add it there'));
  const to = defineAction({ key: "to", label: "To", params: { u: reference(Unlisted).optional() }, authorize: everyone, handle: () => null });
  assert.throws(() => createCatalog({ actions: [to], subjects: [Counter] }), new TypeError('action "to": a reference "lab.Unlisted" is not among the catalog\'s subjects; add it there'));
});

test("A parameter may not be named like the subject's own", () => {
  const both = defineAction({ key: "both", label: "Both", subject: Counter, params: { counter: text() }, authorize: everyone, handle: () => null });
  assert.throws(
    () => createCatalog({ actions: [both], subjects: [Counter] }),
    new TypeError('action "both": the parameter "counter" is named like the subject\'s own; give it another name'),
  );
});

test("What defineAction() and defineSubject() did not make is refused with the likely reason", () => {
  const none: unknown[] = [undefined];
  const COPIED = "was it copied, or are there two copies of actionport? npm ls actionport";
  const missing = Object(none)[0];
  assert.throws(() => createCatalog({ actions: [missing], subjects: [] }), new TypeError("actions: every one must be made by defineAction() (is an import circular?)"));
  assert.throws(() => createCatalog({ actions: [], subjects: [missing] }), new TypeError("subjects: every one must be made by defineSubject() (is the import circular?)"));
  assert.throws(() => defineAction({ key: "a", label: "A", subject: missing, authorize: everyone, handle: () => null }), new TypeError('action "a": its subject was not made by defineSubject() (is the import circular?)'));
  assert.throws(() => defineAction({ key: "a", label: "A", subject: Object({ ...Counter }), authorize: everyone, handle: () => null }), new TypeError(`action "a": its subject was not made by defineSubject() (${COPIED})`));
  assert.throws(() => createCatalog({ actions: [], subjects: [Object({ ...Counter })] }), new TypeError(`subjects: every one must be made by defineSubject() (${COPIED})`));
});

test("What is wrong with an action's parameters is said with its key", () => {
  assert.throws(
    () => defineAction({ key: "orders/pay", label: "Pay", params: { amount: text({ min: 3, max: 2 }) }, authorize: everyone, handle: () => null }),
    new TypeError('action "orders/pay": parameter "amount": min 3 of text() is above max 2; nothing would pass'),
  );
});

test("Who may do it is said: there is no default that lets everybody", () => {
  const unsaid: Parameters<typeof defineAction>[0] = JSON.parse('{ "key": "orders/pay", "label": "Pay" }');
  assert.throws(
    () => defineAction({ ...unsaid, handle: () => null }),
    new TypeError('action "orders/pay": authorize is missing; say who may: authorize: ({ identity }) => identity.can("…"), or authorize: everyone'),
  );
  assert.equal(defineAction({ key: "a", label: "A", authorize: everyone, handle: () => null }).authorize, everyone);
});

test("An action is frozen and has its defaults", () => {
  const { key, label, description, effect, subject, returns, message } = defineAction({ key: "a", label: "Approve", authorize: everyone, handle: () => null });
  assert.deepEqual(
    { key, label, description, effect, subject, returns, message },
    { key: "a", label: "Approve", description: "", effect: "write", subject: null, returns: ["message", "data", "workflow", "nothing"], message: "Approve succeeded." },
  );
  assert.ok(Object.isFrozen(defineAction({ key: "a", label: "A", authorize: everyone, handle: () => null })));
});

test("A class name is dotted words, and the name of its parameter snake_case", () => {
  const define = (name: string, param: string) => defineSubject({ class: name, param, id: integerId(), title: () => "" });
  for (const name of ["Order", "shop.Order", "shop.a1.Order_2"]) assert.equal(define(name, "order").class, name);
  for (const name of ["", "shop.", ".Order", "shop..Order", "shop Order", "1Order", "shop/Order", "Örder", "a\n"]) {
    assert.throws(() => define(name, "order"), new TypeError(`subject class "${name}": the class must be dotted words such as "shop.Order"`));
  }
  for (const param of ["order", "order_line", "o2"]) assert.equal(define("Order", param).param, param);
  for (const param of ["", "Order", "order-line", "_order", "2o", "örder", "order\n"]) {
    assert.throws(() => define("Order", param), new TypeError(`subject class "Order": param "${param}" must be snake_case such as "order"`));
  }
});

test("A class's collection is its own: the stores' names for other things are none", () => {
  for (const name of ["actionport.sequence", "actionport.audit", "actionport.idempotency", "actionport", "oauth.clients"]) {
    assert.throws(
      () => defineSubject({ class: name, param: "x", id: integerId(), title: () => "" }),
      new TypeError(`subject class "${name}": names that begin with actionport or oauth are taken; begin with the application's own name`),
    );
  }
});

test("A subject class has its defaults", () => {
  assert.deepEqual([Counter.fields, Counter.source, Counter.visible({ identity: NOBODY, record: { id: 1, count: 1 } })], [null, null, true]);
  assert.ok(Object.isFrozen(Counter));
});

test("An action is described by what it declared", () => {
  const on = defineAction({ key: "on", label: "On", description: "Switches on.", effect: "destructive", subject: Counter, params: { why: text() }, returns: ["nothing"], authorize: everyone, handle: () => null });
  const { actions } = openLab([on, action("off")], { maxBulkIds: 7, idempotencyRetentionSeconds: 60 });
  const subject = { required: true, param: "counter", class: "lab.Counter" };
  const summary = { key: "on", label: "On", description: "Switches on.", effect: "destructive", subject };
  assert.deepEqual(actions.list(), [{ key: "off", label: "X", description: "", effect: "write" }, summary]);
  assert.deepEqual(actions.describe("on"), {
    ...summary,
    parameters: on.params.schema,
    returns: ["nothing", "error"],
    result: null,
    errors: [], examples: [],
    bulk: { max_ids: 7, modes: ["each", "stop", "atomic"] },
    idempotency: { retention_seconds: 60 },
  });
  assert.equal(actions.describe("off")?.bulk, null);
  assert.equal(actions.describe("none"), undefined);
});

test("IDs are made where their kind can be made, and only there", async () => {
  for (const [id, form] of [[uuidId(), /^[0-9a-f-]{36}$/], [integerId(), /^1$/]] as const) {
    const subject = defineSubject<string | number, SubjectRecord>({ class: "lab.Made", param: "made", id, title: () => "" });
    const make = defineAction({ key: "make", label: "Make", authorize: everyone, async handle({ subjects }) { return `${await subjects.nextId(subject)}`; } });
    const outcome = await openLab([make], { subjects: [subject] }).actions.execute({ key: "make", identity: NOBODY });
    assert.match(outcome.kind === "message" ? outcome.message : "", form);
  }
  for (const id of [textId(), patternId(/[A-Z]{5}/)]) {
    const subject = defineSubject({ class: "lab.Other", param: "o", id, title: () => "" });
    const make = defineAction({ key: "make", label: "Make", authorize: everyone, async handle({ subjects }) { return `${await subjects.nextId(subject)}`; } });
    const lab = openLab([make], { subjects: [subject] });
    assert.equal((await lab.actions.execute({ key: "make", identity: NOBODY })).kind, "failed");
    assert.equal(String(lab.observed[0]?.error), `TypeError: lab.Other: IDs of kind "${id.name}" are not made here; give the record its id`);
  }
});
