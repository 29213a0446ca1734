import assert from "node:assert/strict";
import { test } from "node:test";
import { runKillLoop } from "../crash/kill-loop.ts";

// `npm run test:crash` has two hundred.
test("4 kills under 64 clients: every answered write is there once, and stock and audit agree", { timeout: 120_000 }, async (t) => {
  const { answered, cutOff, replayed } = await runKillLoop({ rounds: 4, clients: 64, maxLifeMs: 200 });
  t.diagnostic(`${answered} answers, ${cutOff} calls cut off, ${replayed} of them had been done`);
  assert.ok(answered > 64);
  assert.ok(cutOff > 0);
});
