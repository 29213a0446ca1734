import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordStore } from "../../../src/domain/index.ts";
import { auditor, openCounters, worker } from "../counters.ts";
import { late, turn } from "../lab.ts";

const add = { key: "counters/add", identity: worker, subject: "1", idempotencyKey: "k" };

test("a repeat with the same key gets the same answer and nothing runs", async () => {
  const { actions, runs, count } = openCounters();
  const first = await actions.execute(add);
  const second = await actions.execute({ ...add, params: {} });
  assert.deepEqual(first, { kind: "data", message: "Counted.", data: { id: 1, title: "Counter #1", count: 1 } });
  assert.deepEqual(second, { ...first, replayed: true });
  assert.equal(runs.handled, 1);
  assert.equal(await count(1), 1);
});

test("100 concurrent identical calls have one effect and 100 equal answers", async () => {
  const { actions, runs, count } = openCounters();
  const answers = await Promise.all(Array.from({ length: 100 }, () => actions.execute(add)));
  for (const answer of answers) assert.deepEqual({ ...answer, replayed: true }, { ...answers[0], replayed: true });
  assert.equal(answers.filter((answer) => !("replayed" in answer)).length, 1);
  assert.equal(runs.handled, 1);
  assert.equal(await count(1), 1);
});

test("the same key for another action, subject or parameter is refused and runs nothing", async () => {
  const { actions, runs } = openCounters();
  await actions.execute({ ...add, params: { by: 2 } });
  const others = [{ ...add, params: { by: 3 } }, { ...add, subject: "2", params: { by: 2 } }, { ...add, key: "counters/look", params: { by: 2 } }];
  for (const other of others) {
    assert.deepEqual(await actions.execute(other), {
      kind: "failed",
      code: "idempotency_key_reused",
      message: "This Idempotency-Key was used for another request. Use a new one.",
    });
  }
  assert.equal(runs.handled, 1);
});

test("the order of the parameters is no other request", async () => {
  const { actions, runs } = openCounters();
  await actions.execute({ ...add, params: { by: 2, secret: "s" } });
  assert.equal("replayed" in (await actions.execute({ ...add, params: { secret: "s", by: 2 } })), true);
  assert.equal(runs.handled, 1);
});

test("a key belongs to the identity that used it", async () => {
  const { actions, count } = openCounters();
  await actions.execute(add);
  await actions.execute({ ...add, identity: auditor });
  assert.equal(await count(1), 2);
});

test("an action's own refusal is remembered, a failure on the way to it is not", async () => {
  const { actions, runs } = openCounters();
  const refusing = { ...add, params: { fail: "refuse" } };
  const first = await actions.execute(refusing);
  assert.deepEqual(first, { kind: "refused", message: "Counter #1 is full.", code: "full", details: { at: 0 } });
  assert.deepEqual(await actions.execute(refusing), { ...first, replayed: true });
  assert.equal(runs.handled, 1);
  for (const retry of [
    { ...add, idempotencyKey: "invalid", params: { by: 0 } },
    { ...add, idempotencyKey: "missing", subject: "77" },
    { ...add, idempotencyKey: "broken", params: { fail: "break" } },
  ]) {
    assert.equal((await actions.execute(retry)).kind, "failed");
    assert.equal("replayed" in (await actions.execute(retry)), false);
  }
});

test("a repeat is answered from memory although its subject is gone", async () => {
  const { actions } = openCounters();
  const removal = { key: "counters/remove", identity: worker, subject: "1", idempotencyKey: "once" };
  assert.deepEqual(await actions.execute(removal), { kind: "nothing" });
  assert.deepEqual(await actions.execute(removal), { kind: "nothing", replayed: true });
});

test("an answer is forgotten when its time is over", async () => {
  const { actions, runs, time } = openCounters({ idempotencyRetentionSeconds: 60 });
  await actions.execute(add);
  time.now += 59_999;
  assert.equal("replayed" in (await actions.execute(add)), true);
  time.now += 1;
  assert.equal("replayed" in (await actions.execute(add)), false);
  assert.equal(runs.handled, 2);
});

test("of two processes on one store one acts, and the loser of the race answers the winner's", async () => {
  const one = openCounters();
  const two = openCounters({ store: one.store });
  const answers = await Promise.all([one.actions.execute(add), two.actions.execute(add)]);
  assert.equal(await one.count(1), 1);
  assert.equal(one.runs.handled + two.runs.handled, 2, "both ran, one was discarded");
  assert.deepEqual(answers.map((answer) => answer.kind), ["data", "data"]);
  assert.equal(answers.filter((answer) => "replayed" in answer).length, 1);
});

