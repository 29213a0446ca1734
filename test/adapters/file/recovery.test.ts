import assert from "node:assert/strict";
import { test } from "node:test";
import { cutPowerEverywhere, killThenCutPower, sequencesOf } from "./power-loss.ts";
import { STEPS } from "./workload.ts";

test("K7: after a power cut at any operation of every workload of three steps, the store recovers a state it promised", async () => {
  let looked = 0;
  for (const steps of sequencesOf(STEPS, 3)) looked += await cutPowerEverywhere(steps, { statesPerOperation: steps.length === 3 ? 1 : 6, secondCuts: 0 });
  assert.ok(looked > 3000, `only ${looked} disks were looked at`);
});

test("K7: of a batch whose later part alone reached the disk, nothing is kept, and it is no damage", async () => {
  assert.ok((await cutPowerEverywhere(["three"], { statesPerOperation: 400, secondCuts: 0 })) > 100);
});

test("K8: a second power cut while the store recovers from the first changes nothing", async () => {
  assert.ok((await cutPowerEverywhere(["three", "large"], { statesPerOperation: 4, secondCuts: 2 })) > 200);
});

test("K8: what a store shows after a kill survives a power cut that follows", async () => {
  for (const steps of sequencesOf(STEPS, 2)) await killThenCutPower(steps, 2);
});
