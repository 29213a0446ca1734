import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ActionError, createActions, createCatalog, createIdentity, defineAction, everyone, text } from "actionport";
import { createMemoryStore } from "actionport/memory";
import { Customer, database } from "./customers-in-sqlite.ts";
import { relayOne } from "./relay.ts";

// Run by a Node that has SQLite, with the page's files beside it: an action on rows, and the loop that does what an outbox table asks for.
const greeted: string[] = [];
const greet = defineAction({
  key: "customers/greet",
  label: "Greet",
  subject: Customer,
  params: { with: text() },
  authorize: everyone,
  handle({ subject, params }) {
    if (subject.name === "Ben") throw new ActionError("Ben wants no greetings.");
    greeted.push(`${params.with} ${subject.name}`);
    return `${params.with} ${subject.name}`;
  },
});
const store = createMemoryStore({ clock: Date.now });
const actions = createActions({ catalog: createCatalog({ subjects: [Customer], actions: [greet] }), store, clock: Date.now, newId: randomUUID });
const identity = createIdentity({ kind: "user", id: "nancy", permissions: ["view_customers"] });

const bulk = await actions.bulk({ key: "customers/greet", input: { ids: [1, 2, 9], params: { with: "Hello" } }, identity });
assert.ok(bulk.kind === "bulk");
assert.deepEqual(bulk.items.map(({ outcome }) => (typeof outcome === "object" && "message" in outcome ? outcome.message : outcome)), ["Hello Ada", "Ben wants no greetings.", "There is no such subject."]);
const page = await actions.subjects.list(identity, "crm.Customer", { q: "e", limit: 10 });
assert.ok("data" in page);
assert.deepEqual(page.data.map(({ title }) => title), ["Ben", "Eve"]);

database.exec(`INSERT INTO outbox (action, subject, params) VALUES ('customers/greet', '3', '{"with":"Dear"}'), ('customers/greet', '2', '{"with":"Dear"}')`);
const before = greeted.length;
assert.equal(await relayOne(actions, identity), true);
// As if it had crashed before it could delete the row: the row is taken again, and nothing happens twice.
database.exec(`INSERT INTO outbox (id, action, subject, params) VALUES (1, 'customers/greet', '3', '{"with":"Dear"}')`);
assert.deepEqual([await relayOne(actions, identity), await relayOne(actions, identity), await relayOne(actions, identity)], [true, true, false]);
assert.deepEqual(greeted.slice(before), ["Dear Eve"]);
console.log("done");
