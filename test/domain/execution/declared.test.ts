import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientCode } from "../../../src/adapters/client/index.ts";
import { ActionError, createCatalog, defineAction, everyone, integer, list, object, text, value, withRedirect, type Action, type ErrorDefinitions } from "../../../src/domain/index.ts";
import { Counter, NOBODY, openLab } from "../lab.ts";

const a = { key: "a", label: "A", authorize: everyone } as const;

async function run(action: Action, subject?: string): Promise<{ readonly outcome: unknown; readonly told: string | undefined }> {
  const { actions, observed } = openLab([action]);
  const outcome = await actions.execute({ key: "a", subject, identity: NOBODY });
  return { outcome, told: observed[0] === undefined ? undefined : String(observed[0].error) };
}

const SERVER_ERROR = { kind: "failed", code: "internal_error", message: "Server error." };

test("value() answers an object as it is, with the action's message beside it", async () => {
  const sales = defineAction({ ...a, handle: () => value({ rows: [1, 2], none: undefined }), message: ({ rows }) => `${rows.length} rows.` });
  assert.deepEqual(await run(sales), { outcome: { kind: "data", message: "2 rows.", data: { rows: [1, 2] } }, told: undefined });
  const redirected = defineAction({ ...a, subject: Counter, handle: () => withRedirect(value({ id: 5 }), "/there") });
  assert.deepEqual((await run(redirected, "1")).outcome, { kind: "data", message: "A succeeded.", data: { id: 5 }, redirect: "/there" });
});

test("A value that is no object of JSON is told with the action's key", async () => {
  for (const [given, message] of [
    [[1], 'action "a": value() takes an object'],
    [{ n: 1n }, 'the value of "a".n is not JSON: bigint'],
    [new Map([["rows", 1]]), 'the value of "a" is not JSON: Map'],
    [Promise.resolve({ rows: 1 }), 'the value of "a" is not JSON: Promise'],
    [new Set([1]), 'the value of "a" is not JSON: Set'],
  ] as const) {
    assert.deepEqual(await run(defineAction({ ...a, handle: () => value(given) })), { outcome: SERVER_ERROR, told: `TypeError: ${message}` });
  }
});

test("Data that does not fit what the action declares is the action's mistake, told with its key", async () => {
  const returns = { rows: list(object({ country: text(), cents: integer() })) };
  const good = { rows: [{ country: "Peru", cents: 1 }] };
  assert.deepEqual((await run(defineAction({ ...a, returns, handle: () => value(good) }))).outcome, { kind: "data", message: "A succeeded.", data: good });
  const wrong: typeof good = JSON.parse('{"rows":[{"country":"Peru","cents":"secret"}]}');
  assert.deepEqual(await run(defineAction({ ...a, returns, handle: () => value(wrong) })), {
    outcome: SERVER_ERROR,
    told: 'TypeError: action "a": its data is not what "returns" declares: rows.0.cents: Must be a whole number.',
  });
  const extra = { ...good, more: 1 };
  assert.match(String((await run(defineAction({ ...a, returns, handle: () => value(extra) }))).told), /more: Is not a known field/);
});

test("A record is held to the declaration as clients see it, and so is one type alone", async () => {
  const returns = { id: integer(), title: text(), count: integer() };
  assert.deepEqual((await run(defineAction({ ...a, subject: Counter, returns, handle: ({ subject }) => subject }), "1")).outcome, { kind: "data", message: "A succeeded.", data: { id: 1, title: "Counter #1", count: 0 } });
  assert.deepEqual((await run(defineAction({ ...a, returns: object({ n: integer() }), handle: () => value({ n: 1 }) }))).outcome, { kind: "data", message: "A succeeded.", data: { n: 1 } });
});

