import assert from "node:assert/strict";
import { test } from "node:test";
import { runKillLoop } from "./kill-loop.ts";

test("200 kills under 64 clients: every answered write is there once, and stock and audit agree", { timeout: 600_000 }, async (t) => {
  const { answered, cutOff, replayed } = await runKillLoop({ rounds: 200, clients: 64, maxLifeMs: 300 });
  t.diagnostic(`${answered} answers, ${cutOff} calls cut off, ${replayed} of them had been done`);
  assert.ok(answered > 200);
  assert.ok(replayed > 0);
});