test("a bulk call with a key is answered whole from memory, in every mode", async () => {
  for (const mode of ["each", "stop", "atomic"] as const) {
    const { actions, runs } = openCounters();
    const call = { key: "counters/add", identity: worker, idempotencyKey: mode, input: { ids: [1, "2", 77], mode } };
    const first = await actions.bulk(call);
    const handled = runs.handled;
    assert.deepEqual(await actions.bulk(call), { ...first, replayed: true });
    assert.equal(runs.handled, handled);
    const other = await actions.bulk({ ...call, input: { ids: [1], mode } });
    assert.equal(other.kind === "failed" && other.code, "idempotency_key_reused");
  }
});

test("100 concurrent identical bulk calls act once", async () => {
  const { actions, count } = openCounters();
  const call = { key: "counters/add", identity: worker, idempotencyKey: "b", input: { ids: [1, 2, 3] } };
  const answers = await Promise.all(Array.from({ length: 100 }, () => actions.bulk(call)));
  assert.deepEqual(await Promise.all([1, 2, 3].map(count)), [1, 1, 1]);
  for (const answer of answers) assert.deepEqual({ ...answer, replayed: true }, { ...answers[0], replayed: true });
});

test("a bulk call that was cut off goes on with what is not done, and says what was", async () => {
  for (const mode of ["each", "stop"] as const) {
    const { actions, store, runs } = openCounters();
    const call = { key: "counters/add", identity: worker, idempotencyKey: "cut", input: { ids: [1, 2, 3, 4], mode } };
    const cut = openCounters({ store, wrapStore: (inner) => diesAfter(inner, 3), bulkConcurrency: 1 });
    const begun = await cut.actions.bulk(call);
    assert.equal(begun.kind === "bulk" && begun.message, "2 of 4 succeeded.");
    const done = await actions.bulk(call);
    assert.equal(done.kind, "bulk");
    assert.deepEqual(done.kind === "bulk" && done.items.map(({ outcome }) => outcome !== "skipped" && "replayed" in outcome), [true, true, false, false]);
    assert.equal(runs.handled, 2);
    const counts = await Promise.all([1, 2, 3, 4].map(async (id) => (await store.read("test.Counter", [String(id)]))[0]?.value["count"]));
    assert.deepEqual(counts, [1, 1, 1, 1]);
    assert.deepEqual(await actions.bulk(call), { ...done, replayed: true });
    assert.equal((await store.list("actionport.idempotency", { limit: 100 })).records.length, 1, "the items' own memories are gone");
  }
});

test("a wrong parameter of a bulk call takes no key", async () => {
  const { actions } = openCounters();
  const wrong = { key: "counters/add", identity: worker, idempotencyKey: "b", input: { ids: [1], params: { by: 0 } } };
  assert.equal((await actions.bulk(wrong)).kind, "failed");
  assert.equal((await actions.bulk({ ...wrong, input: { ids: [1] } })).kind, "bulk");
});

test("of two engines on one store that get the same bulk call at once each item is done by one, in every mode", async () => {
  for (const mode of ["each", "stop", "atomic"] as const) {
    for (let round = 0; round < 5; round++) {
      const one = openCounters({ wrapStore: late });
      const two = openCounters({ store: one.store, wrapStore: late });
      const call = { key: "counters/add", identity: worker, idempotencyKey: mode, input: { ids: [1, 2, 3, 4, 5, 6], mode } };
      const answers = await Promise.all([one.actions.bulk(call), two.actions.bulk(call)]);
      assert.deepEqual(await Promise.all([1, 2, 3, 4, 5, 6].map((id) => one.count(id))), [1, 1, 1, 1, 1, 1], mode);
      for (const answer of answers) assert.equal(answer.kind === "bulk" && answer.message, "6 of 6 succeeded.", mode);
      assert.equal(answers.filter((answer) => "replayed" in answer).length <= 1, true);
    }
  }
});

test("an engine that comes when another is half done with a bulk call goes on with what is left", async () => {
  for (const mode of ["each", "stop"] as const) {
    const one = openCounters({ bulkConcurrency: 1 });
    const two = openCounters({ store: one.store, bulkConcurrency: 1 });
    const call = { key: "counters/add", identity: worker, idempotencyKey: mode, input: { ids: [1, 2, 3, 4], mode } };
    let other: Promise<unknown> | null = null;
    const onItem = async () => {
      other ??= two.actions.bulk(call);
      await turn();
    };
    await one.actions.bulk({ ...call, onItem });
    await other;
    assert.deepEqual(await Promise.all([1, 2, 3, 4].map((id) => one.count(id))), [1, 1, 1, 1], mode);
  }
});

/** A store whose process dies after so many commits. */
function diesAfter(store: RecordStore, commits: number): RecordStore {
  let left = commits;
  return {
    read: (collection, ids) => store.read(collection, ids),
    list: (collection, page) => store.list(collection, page),
    trail: (query) => store.trail(query),
    durable: () => store.durable(),
    commit(changes, entries) {
      if (left-- <= 0) throw new Error("cut off");
      return store.commit(changes, entries);
    },
  };
}
