import assert from "node:assert/strict";
import { test } from "node:test";
import { callThroughFaults } from "../adapters/client/one-effect.ts";

test("Of a thousand calls over a server that is killed, slow, cut at every byte of an answer or unavailable each has one effect", async (t) => {
  const faults = await callThroughFaults(1_000);
  t.diagnostic(JSON.stringify(Object.fromEntries(faults)));
  assert.ok((faults.get("answer cut") ?? 0) > 700, "a cut at every byte, headers included");
});
