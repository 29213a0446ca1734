import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../../src/adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../../src/adapters/memory/index.ts";
import { createRest } from "../../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, type Authentication } from "../../../../src/domain/index.ts";
import { Counter } from "../../../domain/lab.ts";
import { toRequest } from "../harness.ts";

const LINES = [["Accept", "application/x-ndjson"]] as const;
const COUNT = 1_000;

/** A thousand counters, and what stands between a call and its items. */
function openThousand({ onItem = () => undefined as void, onBreath = () => undefined as void, concurrency = 8 } = {}) {
  const clock = () => 0;
  const store = createMemoryStore({ clock });
  const ids = Array.from({ length: COUNT }, (_, index) => index + 1);
  void store.commit(ids.map((id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0 } }) as const));
  const state = { handled: 0, who: "allowed" as "allowed" | "demoted" | "revoked" | "away" };
  const add = defineAction({
    key: "add",
    label: "Add",
    subject: Counter,
    authorize: ({ identity }) => identity.can("count"),
    handle({ subject, subjects }) {
      state.handled++;
      onItem();
      return subjects.put(Counter, { ...subject, count: subject.count + 1 });
    },
  });
  const actions = createActions({ catalog: createCatalog({ actions: [add], subjects: [Counter] }), store, clock, newId: () => "0", bulkConcurrency: concurrency });
  const authenticate = (): Authentication => {
    if (state.who === "revoked") return { authenticated: false, reason: "invalid_token" };
    if (state.who === "away") return { authenticated: false, reason: "unavailable" };
    return { authenticated: true, identity: createIdentity({ kind: "user", id: "u", permissions: state.who === "allowed" ? ["count"] : [] }) };
  };
  const breathe = () => (onBreath(), actions.breathe());
  const handler = createRest({ actions: { ...actions, breathe }, authenticate, clock, newId: () => "0" });
  const send = (headers: readonly (readonly [string, string])[] = [], input: object = {}) => handler(toRequest({ path: "/api/v1/actions/add/bulk", json: { ids, ...input }, headers }));
  return { send, state };
}

test("A large answer comes in pieces that make the text of one, and a small one comes whole", async () => {
  const large = await openThousand().send();
  assert.ok(typeof large.body === "object" && large.body !== null);
  const pieces: string[] = [];
  for await (const piece of large.body) pieces.push(piece);
  assert.ok(pieces.length > 5 && pieces.every((piece) => piece.length < 20_000), `${pieces.map(({ length }) => length)}`);
  const answer = JSON.parse(pieces.join(""));
  assert.equal(pieces.join(""), JSON.stringify(answer));
  assert.deepEqual(Object.keys(answer), ["success", "outcome", "message", "total", "succeeded", "failed", "skipped", "results"]);
  assert.deepEqual(answer.results.map(({ id }: { id: number }) => id), Array.from({ length: COUNT }, (_, index) => index + 1));
  const small = await openThousand().send([], { ids: [1, 2] });
  assert.equal(typeof small.body, "string");
});

test("Before a large body is read, and before each piece of a large answer, others may have their turn", async () => {
  let breaths = 0;
  const { send } = openThousand({ onBreath: () => void breaths++ });
  await send([], { ids: [1, 2] });
  assert.equal(breaths, 0);
  await send([], { ids: [1], params: { note: "x".repeat(20_000) } });
  assert.equal(breaths, 1);
  const { body } = await send();
  assert.ok(typeof body === "object" && body !== null);
  for await (const _ of body) continue;
  assert.equal(breaths, 1 + Math.ceil(COUNT / 128));
});

test("Of lines that nobody reads no more are made than fit into one piece", async () => {
  const { send, state } = openThousand();
  const { body } = await send(LINES);
  assert.ok(typeof body === "object" && body !== null);
  const lines = body[Symbol.asyncIterator]();
  let taken = 0;
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    taken += next.value.trimEnd().split("\n").length;
    await new Promise(setImmediate);
    assert.ok(state.handled - taken <= 128, `${state.handled} done, ${taken} taken`);
  }
  assert.equal(taken, COUNT + 1);
});

for (const [who, status, code] of [["demoted", 403, "forbidden"], ["revoked", 403, "forbidden"], ["away", 503, "unavailable"]] as const) {
  test(`An identity that is ${who} during a call gets ${code} for the items that come then`, async () => {
    for (const mode of ["each", "stop"]) {
      const { send, state } = openThousand({ concurrency: 1, onItem: () => void (state.handled === 10 && (state.who = who)) });
      const { body } = await send([], { mode });
      assert.ok(typeof body === "object" && body !== null);
      let text = "";
      for await (const piece of body) text += piece;
      const { results, succeeded, skipped } = JSON.parse(text);
      assert.deepEqual([succeeded, skipped, results[9].status, results[10].status, results[10].code], [10, mode === "stop" ? COUNT - 11 : 0, 200, status, code]);
    }
  });
}

test("A permission that goes away counts from the next item on, also among items that are kept together", async () => {
  const { send, state } = openThousand({ onItem: () => void (state.handled === 10 && (state.who = "demoted")) });
  const { body } = await send();
  assert.ok(typeof body === "object" && body !== null);
  let text = "";
  for await (const piece of body) text += piece;
  assert.equal(JSON.parse(text).succeeded, 10);
});

test("A maximum of subjects that no body could name is refused at the start", () => {
  const clock = () => 0;
  const workflows = { engine: embeddedWorkflows({ timer: () => () => {}, random: Math.random }) };
  const open = (maxAsyncBulkIds: number, maxBodyBytes?: number) => {
    const actions = createActions({ catalog: createCatalog({ actions: [], subjects: [] }), store: createMemoryStore({ clock }), clock, newId: () => "0", workflows, maxAsyncBulkIds });
    return createRest({ actions, authenticate: () => ({ authenticated: false, reason: "invalid_token" }), clock, newId: () => "0", ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }) });
  };
  assert.throws(() => open(1_000_000), new TypeError("maxAsyncBulkIds is 1000000, but so many IDs take 6888912 bytes at least, and maxBodyBytes is 1048576; make that larger, or maxAsyncBulkIds smaller"));
  const body = JSON.stringify({ ids: Array.from({ length: 123_456 }, (_, id) => id), async: true });
  open(123_456, body.length);
  assert.throws(() => open(123_456, body.length - 1), TypeError);
  open(100_000, 100);
});

test("As many IDs of nine digits as the default allows fit into a body of the default size", () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => 100_000_000 + index);
  assert.ok(JSON.stringify({ ids, mode: "each", async: true }).length < 1_048_576);
});
