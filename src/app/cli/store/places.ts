import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { WholeStore } from "../../../domain/ports.ts";
import { misused } from "../fault.ts";
import type { Session } from "../session.ts";

/** A store that a command has open. */
export interface OpenPlace {
  /** For people, without secrets. */
  readonly name: string;
  readonly store: WholeStore;
  close(): Promise<void>;
}

/** The directory of the store in a data directory, or the directory itself if it is that of a store. */
export function storeDirectory({ directory }: Pick<Session, "directory">, given: string): string {
  const path = resolve(directory, given);
  return existsSync(join(path, "store")) || !hasStore(path) ? join(path, "store") : path;
}

/** Is there a store in this very directory? */
export function hasStore(path: string): boolean {
  return existsSync(path) && readdirSync(path).some((name) => /\.(?:log|snapshot)$/.test(name));
}

/** Opens the store in a directory that has one. */
export async function openExisting(session: Session, given: string): Promise<OpenPlace> {
  const directory = storeDirectory(session, given);
  if (!hasStore(directory)) throw misused(`There is no store in ${given}; give a data directory, such as .data/shop.`);
  return openDirectory(directory, given);
}

/** Opens the store in a directory, or makes one there. */
export async function openNew(session: Session, given: string): Promise<OpenPlace> {
  return openDirectory(storeDirectory(session, given), given);
}

async function openDirectory(directory: string, name: string): Promise<OpenPlace> {
  const { openFileStore } = await import("../../../adapters/file/index.ts");
  const store = await openFileStore({ directory, clock: Date.now });
  return { name, store, close: () => store.close() };
}
