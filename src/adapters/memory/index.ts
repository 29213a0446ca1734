import type { Clock, RecordStore } from "../../domain/ports.ts";
import { MemoryStore } from "./memory-store.ts";

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** The time that decides what has expired. */
  readonly clock: Clock;
  /** How many entries the trail keeps, the latest ones: 1 to 10,000,000. Default 10,000. */
  readonly maxTrailEntries?: number;
}

/**
 * A store that keeps everything in memory and answers everything at once, without promises. What it
 * holds is gone with the process; within it, it promises what every store does.
 */
export function createMemoryStore(options: MemoryStoreOptions): RecordStore {
  if (typeof options.clock !== "function") throw new TypeError("clock must be a function that answers epoch milliseconds");
  const { clock, maxTrailEntries = 10_000 } = options;
  if (!Number.isInteger(maxTrailEntries) || maxTrailEntries < 1 || maxTrailEntries > 10_000_000) {
    throw new TypeError(`maxTrailEntries must be a whole number from 1 to 10000000, not ${maxTrailEntries}`);
  }
  return new MemoryStore(clock, maxTrailEntries);
}
