import { overwrite, parentOf, resize } from "./simulated-disk.ts";
import type { DiskImage, DiskOperation } from "./simulated-disk.ts";

/*
 * What a power cut may leave of a disk, as SQLite's tests have it: what was synced is there; of
 * what was not, any part is, in any order, torn at a sector or at a byte, with zeros or garbage
 * where a file had grown before its data came.
 */

const SECTOR_BYTES = 512;

type DataOperation = Extract<DiskOperation, { readonly kind: "write" | "truncate" }>;
type NameOperation = Extract<DiskOperation, { readonly kind: "make-directory" | "create" | "rename" | "remove" }>;

interface DiskHistory {
  readonly initial: DiskImage;
  readonly safe: Map<number, Buffer>;
  readonly unsyncedData: Map<number, DataOperation[]>;
  readonly names: Map<string, number>;
  readonly directories: Set<string>;
  unsyncedNames: NameOperation[];
}

/**
 * The states that a power cut after these operations may leave behind. Of more than `most` so many
 * are chosen evenly; which, depends on how many operations there were, so that others come up elsewhere.
 */
export function crashStates(initial: DiskImage, operations: readonly DiskOperation[], most: number): readonly DiskImage[] {
  const history = replay(initial, operations);
  const choices: (readonly Choice[])[] = [nameChoices(history.unsyncedNames)];
  for (const [file, unsynced] of history.unsyncedData) choices.push(dataChoices(file, history.safe.get(file) ?? Buffer.alloc(0), unsynced));
  const total = choices.reduce((product, { length }) => product * length, 1);
  const count = Math.min(total, most);
  const offset = (operations.length * 0.6180339887) % 1;
  return Array.from({ length: count }, (_, n) => build(history, pick(choices, Math.floor(((n + offset) * total) / count))));
}

/** One way in which names, or one file's bytes, may have come out. */
type Choice = { readonly names: readonly NameOperation[] } | { readonly file: number; readonly bytes: Buffer };

function replay(initial: DiskImage, operations: readonly DiskOperation[]): DiskHistory {
  const history: DiskHistory = { initial, safe: new Map(), unsyncedData: new Map(), names: new Map(), directories: new Set(initial.directories), unsyncedNames: [] };
  for (const [path, bytes] of initial.files) {
    history.safe.set(history.safe.size, bytes);
    history.names.set(path, history.safe.size - 1);
  }
  for (const operation of operations) replayOne(history, operation);
  return history;
}

function replayOne(history: DiskHistory, operation: DiskOperation): void {
  switch (operation.kind) {
    case "note":
      return;
    case "write":
    case "truncate":
      history.unsyncedData.set(operation.file, [...(history.unsyncedData.get(operation.file) ?? []), operation]);
      return;
    case "sync":
      history.safe.set(operation.file, (history.unsyncedData.get(operation.file) ?? []).reduce(applyData, history.safe.get(operation.file) ?? Buffer.alloc(0)));
      history.unsyncedData.delete(operation.file);
      return;
    case "sync-directory":
      for (const name of history.unsyncedNames) if (directoryOf(name) === operation.path) applyName(history.names, history.directories, name);
      history.unsyncedNames = history.unsyncedNames.filter((name) => directoryOf(name) !== operation.path);
      return;
    default:
      history.unsyncedNames.push(operation);
  }
}

function directoryOf(operation: NameOperation): string {
  return parentOf(operation.kind === "rename" ? operation.to : operation.path);
}

function applyData(content: Buffer, operation: DataOperation): Buffer {
  return operation.kind === "write" ? overwrite(content, operation.bytes, operation.position) : resize(content, operation.length);
}

function applyName(names: Map<string, number>, directories: Set<string>, operation: NameOperation): void {
  if (operation.kind === "make-directory") directories.add(operation.path);
  else if (operation.kind === "create") names.set(operation.path, operation.file);
  else if (operation.kind === "remove") names.delete(operation.path);
  else {
    const file = names.get(operation.from);
    names.delete(operation.from);
    if (file !== undefined) names.set(operation.to, file);
  }
}

