import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkCounts, startWorker } from "../adapters/file/processes.ts";

const ROOT = await mkdtemp(join(tmpdir(), "actionport-kill-loop-"));
after(() => rm(ROOT, { recursive: true }));

const STORES = 2;
const ROUNDS = 250;

test(`K1: writers that are killed ${ROUNDS} times on each of ${STORES} stores lose nothing that they told of`, async () => {
  await Promise.all(Array.from({ length: STORES }, (_, n) => killAgainAndAgain(join(ROOT, `store-${n}`))));
});

async function killAgainAndAgain(directory: string): Promise<void> {
  let answered = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const worker = startWorker(directory);
    assert.equal(await worker.first, "open");
    worker.process.stdout?.once("data", () => setTimeout(() => worker.process.kill("SIGKILL"), (round * 7) % 50));
    answered = await checkCounts(directory, Math.max(answered, await worker.finish()), `round ${round}`);
  }
  assert.ok(answered > ROUNDS, `only ${answered} commits were made`);
}
