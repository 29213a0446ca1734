import type { Clock, RecordStore } from "../../domain/ports.ts";
import { MemoryStore } from "./memory-store.ts";

/** What {@link createMemoryStore} takes. */
export interface MemoryStoreOptions {
  /** The time that decides what has expired. */
  readonly clock: Clock;
}

/**
 * A store that keeps everything in memory and answers everything at once, without promises. What it
 * holds is gone with the process; within it, it promises what every store does.
 */
export function createMemoryStore(options: MemoryStoreOptions): RecordStore {
  if (typeof options.clock !== "function") throw new TypeError("clock must be a function that answers epoch milliseconds");
  return new MemoryStore(options.clock);
}
