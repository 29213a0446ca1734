import { constants } from "node:fs";
import { copyFile, cp, lstat, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "../../make-directory.ts";
import { Fault } from "../fault.ts";

/** In this order: an entry that is not in the copied trail is then in a copied log, and a change that is in no copied log is in the copied snapshot. */
const KINDS = [".trail", ".log", ".snapshot"] as const;
const TRIES = 5;

/**
 * Copies a data directory while a server writes to it. Whatever was answered before the copy began is in it. A compaction that comes
 * between takes files away, and then it is begun again. What else is in the directory (keys, an application's own files) comes after the store.
 */
export async function backUpDirectory(from: string, to: string): Promise<void> {
  makeDirectory(to, 0o700);
  for (let attempt = 1; ; attempt++) {
    await rm(join(to, "store"), { recursive: true, force: true });
    await mkdir(join(to, "store"), { mode: 0o700 });
    if (await copyStoreFiles(join(from, "store"), join(to, "store"))) break;
    if (attempt === TRIES) throw new Fault("unavailable", `No whole copy came of ${TRIES} tries: the store was compacted each time. Try again.`);
  }
  for (const name of await readdir(from)) if (name !== "store") await copyOther(join(from, name), join(to, name));
  await syncDirectory(to);
}

/** Answers whether nothing was taken away meanwhile. */
async function copyStoreFiles(from: string, to: string): Promise<boolean> {
  const before = await namesOf(from, ".snapshot");
  try {
    // The newest first: what a file lacks that was copied early is in none that was copied before it.
    for (const kind of KINDS) for (const name of (await namesOf(from, kind)).toReversed()) await copySafely(join(from, name), join(to, name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
  await syncDirectory(to);
  return (await namesOf(from, ".snapshot")).join() === before.join();
}

async function namesOf(directory: string, kind: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith(kind)).sort();
}

/** A backup that a power cut takes away is none. */
async function copySafely(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = await open(to, "r+");
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Files and folders; sockets are of a running server only. */
async function copyOther(from: string, to: string): Promise<void> {
  const found = await lstat(from);
  if (found.isFile()) await copySafely(from, to);
  else if (found.isDirectory()) await cp(from, to, { recursive: true, errorOnExist: true, preserveTimestamps: true, filter: async (path) => !(await lstat(path)).isSocket() });
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
