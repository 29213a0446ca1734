import assert from "node:assert/strict";
import { test } from "node:test";
import { cutResults } from "../adapters/client/cut-results.ts";
import { callThroughFaults } from "../adapters/client/one-effect.ts";

test("Of a thousand calls over a server that is killed, slow, cut at every byte of an answer or unavailable each has one effect", async (t) => {
  const { faults, kills } = await callThroughFaults(1_000, 100);
  t.diagnostic(JSON.stringify({ ...Object.fromEntries(faults), kills }));
  assert.ok(kills >= 25, "its process was killed and started anew on the same files");
  assert.ok((faults.get("answer cut") ?? 0) > 700, "a cut at every byte, headers included");
});

test("The results of a bulk call that are cut at any byte go on under the same key, each given once", () => cutResults(1));
