import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBooks, preparePremises, startWorker } from "../crash/fulfilment-books.ts";

test("processes that are killed while they fulfil twelve orders leave nothing undone and nothing done twice", async (t) => {
  const premises = await preparePremises(12);
  t.after(() => premises.remove());
  for (const commits of [20, 45]) assert.equal(await startWorker(premises, commits === 20 ? "behind" : "before", commits).ended, "killed");
  assert.equal(await startWorker(premises).ended, "done");
  await checkBooks(premises);
});
