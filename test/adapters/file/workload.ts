import assert from "node:assert/strict";
import type { FileStore } from "../../../src/adapters/file/index.ts";
import { openStore } from "../../../src/adapters/file/open-store.ts";
import type { JsonObject } from "../../../src/domain/json.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Change, Observation, RecordStore, StoredRecord } from "../../../src/domain/ports.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

/** Where the store lives on a simulated disk: two directories deep, so that both have to be made. */
export const DIRECTORY = "/data/store";

/** Opens the store of a simulated disk; small enough limits make it compact after a kilobyte or so. */
export function openOn(disk: SimulatedDisk, observed: Observation[] = [], minLogBytes = 2048): Promise<FileStore> {
  return openStore({
    files: disk.files,
    directory: DIRECTORY,
    clock: () => 0,
    observe: (observation) => observed.push(observation),
    maxLogMultiple: 2,
    minLogBytes,
    own: () => () => undefined,
  });
}

/** All that a store shows, as text that can be compared. */
export type Contents = string;

/** A workload's steps: a small commit, a large one, three at a time, one that deletes, and closing and opening. */
export const STEPS = ["small", "large", "three", "delete", "reopen"] as const;

/** One of {@link STEPS}. */
export type Step = (typeof STEPS)[number];

/** What happened while a workload ran. */
export interface Run {
  /** What the store showed after each commit; the first entry is the empty store. */
  readonly history: readonly Contents[];
}

/** Runs steps on a disk, noting there how many commits were answered as durable. */
export async function runSteps(disk: SimulatedDisk, steps: readonly Step[]): Promise<Run> {
  const history: Contents[] = [await contentsOf([])];
  let store = await openOn(disk);
  const commit = async (changes: readonly Change[]): Promise<void> => {
    assert.equal((await store.commit(changes)).committed, true);
    history.push(await contentsOf(await listEverything(store)));
  };
  for (const [index, step] of steps.entries()) {
    if (step === "reopen") {
      await store.close();
      store = await openOn(disk);
      continue;
    }
    for (const changes of await changesOf(store, step, index)) await commit(changes);
    await store.durable();
    disk.operations.push({ kind: "note", acknowledged: history.length - 1 });
  }
  await store.close();
  return { history };
}

async function changesOf(store: RecordStore, step: Exclude<Step, "reopen">, index: number): Promise<readonly (readonly Change[])[]> {
  const present = await listEverything(store);
  const first = present[0];
  switch (step) {
    case "small":
      return [[put(first?.id ?? "a", first?.version ?? ABSENT, { index })]];
    case "large":
      return [[put(`large-${index}`, ABSENT, { text: "x".repeat(1300) }), put(`beside-${index}`, ABSENT, { index })]];
    case "three":
      return ["x", "y", "z"].map((name) => [put(`${name}-${index}`, ABSENT, { name, filler: "é".repeat(200) })]);
    case "delete":
      return first === undefined ? [[put("a", ABSENT, { index })]] : [[{ kind: "delete", collection: "things", id: first.id, basedOn: first.version }, put(`b-${index}`, ABSENT, {})]];
  }
}

/** A put into the collection that all workloads use. */
export function put(id: string, basedOn: number, value: JsonObject = {}): Change {
  return { kind: "put", collection: "things", id, basedOn, value };
}

/** Every record of the workloads' collection. */
export async function listEverything(store: RecordStore): Promise<readonly StoredRecord[]> {
  return (await store.list("things", { limit: 1_000_000 })).records;
}

/** Records as text that can be compared. */
export async function contentsOf(records: readonly StoredRecord[]): Promise<Contents> {
  return records.map(({ id, version, value }) => `${id}@${version}=${JSON.stringify(value)}`).join("\n");
}

/**
 * Opens a store after a crash and holds it to the promise: it opens by itself, shows the state after
 * some commit, no earlier than the last one answered, and goes on working. Answers what it showed.
 */
export async function checkRecovery(disk: SimulatedDisk, run: Run, acknowledged: number, scene: string): Promise<Contents> {
  const store = await openOn(disk);
  const found = await contentsOf(await listEverything(store));
  const at = run.history.indexOf(found, acknowledged);
  assert.ok(at >= acknowledged, `${scene}: recovered what is not the state after any commit from ${acknowledged} on:\n${found}`);
  assert.deepEqual(await store.commit([put("after-the-crash", ABSENT)]), { committed: true, version: at + 1 }, scene);
  await store.durable();
  const after = await contentsOf(await listEverything(store));
  await store.close();
  const again = await openOn(disk);
  assert.equal(await contentsOf(await listEverything(again)), after, `${scene}: what was committed after the crash is not there`);
  await again.close();
  return found;
}
