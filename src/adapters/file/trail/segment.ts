import type { Ordinals } from "./entry-columns.ts";
import type { QueryKeys } from "./entry-keys.ts";

/** Where entries of a segment stand and when they expire, from one ordinal on. */
export interface Rows {
  /** Where the entry begins; the one before ends there. */
  startOf(ordinal: number): number;
  /** From this second on, since 1970, it has expired for certain. */
  expirySecondOf(ordinal: number): number;
}

/** A segment that is open for one question. */
export interface SegmentReader {
  readonly path: string;
  /** Of its checksums. */
  readonly seed: number;
  /** Which entries from one ordinal on and before another may match; rising. */
  find(keys: QueryKeys, from: number, to: number): Promise<Ordinals>;
  /** The rows from one ordinal on and before another, and where the last one ends. */
  rows(from: number, to: number): Promise<Rows>;
  /** The frames that begin at one byte and end before another. */
  frames(start: number, end: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** A part of the trail: entries with numbers that follow each other. */
export interface Segment {
  /** The number of its first entry. */
  readonly first: number;
  readonly count: number;
  /** Undefined when it has been dropped meanwhile, as all in it has expired. */
  read(): Promise<SegmentReader | undefined>;
}
