import assert from "node:assert/strict";
import { test } from "node:test";
import { WakeTimes } from "../../../src/adapters/embedded-workflows/wake-times.ts";
import { seeded } from "../../domain/lab.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";

test("runs are woken in the order of their times, each at the last that was set for it, and one timer is enough", () => {
  const time = createTestTime(0);
  const random = seeded(7);
  const woken: string[] = [];
  const wakes = new WakeTimes(time.timer, time.clock, (id) => woken.push(id));
  const times = new Map<string, number>();
  for (let round = 0; round < 5000; round++) {
    const id = `run ${Math.floor(random() * 1000)}`;
    const at = 1 + Math.floor(random() * 1_000_000_000);
    if (random() < 0.1) times.delete(id);
    else times.set(id, at);
    wakes.set(id, times.get(id) ?? null);
    assert.ok(time.waiting <= 1);
  }
  const inOrder = [...times].sort(([, a], [, b]) => a - b);
  for (let day = 0; day < 20; day++) {
    time.pass(50_000_000);
    const due = inOrder.filter(([, at]) => at <= time.clock());
    assert.deepEqual(woken, due.map(([id]) => id));
  }
  assert.deepEqual([woken.length, time.waiting], [times.size, 0]);
});

test("whoever is closed wakes nobody, and leaves no timer behind", () => {
  const time = createTestTime(0);
  const wakes = new WakeTimes(time.timer, time.clock, () => assert.fail("woken"));
  wakes.set("a", 10);
  wakes.set("b", 5);
  wakes.close();
  assert.equal(time.waiting, 0);
  time.pass(100);
});
