import type { Observe } from "../../../domain/ports.ts";
import { FORMAT_VERSION } from "../disk/file-header.ts";
import type { FileSystem } from "../disk/file-system.ts";
import type { ActiveLog } from "../log/log-writer.ts";
import type { RecordIndex } from "../table/record-index.ts";
import type { ValueFiles } from "../table/value-files.ts";

/** What recovery works on. */
export interface RecoveryScene {
  readonly files: FileSystem;
  readonly directory: string;
  /** Empty at first. */
  readonly index: RecordIndex;
  /** Takes over the files that are opened. */
  readonly values: ValueFiles;
  readonly observe: Observe;
}

/** What is known so far, while one file after the other is read. */
export interface Progress {
  storeId: string | undefined;
  /** The earliest format of a snapshot or log. */
  format: number;
  version: number;
  /** What the logs have to reach: a snapshot shows commits up to here. */
  through: number;
  /** The number of the last entry of the trail. */
  entries: number;
  /** Of the last entry that is in a segment. */
  inSegments: number;
  /** Where the first frame stands that has an entry which is in no segment. */
  firstMissing: LogPlace | undefined;
}

/** A frame of a log. */
export interface LogPlace {
  readonly generation: number;
  readonly position: number;
}

/** A log as it was read: whole up to `end`, and cut off there if the file is longer. */
export interface ReadLog extends ActiveLog {
  readonly generation: number;
  readonly size: number;
}

/** Before anything was read. */
export function startProgress(): Progress {
  return { storeId: undefined, format: FORMAT_VERSION, version: 0, through: 0, entries: 0, inSegments: 0, firstMissing: undefined };
}
