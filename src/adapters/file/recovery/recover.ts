import { FileWindow } from "../disk/file-window.ts";
import { fileName, sortNames } from "../disk/store-files.ts";
import type { ActiveLog } from "../log/log-writer.ts";
import { readSnapshot } from "../snapshot/snapshot-file.ts";
import type { OpenSegment } from "../trail/open-segment.ts";
import type { SealedSegment } from "../trail/sealed-segment.ts";
import type { MissingEntries } from "./catch-up.ts";
import { checkHeader, readStart } from "./check-header.ts";
import { makeSafe } from "./make-safe.ts";
import { startProgress } from "./progress.ts";
import type { Progress, RecoveryScene } from "./progress.ts";
import { readLogs } from "./read-logs.ts";
import { readSegments } from "./read-segments.ts";

/** A store as it was found. */
export interface RecoveredStore {
  readonly storeId: string;
  /** The earliest format of any file. */
  readonly format: number;
  /** The last commit. */
  readonly version: number;
  readonly generation: number;
  readonly log: ActiveLog;
  /** Of the logs before the present one that no snapshot has replaced yet. */
  readonly olderLogBytes: number;
  /** How many puts were read, and how long they were: an estimate of what a record takes. */
  readonly puts: { readonly count: number; readonly bytes: number };
  /** The trail's segments, and the number of its last entry. */
  readonly segments: readonly (SealedSegment | OpenSegment)[];
  readonly entries: number;
  /** Which entries are in the logs and in no segment. */
  readonly missing: MissingEntries | undefined;
}

/**
 * Reads a store into an empty table. A write that was cut off at the very end is cut away, and kept
 * aside; all else that is not what was written is a FileStoreError, and then nothing was changed.
 */
export async function recover(scene: RecoveryScene): Promise<RecoveredStore> {
  const names = sortNames(await scene.files.list(scene.directory));
  const progress = startProgress();
  if (names.snapshot !== undefined) await readSnapshotFile(scene, names.snapshot, progress);
  const segments = await readSegments(scene, names, progress);
  const logs = await readLogs(scene, names, progress);
  try {
    return await makeSafe(scene, names, logs, segments, progress);
  } catch (error) {
    for (const { file } of logs) await file.close();
    throw error;
  }
}

async function readSnapshotFile(scene: RecoveryScene, generation: number, progress: Progress): Promise<void> {
  const path = `${scene.directory}/${fileName("snapshot", generation)}`;
  const file = await scene.files.open(path, "read");
  try {
    const size = await file.size();
    const header = checkHeader(await readStart(file), path, "snapshot", generation, progress);
    const { records, through, entries } = await readSnapshot(new FileWindow(file, size), header, path, scene.table);
    progress.version = header.sequence;
    progress.through = through;
    progress.entries = entries;
    progress.puts.count = records;
    progress.puts.bytes = size;
  } finally {
    await file.close();
  }
}
