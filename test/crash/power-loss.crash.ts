import assert from "node:assert/strict";
import { test } from "node:test";
import { cutPowerEverywhere, killThenCutPower, sequencesOf } from "../adapters/file/power-loss.ts";
import { STEPS } from "../adapters/file/workload.ts";
import type { Step } from "../adapters/file/workload.ts";

test("K7: after a power cut at any operation of every workload of up to three steps, the store recovers a state it promised", async () => {
  let looked = 0;
  for (const steps of sequencesOf(STEPS, 3)) looked += await cutPowerEverywhere(steps, { statesPerOperation: steps.length === 3 ? 4 : 100, secondCuts: 0 });
  assert.ok(looked > 40_000, `only ${looked} disks were looked at`);
});

test("K7: and so it does in longer workloads", async () => {
  for (let n = 0; n < 20; n++) {
    const steps = Array.from({ length: 8 }, (_, at): Step => STEPS[(n * 7 + at * at * 3 + ((n * at) >> 1)) % STEPS.length] ?? "small");
    await cutPowerEverywhere(steps, { statesPerOperation: 3, secondCuts: 0 });
  }
});

test("K8: a second power cut while the store recovers from the first changes nothing", async () => {
  for (const steps of sequencesOf(STEPS, 2)) await cutPowerEverywhere(steps, { statesPerOperation: 3, secondCuts: 1 });
});

test("K8: what a store shows after a kill survives a power cut that follows", async () => {
  for (const steps of sequencesOf(STEPS, 2)) await killThenCutPower(steps, 3);
});
