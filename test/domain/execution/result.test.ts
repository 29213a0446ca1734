import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, defineAction, defineSubject, everyone, integerId, withRedirect, workflowStarted, type Outcome } from "../../../src/domain/index.ts";
import { toJson, type Json } from "../../../src/domain/json.ts";
import { Counter, NOBODY, openLab, untyped } from "../lab.ts";

interface BookRecord {
  readonly id: number;
  readonly title: string;
  readonly pages: number;
  readonly price: number;
}

/** Its records have a title of their own, which is not the one that is shown. */
const Book = defineSubject({ class: "lab.Book", param: "book", id: integerId(), title: (book: BookRecord) => `"${book.title}"`, fields: ["pages", "title"] });
const BOOK: BookRecord = { id: 7, title: "Ulysses", pages: 700, price: 3 };
const SHOWN = { id: 7, title: '"Ulysses"', pages: 700 };

/** What a handler that returns this is answered with, and what went wrong inside. */
async function answer(handle: () => unknown, returns?: readonly ("message" | "data" | "workflow" | "nothing")[]): Promise<{ outcome: Outcome; fault: string }> {
  const action = defineAction({ key: "x", label: "X", message: "Done.", authorize: everyone, handle: untyped(handle), ...(returns === undefined ? {} : { returns }) });
  const lab = openLab([action]);
  const outcome = await lab.actions.execute({ key: "x", identity: NOBODY });
  return { outcome, fault: String(lab.observed[0]?.error ?? "") };
}

test("Each kind of return has its own outcome", async () => {
  const thing = { id: 1, title: "One" };
  const table: readonly (readonly [unknown, Outcome])[] = [
    ["Well.", { kind: "message", message: "Well." }],
    ["", { kind: "message", message: "" }],
    [undefined, { kind: "nothing" }],
    [null, { kind: "nothing" }],
    [thing, { kind: "data", message: "Done.", data: thing }],
    [{ extra: [1, { a: null }], ...thing }, { kind: "data", message: "Done.", data: { ...thing, extra: [1, { a: null }] } }],
    [{ ...thing, gone: undefined, when: new Date(0) }, { kind: "data", message: "Done.", data: { ...thing, when: "1970-01-01T00:00:00.000Z" } }],
    [workflowStarted("wf"), { kind: "workflow", workflow_id: "wf" }],
    [withRedirect("Well.", "/a"), { kind: "message", message: "Well.", redirect: "/a" }],
    [withRedirect(null, "/a"), { kind: "nothing", redirect: "/a" }],
    [withRedirect(thing, "/a"), { kind: "data", message: "Done.", data: thing, redirect: "/a" }],
    [withRedirect(workflowStarted("wf"), "/a"), { kind: "workflow", workflow_id: "wf", redirect: "/a" }],
  ];
  for (const [result, expected] of table) {
    for (const handle of [() => result, async () => result]) assert.deepEqual(await answer(handle), { outcome: expected, fault: "" });
  }
});

test("Whatever else is returned is an error that names the action", async () => {
  const noKind = 'TypeError: action "x": handle() must return a string, one subject (an object with an id), value({ … }), a started workflow or nothing';
  const noTitle = 'TypeError: action "x": an object that is not a record of a subject class needs an id and a title';
  const table: readonly (readonly [unknown, string])[] = [
    [1, noKind],
    [true, noKind],
    [1n, noKind],
    [Symbol.iterator, noKind],
    [() => 1, noKind],
    [[], noKind],
    [[{ id: 1, title: "One" }], noKind],
    [{}, noKind],
    [{ title: "One" }, noKind],
    [{ id: 1 }, noTitle],
    [{ id: 1, title: 1 }, noTitle],
    [{ id: undefined, title: "One" }, noTitle],
    [{ id: null, title: "One" }, noTitle],
    [{ id: { a: 1 }, title: "One" }, noTitle],
    [{ id: Number.NaN, title: "One" }, 'TypeError: the result of "x".id is not JSON: NaN'],
    [{ id: 1, title: "One", f: () => 1 }, 'TypeError: the result of "x".f is not JSON: function'],
  ];
  for (const [result, fault] of table) {
    assert.deepEqual(await answer(() => result), { outcome: { kind: "failed", code: "internal_error", message: "Server error." }, fault });
  }
});

test("An action answers only with what it says it returns", async () => {
  for (const [result, kind] of [["x", "message"], [null, "nothing"], [{ id: 1, title: "One" }, "data"], [workflowStarted("w"), "workflow"], [withRedirect("x", "/"), "message"]] as const) {
    assert.equal((await answer(() => result, [kind])).outcome.kind, kind);
    const others = (["message", "data", "workflow", "nothing"] as const).filter((other) => other !== kind);
    assert.equal((await answer(() => result, others)).fault, `TypeError: action "x": handle() returned ${kind}, which its "returns" does not name`);
  }
});

