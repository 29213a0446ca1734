import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestActions, recordsOf } from "../../../src/app/testing/index.ts";
import { createIdentity, defineSubject, integerId } from "../../../src/domain/index.ts";
import { catalog, Note, Order, ORDERS } from "./shop.ts";

const NO_MAIL = { "orders/reminding": { "send a reminder": () => undefined } };

function open(more: { readonly identity?: string } = {}) {
  return createTestActions({ catalog, records: [recordsOf(Order, ORDERS)], identity: "nancy can manage_orders", steps: NO_MAIL, ...more });
}

test("An action that is run answers its result, what it has put, what the trail says, and what it has started", async () => {
  const { execute, record, time } = open();
  const approved = await execute("orders/approve", 42, { reason: "Old customer." });
  assert.equal(approved.result.message, "Order approved.");
  assert.equal(approved.result.data.approved_at, time.now);
  const before = { id: 42, total: 100, shipped_at: null, approved_at: null, margin: 7 };
  assert.deepEqual(approved.changes, [{ class: "shop.Order", id: "42", change: "update", before, after: { ...before, approved_at: "2026-01-01T00:00:00.000Z" } }]);
  assert.deepEqual(approved.entries.map(({ action, identity, params, outcome }) => [action, identity.id, params, outcome]), [
    ["orders/approve", "nancy", { reason: "Old customer." }, { success: true, message: "Order approved." }],
  ]);
  assert.deepEqual(approved.workflows, []);
  assert.equal((await record(Order, 42))?.approved_at, time.now);
});