/** Every subset of up to four changes of names; of more, every beginning. */
function nameChoices(unsynced: readonly NameOperation[]): readonly Choice[] {
  if (unsynced.length > 4) return Array.from({ length: unsynced.length + 1 }, (_, count) => ({ names: unsynced.slice(0, count) }));
  return subsets(unsynced).map((names) => ({ names: withTargets(names, unsynced) }));
}

/** A file that was renamed but whose creation is not on the disk would have no name to be renamed from: then it came by its new one. */
function withTargets(chosen: readonly NameOperation[], all: readonly NameOperation[]): readonly NameOperation[] {
  return chosen.map((operation) => {
    if (operation.kind !== "rename") return operation;
    const created = all.find((other) => other.kind === "create" && other.path === operation.from);
    return created?.kind === "create" && !chosen.includes(created) ? { kind: "create", path: operation.to, file: created.file } : operation;
  });
}

function dataChoices(file: number, safe: Buffer, unsynced: readonly DataOperation[]): readonly Choice[] {
  const contents = new Map<string, Buffer>();
  const add = (bytes: Buffer) => contents.set(bytes.toString("latin1"), bytes);
  for (const chosen of unsynced.length > 4 ? unsynced.map((_, n) => unsynced.slice(0, n)) : subsets(unsynced)) {
    add(chosen.reduce(applyData, safe));
    const last = chosen.at(-1);
    if (last?.kind === "write") for (const torn of tearings(chosen.slice(0, -1).reduce(applyData, safe), last)) add(torn);
  }
  return [...contents.values()].map((bytes) => ({ file, bytes }));
}

/** A write of which only a part came: up to a byte, with nothing, zeros or garbage behind it; or all but one sector. */
function* tearings(before: Buffer, { bytes, position }: DataOperation & { readonly kind: "write" }): Generator<Buffer, void, void> {
  for (const cut of cutsOf(bytes.length, position)) {
    const part = bytes.subarray(0, cut);
    const rest = bytes.length - cut;
    yield overwrite(before, part, position);
    yield overwrite(before, Buffer.concat([part, Buffer.alloc(rest)]), position);
    yield overwrite(before, Buffer.concat([part, Buffer.alloc(rest, 0xa5)]), position);
  }
  for (let sector = Math.floor(position / SECTOR_BYTES) * SECTOR_BYTES; sector < position + bytes.length; sector += SECTOR_BYTES) {
    const holed = Buffer.from(bytes);
    holed.fill(0, Math.max(0, sector - position), Math.min(bytes.length, sector + SECTOR_BYTES - position));
    yield overwrite(before, holed, position);
  }
}

/** Where a write may tear: at each sector, and at some bytes: around the frame's header and its end. */
function cutsOf(length: number, position: number): readonly number[] {
  const cuts = new Set([0, 1, 3, 4, 7, 8, 19, 20, 21, length - 1, Math.floor(length / 2)]);
  for (let sector = SECTOR_BYTES - (position % SECTOR_BYTES); sector < length; sector += SECTOR_BYTES) cuts.add(sector);
  return [...cuts].filter((cut) => cut >= 0 && cut < length);
}

function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let mask = 0; mask < 1 << all.length; mask++) result.push(all.filter((_, index) => mask & (1 << index)));
  return result;
}

/** The n-th combination of one choice from each. */
function pick(choices: readonly (readonly Choice[])[], n: number): readonly Choice[] {
  let rest = n;
  return choices.flatMap((each) => {
    const choice = each[rest % each.length];
    rest = Math.floor(rest / each.length);
    return choice === undefined ? [] : [choice];
  });
}

function build(history: DiskHistory, chosen: readonly Choice[]): DiskImage {
  const names = new Map(history.names);
  const directories = new Set(history.directories);
  const contents = new Map(history.safe);
  for (const choice of chosen) {
    if ("names" in choice) for (const operation of choice.names) applyName(names, directories, operation);
    else contents.set(choice.file, choice.bytes);
  }
  const present = [...names].filter(([path]) => directories.has(parentOf(path)));
  return { directories, files: new Map(present.map(([path, file]) => [path, contents.get(file) ?? Buffer.alloc(0)])) };
}
