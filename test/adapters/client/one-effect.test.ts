import assert from "node:assert/strict";
import { test } from "node:test";
import { callThroughFaults } from "./one-effect.ts";

// `npm run test:crash` makes a thousand calls, which takes some three thousand tries.
test("In a thousand tries over a server that is killed, slow, cut in its answers or unavailable each call has one effect", { timeout: 120_000 }, async (t) => {
  const { faults, kills } = await callThroughFaults(400, 300);
  const tries = [...faults.values()].reduce((sum, count) => sum + count);
  t.diagnostic(JSON.stringify({ ...Object.fromEntries(faults), kills }));
  assert.ok(tries >= 1_000);
  assert.ok(kills >= 3, "its process was killed and started anew on the same files");
  assert.equal(faults.size, 8, "every kind of fault was there");
});