test("A refusal is had by its code, and whoever expects the other is told what happened", async () => {
  const { execute, as } = open();
  const refused = await execute("orders/approve", 43);
  assert.deepEqual(refused.failure, { code: "already_shipped", message: "Order #43 has already shipped.", details: { at: "2025-12-01T00:00:00.000Z" } });
  assert.throws(() => refused.result, { message: 'orders/approve on 43 did not succeed: Order #43 has already shipped. (already_shipped) {"details":{"at":"2025-12-01T00:00:00.000Z"}}' });
  const invalid = await execute("orders/approve", 42, { reason: "x".repeat(21) });
  assert.equal(invalid.failure.code, "invalid_params");
  assert.throws(() => invalid.result, /^Error: orders\/approve on 42 did not succeed: reason must .* \(invalid_params\) \{"errors"/);
  assert.equal((await as("bob").execute("orders/approve", 42)).failure.code, "forbidden");
  assert.equal((await execute("notes/write", { text: "no" })).failure.code, "refused");
  const written = await execute("notes/write", { text: "a" });
  assert.throws(() => written.failure, { message: 'notes/write was expected not to succeed, and did: {"message":"Written."}' });
});

test("What nobody foresaw rejects with its cause instead of hiding behind a server error", async () => {
  const { execute } = open();
  await assert.rejects(execute("notes/write", { text: "bug" }), (error: Error) => error.message === "notes/write failed unforeseen: out of range" && error.cause instanceof RangeError);
  await assert.rejects(execute("notes/write", { text: "odd" }), (error: Error) => error.message === "notes/write failed unforeseen: What was thrown cannot be shown." && Object.getPrototypeOf(error.cause) === null);
});

test("A preview says what would change, keeps nothing, and can be executed as it was seen", async () => {
  const { execute, preview, record } = open();
  const seen = await preview("orders/approve", 42);
  assert.equal(seen.result.message, "Order approved.");
  assert.equal(seen.outcome.changes?.[0]?.after?.["approved_at"], "2026-01-01T00:00:00.000Z");
  assert.equal((await record(Order, 42))?.approved_at, null);
  assert.equal((await execute("orders/approve", 42, {}, { ifMatch: seen.outcome.etag })).result.message, "Order approved.");
  assert.equal((await execute("orders/approve", 42, {}, { ifMatch: seen.outcome.etag })).failure.code, "precondition_failed");
});

test("A bulk call answers each of its items and all that they have changed", async () => {
  const { bulk, as } = open();
  const { items, changes, entries } = await bulk("orders/approve", [42, 43, 44], {}, { mode: "each" });
  assert.deepEqual(items.map(({ id, outcome }) => [id, outcome === "skipped" ? outcome : outcome.kind]), [[42, "data"], [43, "refused"], [44, "data"]]);
  assert.deepEqual(changes.map(({ id }) => id), ["42", "44"]);
  assert.equal(entries.length, 3);
  const refused = await as("nancy can manage_orders").bulk("orders/approve", []);
  assert.throws(() => refused.items, /orders\/approve on 0 subjects has no items: .*\(invalid_params\)/);
});

test("A call that is repeated under its key is answered from memory and changes nothing", async () => {
  const { execute, records } = open();
  await execute("notes/write", { text: "once" }, { idempotencyKey: "k" });
  const again = await execute("notes/write", { text: "once" }, { idempotencyKey: "k" });
  assert.equal(again.outcome.kind === "message" && again.outcome.replayed, true);
  assert.deepEqual([again.changes, again.entries], [[], []]);
  assert.equal((await records(Note)).length, 1);
});

test("Time that passes drives workflows from one of their times to the next, and says what they have done", async () => {
  const { execute, time, workflow, records } = open();
  const { result, workflows } = await execute("orders/remind", 42);
  assert.deepEqual(workflows, [{ id: result.workflow_id, name: "orders/reminding", input: { order: 42 } }]);
  assert.equal((await workflow(result.workflow_id).get()).status, "waiting");
  assert.deepEqual((await time.pass({ days: 7, milliseconds: -1 })).changes, []);
  const { changes } = await time.pass({ days: 8 });
  assert.deepEqual(changes.map(({ after }) => after?.["text"]), ["Reminded at 2026-01-08T00:00:00.000Z", "Reminded at 2026-01-15T00:00:00.000Z"]);
  assert.equal(time.now, "2026-01-15T23:59:59.999Z");
  const { status, result: end } = await workflow(result.workflow_id).signal("paid", { by: "Ann" });
  assert.deepEqual([status, end], ["completed", { paid_by: "Ann", reminders: 2 }]);
  assert.equal((await records(Note)).length, 2);
});

test("Ten years pass in a moment: nothing is done in them but what is due", async () => {
  const { execute, time, workflow } = open();
  const { workflow_id } = (await execute("orders/remind", 42)).result;
  await time.pass({ days: 3652 });
  assert.equal((await workflow(workflow_id).get().catch((error: Error) => error.message)), `There is no such workflow. (${workflow_id})`);
  assert.equal(time.now, "2036-01-01T00:00:00.000Z");
});

test("A workflow that is cancelled undoes what it did, and who may not cancel it is told", async () => {
  const { execute, as, time, workflow, records } = open();
  const { workflow_id } = (await execute("orders/remind", 42)).result;
  await time.pass({ days: 7 });
  assert.equal((await records(Note)).length, 1);
  await assert.rejects(as("bob").workflow(workflow_id).cancel(), /did not take the wish to cancel: There is no such workflow\. \(not_found\)/);
  await assert.rejects(workflow(workflow_id).signal("paid", { to: 1 }), /did not take the signal "paid": .* \(invalid_params\) \{/);
  assert.equal((await workflow(workflow_id).cancel()).status, "cancelled");
  assert.deepEqual(await records(Note), []);
  await assert.rejects(workflow("none").get(), /There is no such workflow\. \(none\)/);
});

test("A step that waits for something outside is waited for, then time passes without it, so that its deadline can be tested", async () => {
  const { execute, time, workflow } = createTestActions({ catalog, records: [recordsOf(Order, ORDERS)], identity: "nancy can *", patienceMs: 20 });
  const { workflow_id } = (await execute("orders/remind", 42)).result;
  await time.pass({ days: 8 });
  const { status, error } = await workflow(workflow_id).get();
  assert.deepEqual([status, error], ["failed", 'The step "send a reminder" took longer than 300000 ms.']);
});

test("Subjects are looked up as the identity may, with what could be done with them", async () => {
  const { as, subjects } = open();
  assert.equal(Object(await subjects(Order).list()).code, "not_found");
  const seen = as("vera can view_orders, manage_orders").subjects(Order);
  assert.deepEqual(Object(await seen.list({ q: "43" })).data, [{ id: 43, title: "Order #43", total: 200, shipped_at: "2025-12-01T00:00:00.000Z", approved_at: null }]);
  assert.equal(Object(await seen.get(42)).data.title, "Order #42");
  assert.deepEqual(Object(await seen.check(42)).actions.map(({ key, allowed }: { readonly key: string; readonly allowed: boolean }) => [key, allowed]), [["orders/approve", true], ["orders/remind", true]]);
});

test("Time that passes twice at once never goes back", async () => {
  const { time } = open();
  const seen: string[] = [];
  await Promise.all([{ days: 2 }, { days: 1 }].map((length) => time.pass(length).then(() => seen.push(time.now))));
  assert.deepEqual([seen.toSorted(), time.now], [seen, "2026-01-03T00:00:00.000Z"]);
});

test("Two runs of the same test come to exactly the same", async () => {
  const play = async () => {
    const { execute, bulk, time, trail, records } = open();
    const done = [
      await execute("notes/write", { text: "a" }),
      await execute("orders/remind", 42),
      await bulk("orders/remind", [43, 44]),
      await time.pass({ days: 30 }),
      await trail(),
      await records(Note),
    ];
    return JSON.stringify(done, null, 2);
  };
  const first = await play();
  assert.equal(await play(), first);
  assert.match(first, /a 00000000-0000-4000-8000-00000000000\d/);
  // Three notes of three orders, each made and taken back: once in the changes, with its title twice in the entries and in the trail.
  assert.equal(first.match(/Reminded at/g)?.length, 3 * 3 * 2 * (1 + 2 + 2));
});

test("What cannot be meant is a TypeError that names it and what to write", () => {
  const given = { catalog, identity: "nancy" };
  const Other = defineSubject({ class: "shop.Other", param: "other", id: integerId(), title: ({ id }: { readonly id: number }) => String(id) });
  const Far = defineSubject({ class: "shop.Far", param: "far", id: integerId(), title: ({ id }: { readonly id: number }) => String(id), source: () => [] });
  const rows: readonly (readonly [object, string | RegExp])[] = [
    [{ identity: "nancy may do it" }, 'identity "nancy may do it" must be such as "nancy can manage_orders, view_reports". For a client, a scope or an issuer: createIdentity({ … })'],
    [{ identity: "nancy can Do" }, 'identity "nancy can Do" must be such as "nancy can manage_orders, view_reports"; "Do" is no permission. For a client, a scope or an issuer: createIdentity({ … })'],
    [{ identity: undefined }, 'identity must be an object with the method can, not undefined: give createIdentity({ … }), or a sentence such as "nancy can manage_orders"'],
    [{ catalog: [catalog] }, "catalog must be an object with the method workflow, not an Array: give what createCatalog({ … }) answers"],
    [{ records: [{ id: 42 }] }, "records must be a list of what recordsOf() answers"],
    [{ steps: () => undefined }, "steps must be an object, not a function: stand-ins by workflow and step"],
    [{ record: [] }, 'createTestActions has no option "record"; it has catalog, identity, identityOf, limits, now, patienceMs, records, steps'],
    [{ limits: 5 }, "limits must be an object of options, not a number"],
    [{ limits: { maxBulkId: 5 } }, /^limits has no option "maxBulkId"; it has bulkConcurrency, /],
    [{ identityOf: "nancy" }, "identityOf must be a function, not a string: it answers who an identity is by now"],
    [{ now: "soon" }, 'now must be RFC 3339 such as 2026-01-01T00:00:00.000Z, not "soon"'],
    [{ steps: { "orders/shipping": {} } }, 'steps: the catalog has no workflow "orders/shipping"'],
    [{ steps: { "orders/reminding": null } }, 'steps: "orders/reminding" must be an object, not null: stand-ins by step'],
    [{ steps: { "orders/reminding": { "send a reminder": 202 } } }, 'steps: "orders/reminding": "send a reminder" must be a function, not a number: what the step answers is its answer'],
    [{ patienceMs: -1 }, "patienceMs must be a whole number from 0 to 3600000, not -1"],
    [{ records: [recordsOf(Other, [{ id: 1 }])] }, 'records: "shop.Other" is not among the catalog\'s subjects; add it there'],
    [{ catalog: { ...catalog, subject: () => Far }, records: [recordsOf(Far, [{ id: 1 }])] }, 'records: "shop.Far" has a source of its own; give that source what the test needs'],
    [{ records: [recordsOf(Note, [{ id: 1.5, text: "" }])] }, "initial records: 1.5 is no ID of a shop.Note"],
  ];
  for (const [more, message] of rows) assert.throws(() => Reflect.apply(createTestActions, undefined, [{ ...given, ...more }]), { name: "TypeError", message });
  assert.equal(createTestActions({ catalog, identity: createIdentity({ kind: "client", id: "app", permissions: [] }) }).identity.kind, "client");
  assert.deepEqual(createTestActions({ catalog, identity: "nancy can a, b and c" }).identity.permissions, ["a", "b", "c"]);
});