test("A declared error has its code and its details; undeclared codes are as they were", async () => {
  const errors = { taken: { details: { by: text() }, retry: true }, closed: {} };
  const taken = defineAction({ ...a, errors, handle: ({ fail }): null => { throw fail("taken", "It is taken.", { by: "Ann" }); } });
  assert.deepEqual((await run(taken)).outcome, { kind: "refused", message: "It is taken.", code: "taken", details: { by: "Ann" } });
  const closed = defineAction({ ...a, errors, preconditions: ({ fail }) => { throw fail("closed", "Closed."); }, handle: () => null });
  assert.deepEqual((await run(closed)).outcome, { kind: "refused", message: "Closed.", code: "closed" });
  const other = defineAction({ ...a, errors, handle: (): null => { throw new ActionError("No.", { code: "other", details: 1 }); } });
  assert.deepEqual((await run(other)).outcome, { kind: "refused", message: "No.", code: "other", details: 1 });
});

test("Details that are not what was declared for the code are the action's mistake, however they are thrown", async () => {
  const errors = { taken: { details: { by: text() } }, closed: {} };
  const thrown = (error: ActionError) => defineAction({ ...a, errors, handle: (): null => { throw error; } });
  for (const [error, told] of [
    [new ActionError("No.", { code: "taken", details: { by: 1 } }), 'the details of the error "taken" are not what was declared: by: Must be text.'],
    [new ActionError("No.", { code: "taken" }), 'the details of the error "taken" are not what was declared: Must be an object.'],
    [new ActionError("No.", { code: "closed", details: 1 }), 'the error "closed" was declared without details and has some'],
  ] as const) {
    assert.deepEqual(await run(thrown(error)), { outcome: SERVER_ERROR, told: `TypeError: action "a": ${told}` });
  }
});

test("A failure code of every action is no code of an ActionError's own", async () => {
  for (const code of ["unavailable", "not_found"]) {
    const told = `TypeError: action "a": "${code}" is a failure code of every action; give the ActionError a code of its own`;
    for (const errors of [{}, { closed: {} }]) assert.deepEqual(await run(defineAction({ ...a, errors, handle: (): null => { throw new ActionError("No.", { code }); } })), { outcome: SERVER_ERROR, told });
  }
});

test("What is declared of data and errors is described", () => {
  const action = defineAction({ ...a, returns: { n: integer() }, errors: { taken: { details: { by: text() }, retry: true }, closed: {} }, handle: () => value({ n: 1 }) });
  const { actions } = openLab([action]);
  const described = actions.describe("a");
  assert.deepEqual(described?.returns, ["data", "error"]);
  assert.deepEqual(described?.result, { type: "object", properties: { n: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } }, required: ["n"], additionalProperties: false });
  assert.deepEqual(described?.errors.map(({ code, retry, details }) => [code, retry, details?.["required"] ?? null]), [["taken", true, ["by"]], ["closed", false, null]]);
});

test("A declaration of data or of errors that cannot be is refused with the action's key", () => {
  const throws = (errors: ErrorDefinitions, message: string) => assert.throws(() => defineAction({ ...a, errors, handle: () => null }), new TypeError(message));
  throws({ Taken: {} }, 'action "a": errors: the code "Taken" must be snake_case such as "already_shipped"');
  throws({ conflict: {} }, 'action "a": errors: "conflict" is a failure code of every action; give the error a code of its own');
  const codesOfClient: Readonly<Record<ClientCode, true>> = { aborted: true, network: true, refused: true, timeout: true, unexpected_answer: true };
  for (const code of Object.keys(codesOfClient)) throws({ [code]: {} }, `action "a": errors: "${code}" is what the typed client says of a call that came to no such answer; give the error a code of its own`);
  throws({ taken: { details: { by: text({ min: 2, max: 1 }) } } }, 'action "a": errors: details of "taken": parameter "by": min 2 of text() is above max 1; nothing would pass');
  assert.throws(() => defineAction({ ...a, returns: { n: text({ min: 2, max: 1 }) }, handle: () => value({ n: "" }) }), new TypeError('action "a": returns: parameter "n": min 2 of text() is above max 1; nothing would pass'));
  assert.doesNotThrow(() => createCatalog({ actions: [defineAction({ ...a, handle: () => null })], subjects: [] }));
});
