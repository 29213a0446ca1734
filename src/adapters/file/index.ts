import { resolve } from "node:path";
import { getHeapStatistics } from "node:v8";
import type { Clock, Observe } from "../../domain/ports.ts";
import { tellFailure } from "../../domain/observation/tell-failure.ts";
import type { FileStore } from "./file-store.ts";
import { measureHeap } from "./high-water.ts";
import { nodeFileSystem } from "./disk/node-file-system.ts";
import { openStore } from "./open-store.ts";
import { ownDirectory } from "./directory/own-directory.ts";

export { FileStoreError } from "./file-store-error.ts";
export type { FileStoreErrorCode } from "./file-store-error.ts";
export type { FileStore } from "./file-store.ts";

const MEBIBYTE = 1024 * 1024;

/** Options of {@link openFileStore}. */
export interface FileStoreOptions {
  /** Where the store lives. Made when it is not there; nothing else should be kept in it. */
  readonly directory: string;
  /** The time that decides what has expired. */
  readonly clock: Clock;
  /** Is told of `store_opened`, `store_torn_tail`, `store_compacted`, `store_compaction_failed`, `store_write_failed`, `store_poisoned`, `store_full` and `store_has_room`. Default: what failed is written to stderr. */
  readonly observe?: Observe;
  /** The log grows to at most so many times the live data before it is replaced by a snapshot. Default 4; 2 to 100. */
  readonly maxLogMultiple?: number;
  /** However little data there is, the log may take so many bytes. Default 64 MiB; 4 KiB to 1 GiB. */
  readonly minLogBytes?: number;
  /** Values that were read or written lately stay in memory, up to about so many bytes. Default 64 MiB; 0 to 16 GiB. */
  readonly maxCachedBytes?: number;
  /** With more of the heap and of buffers beside it in use, commits are refused, and reads go on. Default 0.8 of what V8 allows for the heap; 16 MiB or more. */
  readonly maxHeapBytes?: number;
  /** With less of the disk free, commits are refused, and reads go on. Default 64 MiB; 0 or more. */
  readonly minFreeDiskBytes?: number;
}

/**
 * Opens the store in a directory, or makes one there. What it has committed and declared durable
 * survives the end of the process, of the system and of the power, on a disk that honours fsync;
 * see docs/file-store.md. Rejects with a FileStoreError when the directory is in use, is damaged or
 * was written by a later release, and with a TypeError when an option is wrong.
 */
export async function openFileStore(options: FileStoreOptions): Promise<FileStore> {
  const { directory, clock, observe = tellFailure, maxLogMultiple = 4, minLogBytes = 64 * MEBIBYTE, maxCachedBytes = 64 * MEBIBYTE } = options;
  const { maxHeapBytes = Math.floor(0.8 * getHeapStatistics().heap_size_limit), minFreeDiskBytes = 64 * MEBIBYTE } = options;
  if (typeof directory !== "string" || directory === "") throw new TypeError("directory must be the path of a directory");
  if (typeof clock !== "function") throw new TypeError("clock must be a function that answers epoch milliseconds");
  if (typeof observe !== "function") throw new TypeError("observe must be a function: it gets what happened");
  refuseOutside("maxLogMultiple", maxLogMultiple, 2, 100);
  refuseOutside("minLogBytes", minLogBytes, 4096, 1024 * MEBIBYTE);
  refuseOutside("maxCachedBytes", maxCachedBytes, 0, 16_384 * MEBIBYTE);
  refuseOutside("maxHeapBytes", maxHeapBytes, 16 * MEBIBYTE, Number.MAX_SAFE_INTEGER);
  refuseOutside("minFreeDiskBytes", minFreeDiskBytes, 0, Number.MAX_SAFE_INTEGER);
  return openStore({
    files: nodeFileSystem, directory: resolve(directory), clock, observe, maxLogMultiple, minLogBytes, maxCachedBytes,
    highWater: { maxHeapBytes, minFreeDiskBytes }, heapBytes: measureHeap, repeat: everySecond, own: (path) => ownDirectory(path),
  });
}

/** Keeps no process alive. */
function everySecond(work: () => void): () => void {
  const timer = setInterval(work, 1000).unref();
  return () => clearInterval(timer);
}

function refuseOutside(name: string, value: number, least: number, most: number): void {
  if (!(typeof value === "number" && value >= least && value <= most)) throw new TypeError(`${name} must be between ${least} and ${most}`);
}
