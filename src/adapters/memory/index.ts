import { checkWhole, requireObject } from "../../domain/check-option.ts";
import type { Clock, WholeStore } from "../../domain/ports.ts";
import { MemoryStore } from "./memory-store.ts";

const MOST = 10_000_000;

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** The time that decides what has expired. */
  readonly clock: Clock;
  /** How many entries the trail keeps, the latest ones: 1 to 10,000,000. Default 10,000. */
  readonly maxTrailEntries?: number;
  /** How many records there may be: 1 to 10,000,000. Default 10,000,000; a Map ends not far beyond. Commits that would add more are refused. */
  readonly maxRecords?: number;
}

/**
 * A store that keeps everything in memory and answers everything at once, without promises. What it
 * holds is gone with the process; within it, it promises what every store does.
 */
export function createMemoryStore(options: MemoryStoreOptions): WholeStore {
  requireObject("createMemoryStore: its options", options, "{ clock: Date.now }");
  if (typeof options.clock !== "function") throw new TypeError("clock must be a function that answers epoch milliseconds");
  const { clock, maxTrailEntries = 10_000, maxRecords = MOST } = options;
  checkWhole("maxTrailEntries", maxTrailEntries, MOST);
  checkWhole("maxRecords", maxRecords, MOST);
  return new MemoryStore(clock, maxTrailEntries, maxRecords);
}