test("A record is shown as its class says, wherever the handler has it from", async () => {
  const put = defineAction({ key: "put", label: "Put", message: "Done.", authorize: everyone, handle: ({ subjects }) => subjects.put(Book, BOOK) });
  const own = defineAction({ key: "own", label: "Own", subject: Book, message: "Done.", authorize: everyone, handle: ({ subject }) => subject });
  const got = defineAction({ key: "got", label: "Got", message: "Done.", authorize: everyone, async handle({ subjects }) { return (await subjects.get(Book, 7)) ?? null; } });
  const listed = defineAction({ key: "listed", label: "Listed", message: "Done.", authorize: everyone, async handle({ subjects }) { return (await subjects.all(Book))[0] ?? null; } });
  const other = defineAction({ key: "other", label: "Other", subject: Counter, message: "Done.", authorize: everyone, async handle({ subjects }) { return (await subjects.get(Book, 7)) ?? null; } });
  const lab = openLab([put, own, got, listed, other], { subjects: [Book, Counter] });
  const expected = { kind: "data", message: "Done.", data: SHOWN };
  for (const call of [{ key: "put" }, { key: "own", subject: "7" }, { key: "got" }, { key: "listed" }, { key: "other", subject: "1" }]) {
    const outcome = await lab.actions.execute({ ...call, identity: NOBODY });
    assert.deepEqual(outcome, expected, call.key);
    assert.deepEqual(outcome.kind === "data" && Object.keys(outcome.data), ["id", "title", "pages"], "id and title come first");
  }
});

test("A changed copy of the subject that brings no title is shown as the subject; one that brings its own is shown as it is", async () => {
  const copy = defineAction({ key: "copy", label: "Copy", subject: Counter, authorize: everyone, handle: ({ subject }) => ({ ...subject, count: 5 }) });
  const titled = defineAction({ key: "titled", label: "Titled", subject: Counter, authorize: everyone, handle: ({ subject }) => ({ ...subject, title: "Mine" }) });
  const { actions } = openLab([copy, titled]);
  const data = async (key: string) => Object(await actions.execute({ key, subject: "1", identity: NOBODY }))["data"];
  assert.deepEqual(await data("copy"), { id: 1, title: "Counter #1", count: 5 });
  assert.deepEqual(await data("titled"), { id: 1, title: "Mine", count: 0 });
});

test("A message can be made from the result, and is made of the label where there is none", async () => {
  const made = defineAction({ key: "made", label: "Made", subject: Counter, authorize: everyone, handle: ({ subject }) => subject, message: ({ id }) => `Made ${id}.` });
  const usual = defineAction({ key: "usual", label: "Make it", subject: Counter, authorize: everyone, handle: ({ subject }) => subject });
  const { actions } = openLab([made, usual]);
  for (const [key, message] of [["made", "Made 1."], ["usual", "Make it succeeded."]] as const) {
    assert.equal(Object(await actions.execute({ key, subject: "1", identity: NOBODY }))["message"], message);
  }
});

test("An ActionError carries what JSON can say, and refuses the rest where it is made", () => {
  const error = new ActionError("No.", { code: "no", details: { a: [1, null] } });
  assert.deepEqual([error.name, error.message, error.code, error.details], ["ActionError", "No.", "no", { a: [1, null] }]);
  assert.deepEqual([new ActionError("No.").code, new ActionError("No.").details], [undefined, undefined]);
  assert.throws(() => new ActionError("No.", { details: { a: Number.POSITIVE_INFINITY } }), new TypeError("details.a is not JSON: Infinity"));
});

class Point {
  readonly x = 1;
  get y(): number {
    return 2;
  }
}

test("JSON is copied deep, frozen, and only what JSON can say", () => {
  const inner = { list: [1, "a", true, null] };
  const copy = toJson({ inner, gone: undefined, date: new Date(1), point: new Point(), bare: Object.assign(Object.create(null), { a: 1 }) });
  assert.deepEqual(copy, { inner, date: "1970-01-01T00:00:00.001Z", point: { x: 1 }, bare: { a: 1 } });
  assert.ok([copy, Object(copy)["inner"], Object(copy)["inner"].list].every(Object.isFrozen));
  inner.list.push(2);
  assert.equal(Object(copy)["inner"].list.length, 4);
});

test("What JSON cannot say is named by its path", () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const table: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /^value is not JSON: undefined$/],
    [{ a: [1, undefined] }, /^value\.a\.1 is not JSON: undefined$/],
    [{ a: Number.NaN }, /^value\.a is not JSON: NaN$/],
    [[Number.NEGATIVE_INFINITY], /^value\.0 is not JSON: -Infinity$/],
    [{ a: 1n }, /^value\.a is not JSON: bigint$/],
    [{ a: Symbol("s") }, /^value\.a is not JSON: symbol$/],
    [{ a: () => 1 }, /^value\.a is not JSON: function$/],
    [cycle, /is nested too deeply or contains itself$/],
    [{ a: new Map([[1, 2]]) }, /^value\.a is not JSON: Map$/],
    [{ a: new Set([1]) }, /^value\.a is not JSON: Set$/],
    [{ a: Promise.resolve(1) }, /^value\.a is not JSON: Promise$/],
    [{ a: new URL("http://a/") }, /^value\.a is not JSON: URL$/],
    [{ a: /x/ }, /^value\.a is not JSON: RegExp$/],
    [{ a: new Error("x") }, /^value\.a is not JSON: Error$/],
    [{ a: new Uint8Array(1) }, /^value\.a is not JSON: Uint8Array$/],
    [{ a: new Date(Number.NaN) }, /^value\.a is not JSON: Invalid Date$/],
  ];
  for (const [value, message] of table) assert.throws(() => toJson(value), { name: "TypeError", message });
});

test("A member called __proto__ is a member like any other", () => {
  const parsed: Json = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}');
  const copy = toJson(parsed);
  assert.equal(JSON.stringify(copy), '{"__proto__":{"polluted":1},"constructor":2}');
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
});
