import assert from "node:assert/strict";
import type { FileStore } from "../../../src/adapters/file/index.ts";
import { openStore } from "../../../src/adapters/file/open-store.ts";
import type { OpenStorePlan } from "../../../src/adapters/file/open-store.ts";
import type { TrailLimits } from "../../../src/adapters/file/trail/trail.ts";
import type { JsonObject } from "../../../src/domain/json.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import type { Change, RecordStore, StoredRecord, TrailEntry } from "../../../src/domain/ports.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

/** Where the store lives on a simulated disk: two directories deep, so that both have to be made. */
export const DIRECTORY = "/data/store";

/**
 * What may differ from one opening to the next. Without it the logs are so short that a workload
 * compacts after every kilobyte or so, the cache has everything since opening, three entries fill a
 * segment of the trail and are written as soon as they may be, and nothing is done again and again.
 */
export type Circumstances = Partial<Omit<OpenStorePlan, "files" | "directory" | "own">>;

/** So that the step that makes a large commit has it written ahead in three parts. */
export const SMALL_PARTS: Circumstances = { large: { maxBytes: 1000, partBytes: 150 } };
const SMALL_SEGMENTS: Partial<TrailLimits> = { maxSegmentEntries: 3, flushBytes: 1 };

/** Opens the store of a simulated disk. */
export function openOn(disk: SimulatedDisk, circumstances: Circumstances = {}): Promise<FileStore> {
  return openStore({
    files: disk.files, directory: DIRECTORY, clock: () => 0, observe: () => undefined, own: () => () => undefined,
    maxLogMultiple: 2, minLogBytes: 2048, maxCachedBytes: 1024 * 1024, trail: SMALL_SEGMENTS,
    highWater: { maxHeapBytes: 1000, minFreeDiskBytes: 1000 }, heapBytes: () => 0, repeat: () => () => undefined,
    ...circumstances,
  });
}

/** All that a store shows, as text that can be compared. */
export type Contents = string;

/** A workload's steps: a small commit, a large one, three at a time, one that deletes, and closing and opening. */
export const STEPS = ["small", "large", "three", "delete", "reopen"] as const;

/** One of {@link STEPS}, or what becomes of a grant: a code, a token for it, a token for that, and the end. */
export type Step = (typeof STEPS)[number] | keyof typeof GRANT_STEPS;

/** What each step of a grant takes away, and what it puts there: in one commit, so there is never both. */
const GRANT_STEPS = { grant: ["", "code"], redeem: ["code", "token-1"], rotate: ["token-1", "token-2"], revoke: ["token-2", "revoked"] } as const;

/** What happened while a workload ran. */
export interface Run {
  /** What the store showed after each commit; the first entry is the empty store. */
  readonly history: readonly Contents[];
  /** Why it ended early, when it did. */
  readonly failure?: unknown;
}

/** Runs steps on a disk, noting there how many commits were answered as durable. The first failure ends it. */
export async function runSteps(disk: SimulatedDisk, steps: readonly Step[], circumstances: Circumstances = {}): Promise<Run> {
  const history: Contents[] = [NOTHING];
  const open: { store?: FileStore } = {};
  try {
    for (const [index, step] of steps.entries()) {
      const store = (open.store ??= await openOn(disk, circumstances));
      if (step === "reopen") {
        await idle(disk);
        await store.close();
        delete open.store;
      } else await runStep(disk, store, await changesOf(store, step, index), history);
    }
    await open.store?.close();
    return { history };
  } catch (failure) {
    await open.store?.close();
    return { history, failure };
  }
}

async function runStep(disk: SimulatedDisk, store: FileStore, commits: readonly (readonly Change[])[], history: Contents[]): Promise<void> {
  for (const changes of commits) {
    assert.equal((await store.commit(changes, changes.flatMap(entriesOf))).committed, true);
    history.push(await contentsOf(store));
  }
  await store.durable();
  disk.operations.push({ kind: "note", acknowledged: history.length - 1 });
}

