import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import type { WholeStore } from "../../../domain/ports.ts";
import { misused } from "../fault.ts";
import type { Argument } from "../language/grammar.ts";
import { isDirectory } from "../new-directory.ts";
import type { Session } from "../session.ts";
import { connectPostgres, isPostgres } from "./postgres-place.ts";

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

/** What tells a store from others, however it is written: its directory, or what stands for a database. */
export function toStoreKey(session: Pick<Session, "directory">, given: string): string {
  if (isPostgres(given)) return given;
  const directory = storeDirectory(session, given);
  return existsSync(directory) ? realpathSync(directory) : directory;
}

/** Is there a store in this very directory? */
export function hasStore(path: string): boolean {
  return isDirectory(path) && readdirSync(path).some((name) => /\.(?:log|snapshot)$/.test(name));
}

/** How a store is named. */
export const STORE_ARGUMENT: Argument = { name: "STORE", help: "A data directory, or a database: postgres://user@host/database, or env:NAME for a variable that has the URL.", completes: "directory" };

/** Opens a store that there is. */
export async function openExisting(session: Session, given: string, schema?: string): Promise<OpenPlace> {
  if (isPostgres(given)) return openDatabase(session, given, schema);
  const directory = storeDirectory(session, given);
  if (!hasStore(directory)) throw misused(`There is no store in ${given}; give a data directory, such as .data/shop.`);
  return openDirectory(directory, given);
}

/** Opens a store, and makes it where there is no directory for it. */
export async function openNew(session: Session, given: string, schema?: string): Promise<OpenPlace> {
  if (isPostgres(given)) return openDatabase(session, given, schema);
  return openDirectory(storeDirectory(session, given), given);
}

async function openDatabase(session: Session, given: string, schema: string | undefined): Promise<OpenPlace> {
  const place = await connectPostgres(session, given, schema);
  try {
    await place.store.open();
    return place;
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function openDirectory(directory: string, name: string): Promise<OpenPlace> {
  const { openFileStore } = await import("../../../adapters/file/index.ts");
  const store = await openFileStore({ directory, clock: Date.now });
  return { name, store, close: () => store.close() };
}
