import { resolve } from "node:path";
import type { Clock, Observe } from "../../domain/ports.ts";
import type { FileStore } from "./file-store.ts";
import { nodeFileSystem } from "./disk/node-file-system.ts";
import { openStore } from "./open-store.ts";
import { ownDirectory } from "./directory/own-directory.ts";

export { FileStoreError } from "./file-store-error.ts";
export type { FileStoreErrorCode } from "./file-store-error.ts";
export type { FileStore } from "./file-store.ts";

/** What {@link openFileStore} takes. */
export interface FileStoreOptions {
  /** Where the store lives. Made when it is not there; nothing else should be kept in it. */
  readonly directory: string;
  /** The time that decides what has expired. */
  readonly clock: Clock;
  /** Is told of `store_opened`, `store_torn_tail`, `store_compacted`, `store_compaction_failed`, `store_write_failed` and `store_poisoned`. */
  readonly observe?: Observe;
  /** The log grows to at most so many times the live data before it is replaced by a snapshot. Default 4; 2 to 100. */
  readonly maxLogMultiple?: number;
  /** However little data there is, the log may take so many bytes. Default 8 MiB; 4 KiB to 1 GiB. */
  readonly minLogBytes?: number;
  /** Values that were read or written lately stay in memory, up to about so many bytes. Default 64 MiB; 0 to 16 GiB. */
  readonly maxCachedBytes?: number;
}

/**
 * Opens the store in a directory, or makes one there. What it has committed and declared durable
 * survives the end of the process, of the system and of the power, on a disk that honours fsync;
 * see docs/file-store.md. Rejects with a FileStoreError when the directory is in use, is damaged or
 * was written by a later release, and with a TypeError when an option is wrong.
 */
export async function openFileStore(options: FileStoreOptions): Promise<FileStore> {
  const { directory, clock, observe = () => undefined, maxLogMultiple = 4, minLogBytes = 8 * 1024 * 1024, maxCachedBytes = 64 * 1024 * 1024 } = options;
  if (typeof directory !== "string" || directory === "") throw new TypeError("directory must be the path of a directory");
  if (typeof clock !== "function") throw new TypeError("clock must be a function that answers epoch milliseconds");
  refuseOutside("maxLogMultiple", maxLogMultiple, 2, 100);
  refuseOutside("minLogBytes", minLogBytes, 4096, 1024 ** 3);
  refuseOutside("maxCachedBytes", maxCachedBytes, 0, 16 * 1024 ** 3);
  return openStore({ files: nodeFileSystem, directory: resolve(directory), clock, observe, maxLogMultiple, minLogBytes, maxCachedBytes, own: (path) => ownDirectory(path) });
}

function refuseOutside(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new TypeError(`${name} must be between ${least} and ${most}`);
}
