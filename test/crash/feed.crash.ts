import assert from "node:assert/strict";
import { test } from "node:test";
import { runFeedLoop } from "./feed-loop.ts";

test("8 kills under 8 writers: whoever follows the trail and comes back gets every entry once, in order", { timeout: 120_000 }, async (t) => {
  const { entries, left, cut } = await runFeedLoop({ rounds: 8, writers: 8, readers: 4, maxEvents: 120 });
  t.diagnostic(`${entries} entries, ${left} times readers left, ${cut} times they were cut off`);
  assert.ok(entries > 100 && left > 0);
  assert.equal(cut, 32);
});
