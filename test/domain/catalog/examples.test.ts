import assert from "node:assert/strict";
import { test } from "node:test";
import { createActions, createCatalog, defineAction, defineSubject, everyone, integer, integerId, standardParams, text } from "../../../src/domain/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";

const Item = defineSubject({ class: "shop.Item", param: "item", id: integerId(), title: (item: { readonly id: number }) => `Item #${item.id}` });
const params = { name: text(), count: integer().default(1) };

test("the examples of an action stand in its description, each with a label", () => {
  const action = defineAction({ key: "a", label: "A", subject: Item, params, examples: [{ subject: 3, params: { name: "x" } }, { label: "Two", params: { name: "y", count: 2 } }], authorize: everyone, handle: () => "Done." });
  const clock = () => 0;
  const actions = createActions({ catalog: createCatalog({ actions: [action], subjects: [Item] }), store: createMemoryStore({ clock }), clock, newId: () => "id" });
  assert.deepEqual(actions.describe("a")?.examples, [{ label: "A", subject: 3, params: { name: "x" } }, { label: "Two", params: { name: "y", count: 2 } }]);
});

test("an example that could not be sent is a TypeError that names it", () => {
  const define = (example: object | null) =>
    // Wrong on purpose, as plain JavaScript can be.
    Reflect.apply(defineAction, undefined, [{ key: "a", label: "A", subject: Item, params, examples: [{ params: { name: "x" } }, example], authorize: everyone, handle: () => "Done." }]);
  const rows: readonly (readonly [example: object | null, message: RegExp])[] = [
    [{ params: { name: 1 } }, /^action "a": examples\.1: its params are not valid: name: Must be text\.$/],
    [{ params: {} }, /^action "a": examples\.1: its params are not valid: name: /],
    [{}, /^action "a": examples\.1: its params are not valid: /],
    [null, /^action "a": examples\.1 must be an object of options, not null$/],
    [{ parameters: { name: "x" } }, /^action "a": examples\.1 has no option "parameters"; it has label, params, subject$/],
    [{ label: 5, params: { name: "x" } }, /^action "a": examples\.1: label must be a text, not a number: what it shows to people$/],
    [{ subject: "x", params: { name: "x" } }, /^action "a": examples\.1: "x" is no ID of a shop\.Item$/],
  ];
  for (const [example, message] of rows) assert.throws(() => define(example), { name: "TypeError", message });
  assert.throws(() => Reflect.apply(defineAction, undefined, [{ key: "a", label: "A", params, examples: [{ subject: 1, params: { name: "x" } }], authorize: everyone, handle: () => "Done." }]), {
    name: "TypeError",
    message: /^action "a": examples\.0: the action takes no subject/,
  });
});

test("what takes its time to validate is not checked at the start", () => {
  const slow = standardParams(
    { "~standard": { version: 1, vendor: "slow", validate: async (value: unknown) => ({ value }) } },
    { schema: { type: "object", properties: { name: { type: "string" } } } },
  );
  assert.doesNotThrow(() => defineAction({ key: "a", label: "A", params: slow, examples: [{ params: { name: "x" } }], authorize: everyone, handle: () => "Done." }));
});
