import { randomBytes } from "node:crypto";
import { encodeFileHeader, seedOf } from "./file-header.ts";
import type { FileHeader } from "./file-header.ts";
import { createWhole } from "./file-system.ts";
import type { FileSystem, OpenFile } from "./file-system.ts";

/** Which files of a store there are in its directory. */
export interface StoreFiles {
  /** The generation of the newest snapshot, if there is one. */
  readonly snapshot: number | undefined;
  /** The generations of the logs that go on top of it, rising. */
  readonly logs: readonly number[];
  /** The generations of the trail's segments, rising. */
  readonly segments: readonly number[];
  /** What nothing refers to any more: older generations, and files that were never finished. */
  readonly leftovers: readonly string[];
}

const NAME = /^(\d{10})\.(log|snapshot|trail)(\.tmp)?$/;

/** `0000000003.log`: the file of a kind and generation. */
export function fileName(kind: FileHeader["kind"], generation: number): string {
  return `${String(generation).padStart(10, "0")}.${kind}`;
}

/** Sorts the names in a directory; what is none of the store's is left alone. */
export function sortNames(names: readonly string[]): StoreFiles {
  const found = names.flatMap((name) => {
    const [, generation, kind, unfinished] = NAME.exec(name) ?? [];
    return kind === undefined ? [] : [{ name, kind, generation: Number(generation), finished: unfinished === undefined }];
  });
  const snapshots = found.filter(({ kind, finished }) => kind === "snapshot" && finished).map(({ generation }) => generation);
  const snapshot = snapshots.length === 0 ? undefined : Math.max(...snapshots);
  const isUsed = ({ kind, generation, finished }: (typeof found)[number]) =>
    finished && (kind === "trail" || (kind === "log" ? generation >= (snapshot ?? 0) : generation === snapshot));
  const used = (wanted: string) => found.filter((file) => isUsed(file) && file.kind === wanted).map(({ generation }) => generation).sort((a, b) => a - b);
  return { snapshot, logs: used("log"), segments: used("trail"), leftovers: found.filter((file) => !isUsed(file)).map(({ name }) => name) };
}

/** A file with nothing in it but its header, safe on the disk. */
export async function createFile(files: FileSystem, directory: string, header: FileHeader): Promise<{ readonly path: string; readonly file: OpenFile; readonly seed: number }> {
  const name = fileName(header.kind, header.generation);
  await createWhole(files, directory, name, encodeFileHeader(header));
  const path = `${directory}/${name}`;
  return { path, file: await files.open(path, "update"), seed: seedOf(header) };
}

/** Removes what nothing refers to any more, before a store is open. */
export async function removeLeftovers(files: FileSystem, directory: string): Promise<void> {
  await removeAll(files, directory, sortNames(await files.list(directory)).leftovers);
}

/** The same while it is open: its trail may be making a segment at this moment. */
export async function removeReplaced(files: FileSystem, directory: string): Promise<void> {
  const { leftovers } = sortNames(await files.list(directory));
  await removeAll(files, directory, leftovers.filter((name) => NAME.exec(name)?.[2] !== "trail"));
}

async function removeAll(files: FileSystem, directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) await files.remove(`${directory}/${name}`);
  await files.syncDirectory(directory);
}

/** An identifier for a new store: random, so that no two stores' files are ever mistaken for each other's. */
export function newStoreId(): string {
  return randomBytes(16).toString("hex");
}

/** Makes the directory and the parents it lacks, and makes each of them survive a power cut. */
export async function ensureDirectory(files: FileSystem, directory: string, parentOf: (path: string) => string): Promise<void> {
  try {
    await files.list(directory);
    return;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  const parent = parentOf(directory);
  if (parent !== directory) await ensureDirectory(files, parent, parentOf);
  try {
    await files.makeDirectory(directory);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  await files.syncDirectory(parent);
}

/** Does the error come from the system, with this code? */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
