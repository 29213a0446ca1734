import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { checkBooks, planOf, preparePremises, startWorker, type Premises } from "./fulfilment-books.ts";

/** Reproducible chance: the seed stands in the test's name. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const plan of ["ship", "cancel"] as const) {
  test(`kill -9 at every commit of one fulfilment that is to ${plan}: it ends once, and stock and outbox agree`, async (t) => {
    const all = await preparePremises(3);
    t.after(() => all.remove());
    const premises: Premises = { ...all, orders: all.orders.filter((order) => planOf(order) === plan).slice(0, 1) };
    let commits = 0;
    for (let at = 1, killed = true; killed; at++) {
      for (const when of ["before", "behind"]) {
        const copy = { ...premises.copy(), orders: premises.orders };
        killed = (await startWorker(copy, when, at).ended) === "killed";
        if (killed) assert.equal(await startWorker(copy).ended, "done", `${when} commit ${at}`);
        await checkBooks(copy);
        copy.remove();
      }
      commits = at;
    }
    t.diagnostic(`${commits - 1} commits`);
    assert.ok(commits > 8, `${commits} commits`);
  });
}

test("kill -9 at random in 200 fulfilments at once: each ends once, and stock and outbox agree", async (t) => {
  const premises = await preparePremises(200);
  t.after(() => premises.remove());
  const random = chance(20_261_124);
  let kills = 0;
  for (let round = 0; round < 40; round++) {
    const worker = startWorker(premises);
    await worker.ready;
    await pause(5 + Math.floor(random() * 60));
    worker.child.kill("SIGKILL");
    if ((await worker.ended) === "done") break;
    kills++;
  }
  assert.equal(await startWorker(premises).ended, "done");
  await checkBooks(premises);
  t.diagnostic(`${kills} kills`);
  assert.ok(kills >= 3, `${kills} kills`);
});
