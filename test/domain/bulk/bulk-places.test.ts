import assert from "node:assert/strict";
import { test } from "node:test";
import { BulkPlaces } from "../../../src/domain/bulk/call/bulk-places.ts";
import { DeadlineList } from "../../../src/domain/execution/time/deadlines.ts";
import { createIdentity, defineAction, everyone } from "../../../src/domain/index.ts";
import { Counter, NOBODY, openLab, turn } from "../lab.ts";

/** Tells in which order calls got their places. */
function openPlaces(max: number, deadlines: DeadlineList | null = null) {
  const places = new BulkPlaces(max, deadlines);
  const log: string[] = [];
  const take = async (identity: string, subjects: number, caller?: AbortSignal) => {
    const refused = await places.take(identity, subjects, caller);
    log.push(refused === null ? identity : refused.code);
  };
  return { places, log, take };
}

test("Calls wait for room, first come first served", async () => {
  const { places, log, take } = openPlaces(100);
  await Promise.all([take("a", 50), take("b", 40)]);
  const waiting = [take("c", 50), take("d", 10)];
  await turn();
  assert.deepEqual(log, ["a", "b"], "nobody passes who waits for room");
  places.leave("b", 40);
  await waiting[0];
  assert.deepEqual(log, ["a", "b", "c"]);
  places.leave("a", 50);
  await waiting[1];
  assert.deepEqual(log, ["a", "b", "c", "d"]);
});

test("One identity has half of the places, and others pass its calls that wait", async () => {
  const { places, log, take } = openPlaces(100);
  await take("a", 50);
  const waiting = take("a", 1);
  await Promise.all([take("b", 30), take("c", 20)]);
  assert.deepEqual(log, ["a", "b", "c"]);
  places.leave("a", 50);
  await waiting;
  assert.deepEqual(log, ["a", "b", "c", "a"]);
});

test("A call of more subjects than there are places for its identity takes all that it can have", async () => {
  const { places, log, take } = openPlaces(100);
  await take("a", 1_000);
  const waiting = [take("a", 1), take("b", 50)];
  await waiting[1];
  assert.deepEqual(log, ["a", "b"]);
  places.leave("a", 1_000);
  await waiting[0];
  assert.deepEqual(log, ["a", "b", "a"]);
});

test("Whoever waits too long is told so, and whoever goes away gives up", async () => {
  const time = { now: 0, wake: () => {} };
  const deadlines = new DeadlineList(1_000, (_at, wake) => ((time.wake = wake), () => {}), () => time.now);
  const { places, log, take } = openPlaces(100, deadlines);
  await take("a", 50);
  const caller = new AbortController();
  const [late, gone, next] = [take("a", 50), take("a", 50, caller.signal), take("a", 20)];
  caller.abort();
  await assert.rejects(gone, { name: "CallerGone" });
  await assert.rejects(take("a", 50, AbortSignal.abort()), { name: "CallerGone" });
  time.now = 1_000;
  time.wake();
  await Promise.all([late, next]);
  assert.deepEqual(log, ["a", "unavailable", "unavailable"]);
  places.leave("a", 50);
  await take("a", 50);
  assert.deepEqual(log, ["a", "unavailable", "unavailable", "a"], "nobody is left in the queue");
});

test("So many calls of one identity wait and no more", async () => {
  const { places, log, take } = openPlaces(2);
  await take("a", 1);
  const waiting = Array.from({ length: 128 }, () => take("a", 1));
  await take("a", 1);
  assert.deepEqual(log, ["a", "too_many_requests"]);
  await take("b", 1);
  for (const each of waiting) {
    places.leave("a", 1);
    await each;
  }
  assert.deepEqual(log, ["a", "too_many_requests", "b", ...waiting.map(() => "a")]);
});

test("Bulk calls run one after the other where there is no room for more, and fail alone when their time is over", async () => {
  const underWay = { now: 0, most: 0 };
  const add = defineAction({
    key: "add", label: "Add", subject: Counter, authorize: everyone,
    async handle({ subject, subjects }) {
      underWay.most = Math.max(underWay.most, ++underWay.now);
      await turn();
      underWay.now--;
      return subjects.put(Counter, { ...subject, count: subject.count + 1 });
    },
  });
  const { actions, count } = openLab([add], { maxBulkIdsUnderWay: 2, bulkConcurrency: 1 });
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => actions.bulk({ key: "add", identity: NOBODY, input: { ids: [1, 2] } })));
  assert.ok(outcomes.every((outcome) => outcome.kind === "bulk" && outcome.succeeded === 2));
  assert.equal(underWay.most, 1);
  assert.equal(await count(1), 5);
});

test("A bulk call that has found no room is unavailable, and one of somebody else goes on", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const add = defineAction({ key: "add", label: "Add", subject: Counter, authorize: everyone, handle: async () => void (await held) });
  const wakes: (() => void)[] = [];
  const time = { now: 0 };
  const { actions } = openLab([add], { clock: () => time.now, timer: (_at, wake) => (wakes.push(wake), () => {}), maxBulkIdsUnderWay: 2, bulkTurnTimeoutMs: 50 });
  const first = actions.bulk({ key: "add", identity: NOBODY, input: { ids: [1] } });
  await turn();
  const second = actions.bulk({ key: "add", identity: NOBODY, input: { ids: [2] } });
  await turn();
  time.now = 50;
  for (const wake of wakes.splice(0)) wake();
  assert.deepEqual(await second, { kind: "failed", code: "unavailable", message: "More subjects of bulk calls are under way than there is room for. Try again later." });
  const other = actions.bulk({ key: "add", identity: createIdentity({ kind: "user", id: "other", permissions: [] }), input: { ids: [2] } });
  release();
  for (const outcome of [await first, await other]) assert.equal(outcome.kind, "bulk");
});
