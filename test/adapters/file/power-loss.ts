import assert from "node:assert/strict";
import { crashStates } from "./crash-states.ts";
import { EMPTY_DISK, createDisk } from "./simulated-disk.ts";
import type { DiskImage, DiskOperation } from "./simulated-disk.ts";
import { SMALL_PARTS, checkRecovery, contentsOf, openOn, runSteps } from "./workload.ts";
import type { Run, Step } from "./workload.ts";

/** How thorough a simulation of power cuts is. */
export interface Thoroughness {
  /** How many disk states are looked at after each operation, at most. */
  readonly statesPerOperation: number;
  /** How many of those are hit by a second power cut, after each operation of the recovery. 0: none. */
  readonly secondCuts: number;
}

/** Cuts the power after each operation of a workload, and checks what recovers. Answers how many disks were looked at. */
export async function cutPowerEverywhere(steps: readonly Step[], thoroughness: Thoroughness): Promise<number> {
  const disk = createDisk();
  const run = await runSteps(disk, steps, SMALL_PARTS);
  assert.equal(run.failure, undefined);
  let looked = 0;
  for (let cut = 0; cut <= disk.operations.length; cut++) {
    const before = disk.operations.slice(0, cut);
    const scene = `${steps.join(", ")}; power cut after operation ${cut} (${describe(before.at(-1))})`;
    const states = crashStates(EMPTY_DISK, before, thoroughness.statesPerOperation);
    for (const [n, image] of states.entries()) {
      await checkRecovery(createDisk(image), run, acknowledgedBy(before), `${scene}, state ${n}`);
      looked++;
    }
    for (const image of spread(states, thoroughness.secondCuts)) looked += await cutAgain(image, run, acknowledgedBy(before), scene);
  }
  return looked;
}

/**
 * Kills the process after each operation of a workload, lets the next one open and be read, and cuts
 * the power, meanwhile or then. What it showed somebody was told of, so that has to be there. Answers
 * how many disks were looked at.
 */
export async function killThenCutPower(steps: readonly Step[], statesPerCut: number): Promise<number> {
  const disk = createDisk();
  const run = await runSteps(disk, steps, SMALL_PARTS);
  let looked = 0;
  for (let kill = 0; kill <= disk.operations.length; kill++) {
    const next = createDisk(EMPTY_DISK, disk.operations.slice(0, kill));
    const store = await openOn(next);
    const shown = run.history.indexOf(await contentsOf(store), acknowledgedBy(next.operations));
    await store.durable();
    const scene = `${steps.join(", ")}; killed after operation ${kill}`;
    assert.ok(shown >= 0, scene);
    for (let cut = kill; cut <= next.operations.length; cut++) {
      const promised = cut === next.operations.length ? shown : acknowledgedBy(next.operations);
      for (const image of crashStates(EMPTY_DISK, next.operations.slice(0, cut), statesPerCut)) {
        await checkRecovery(createDisk(image), run, promised, `${scene}, then a power cut after operation ${cut - kill} of the recovery`);
        looked++;
      }
    }
    await store.close();
  }
  return looked;
}

/** Lets the store recover, and cuts the power after each operation of that. */
async function cutAgain(image: DiskImage, run: Run, acknowledged: number, scene: string): Promise<number> {
  const disk = createDisk(image);
  await (await openOn(disk)).close();
  let looked = 0;
  for (let cut = 0; cut <= disk.operations.length; cut++) {
    for (const again of crashStates(image, disk.operations.slice(0, cut), 3)) {
      await checkRecovery(createDisk(again), run, acknowledged, `${scene}, and again after operation ${cut} of the recovery`);
      looked++;
    }
  }
  return looked;
}

/** How many commits had been answered as durable. */
export function acknowledgedBy(operations: readonly DiskOperation[]): number {
  return operations.reduce((most, operation) => (operation.kind === "note" ? operation.acknowledged : most), 0);
}

function spread<T>(all: readonly T[], count: number): readonly T[] {
  return Array.from({ length: Math.min(count, all.length) }, (_, n) => all.slice(Math.floor((n * all.length) / count), Math.floor((n * all.length) / count) + 1)).flat();
}

function describe(operation: DiskOperation | undefined): string {
  return operation === undefined ? "none" : operation.kind;
}

/** Every sequence of up to so many steps. */
export function sequencesOf(steps: readonly Step[], longest: number): readonly (readonly Step[])[] {
  let last: readonly (readonly Step[])[] = [[]];
  const all: (readonly Step[])[] = [];
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap((sequence) => steps.map((step) => [...sequence, step]));
    all.push(...last);
  }
  return all;
}
