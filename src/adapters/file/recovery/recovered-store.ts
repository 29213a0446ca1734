import type { ActiveLog } from "../log/log-writer.ts";
import type { OpenSegment } from "../trail/open-segment.ts";
import type { SealedSegment } from "../trail/sealed-segment.ts";
import type { MissingEntries } from "./catch-up.ts";

/** A store as it was found. */
export interface RecoveredStore {
  readonly storeId: string;
  /** The earliest format of a snapshot or log. */
  readonly format: number;
  /** The last commit. */
  readonly version: number;
  readonly generation: number;
  readonly log: ActiveLog;
  /** Of the logs before the present one that no snapshot has replaced yet. */
  readonly olderLogBytes: number;
  /** The trail's segments, and the number of its last entry. */
  readonly segments: readonly (SealedSegment | OpenSegment)[];
  readonly entries: number;
  /** Which entries are in the logs and in no segment. */
  readonly missing: MissingEntries | undefined;
}