/** What the trail is told of a change: nothing of some, two things of others. */
function entriesOf({ kind, id }: Change): readonly TrailEntry[] {
  const entry = { at: 0, expiresAt: 1_000_000, action: kind, subject: { class: "things", id }, identity: "somebody", value: { told: `${kind} ${id}` } };
  return id.startsWith("beside") ? [] : id.startsWith("large") ? [entry, { ...entry, subject: null }] : [entry];
}

/** Waits until the store has finished what it does in the background; closing would cut that short, as the end of a workload does. */
export async function idle(disk: SimulatedDisk): Promise<void> {
  for (let seen = -1, quietTurns = 0; quietTurns < 3; quietTurns = disk.operations.length === seen ? quietTurns + 1 : 0) {
    seen = disk.operations.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function changesOf(store: RecordStore, step: Exclude<Step, "reopen">, index: number): Promise<readonly (readonly Change[])[]> {
  const present = await listEverything(store);
  const first = present[0];
  switch (step) {
    case "grant":
    case "redeem":
    case "rotate":
    case "revoke":
      return [replaceOne(present, GRANT_STEPS[step])];
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

function replaceOne(present: readonly StoredRecord[], [used, made]: readonly [string, string]): readonly Change[] {
  const old = present.find(({ id }) => id === used);
  return [...(old === undefined ? [] : [{ kind: "delete", collection: "things", id: used, basedOn: old.version } as const]), put(made, ABSENT)];
}

/** A put into the collection that all workloads use. */
export function put(id: string, basedOn: number, value: JsonObject = {}): Change & { readonly kind: "put" } {
  return { kind: "put", collection: "things", id, basedOn, value };
}

/** Every record of the workloads' collection. */
export async function listEverything(store: RecordStore): Promise<readonly StoredRecord[]> {
  return (await store.list("things", { limit: 1_000_000 })).records;
}

/** What a store without anything in it shows. */
export const NOTHING: Contents = "\n\n";

/** What a store shows, its records and its trail, as text that can be compared. */
export async function contentsOf(store: RecordStore): Promise<Contents> {
  const records = (await listEverything(store)).map(({ id, version, value }) => `${id}@${version}=${JSON.stringify(value)}`);
  const { entries } = await store.trail({ limit: 1_000_000 });
  assert.deepEqual((await store.trail({ limit: 1_000_000, order: "descending", identity: "somebody" })).entries, entries.toReversed());
  return `${records.join("\n")}\n\n${entries.map(({ id, value }) => `${id}=${JSON.stringify(value)}`).join("\n")}`;
}

/** The IDs of the records in there. */
export function idsOf(contents: Contents): readonly string[] {
  const [records = ""] = contents.split("\n\n");
  return records.split("\n").map((line) => line.slice(0, line.indexOf("@")));
}

/**
 * Opens a store after a crash and holds it to the promise: it opens by itself, shows the state after
 * some commit, no earlier than the last one answered, and goes on working. Answers what it showed.
 */
export async function checkRecovery(disk: SimulatedDisk, run: Run, acknowledged: number, scene: string): Promise<Contents> {
  const store = await openOn(disk);
  const found = await contentsOf(store);
  const at = run.history.indexOf(found, acknowledged);
  assert.ok(at >= acknowledged, `${scene}: recovered what is not the state after any commit from ${acknowledged} on:\n${found}`);
  const change = put("after-the-crash", ABSENT);
  assert.deepEqual(await store.commit([change], entriesOf(change)), { committed: true, version: at + 1 }, scene);
  await store.durable();
  const after = await contentsOf(store);
  await store.close();
  const again = await openOn(disk);
  assert.equal(await contentsOf(again), after, `${scene}: what was committed after the crash is not there`);
  await again.close();
  return found;
}

/** What the store on a disk shows. */
export async function showAll(disk: SimulatedDisk): Promise<Contents> {
  const store = await openOn(disk);
  const contents = await contentsOf(store);
  await store.close();
  return contents;
}
