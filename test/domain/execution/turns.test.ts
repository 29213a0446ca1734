import assert from "node:assert/strict";
import { test } from "node:test";
import { isPromiseLike } from "../../../src/domain/maybe-promise.ts";
import { Turns, type HeldTurns, type TurnTarget } from "../../../src/domain/execution/turns/turns.ts";
import { seeded, turn } from "../lab.ts";

/** Targets of one collection by their IDs. */
function at(ids: readonly string[]): readonly TurnTarget[] {
  return ids.map((id) => ({ collection: "c", id }));
}

function takeNow(turns: Turns, ...keys: string[]): HeldTurns {
  const held = turns.take(at(keys));
  assert.ok(!isPromiseLike(held), `${keys.join()} is free`);
  return held;
}

/** Asks for the turns and says when it got them. */
function ask(turns: Turns, name: string, keys: readonly string[], got: string[]): Promise<HeldTurns> {
  return Promise.resolve(turns.take(at(keys))).then((held) => {
    got.push(name);
    return held;
  });
}

test("A free turn is taken at once, and none at all as well", () => {
  const turns = new Turns();
  takeNow(turns).release();
  takeNow(turns, "a", "b").release();
  takeNow(turns, "b", "a").release();
});

test("The same key named twice is taken once", () => {
  const turns = new Turns();
  takeNow(turns, "a", "a", "a").release();
  takeNow(turns, "a").release();
});

test("Turns are given in the order in which they were asked for", async () => {
  const turns = new Turns();
  const got: string[] = [];
  const first = takeNow(turns, "a");
  const waiting = ["1", "2", "3"].map((name) => ask(turns, name, ["a"], got));
  await turn();
  assert.deepEqual(got, []);
  first.release();
  for (const [index, next] of waiting.entries()) {
    const held = await next;
    assert.equal(got.length, index + 1);
    held.release();
  }
  assert.deepEqual(got, ["1", "2", "3"]);
  takeNow(turns, "a").release();
});

test("Nobody overtakes those who wait", async () => {
  const turns = new Turns();
  const got: string[] = [];
  const first = takeNow(turns, "a");
  const second = ask(turns, "second", ["a"], got);
  first.release();
  const third = ask(turns, "third", ["a"], got);
  (await second).release();
  (await third).release();
  assert.deepEqual(got, ["second", "third"]);
});

test("More turns can be taken only while they are free, all or none, and never by waiting", async () => {
  const turns = new Turns();
  const one = takeNow(turns, "a");
  const two = takeNow(turns, "b");
  assert.equal(one.extend(at(["a"])), true);
  assert.equal(one.extend(at(["c", "b"])), false);
  takeNow(turns, "c").release();
  assert.equal(one.extend(at(["c", "c", "d"])), true);
  assert.equal(two.extend(at(["d"])), false);
  one.release();
  assert.equal(two.extend(at(["a", "c", "d"])), true);
  two.release();
  for (const key of ["a", "b", "c", "d"]) takeNow(turns, key).release();
});

test("A key that somebody waits for counts as taken, though it is on its way", async () => {
  const turns = new Turns();
  const got: string[] = [];
  const first = takeNow(turns, "a");
  const other = takeNow(turns, "b");
  const second = ask(turns, "second", ["a"], got);
  first.release();
  assert.equal(other.extend(at(["a"])), false);
  (await second).release();
  assert.equal(other.extend(at(["a"])), true);
  other.release();
});

test("Who needs many turns and who needs some of them never wait for each other, in any order", async () => {
  const turns = new Turns();
  const random = seeded(11);
  const keys = ["a", "b", "c", "d", "e", "f"];
  const holders = new Map<string, number>();
  let done = 0;
  const worker = async (name: number) => {
    for (let round = 0; round < 30; round++) {
      const wanted = keys.filter(() => random() < 0.4).sort(() => random() - 0.5);
      const held = await turns.take(at(wanted));
      const more = keys.filter(() => random() < 0.2);
      const mine = held.extend(at(more)) ? new Set([...wanted, ...more]) : new Set(wanted);
      for (const key of mine) {
        assert.equal(holders.get(key), undefined, "nobody else holds it");
        holders.set(key, name);
      }
      for (let wait = Math.floor(random() * 3); wait > 0; wait--) await turn();
      for (const key of mine) holders.delete(key);
      held.release();
      done++;
    }
  };
  await Promise.all(Array.from({ length: 40 }, (_, name) => worker(name)));
  assert.equal(done, 40 * 30);
  takeNow(turns, ...keys).release();
});

test("The same ID in two collections is two turns", async () => {
  const turns = new Turns();
  takeNow(turns, "a");
  assert.ok(!isPromiseLike(turns.take([{ collection: "d", id: "a" }])));
  assert.ok(isPromiseLike(turns.take([{ collection: "d", id: "a" }])));
});

test("Turns that were given back are swept away, those that somebody has are not", () => {
  const turns = new Turns();
  const kept = takeNow(turns, "kept");
  for (let n = 0; n < 40_000; n++) takeNow(turns, `passes-${n}`).release();
  assert.equal(takeNow(turns).extend(at(["kept"])), false);
  kept.release();
  takeNow(turns, "kept").release();
});
