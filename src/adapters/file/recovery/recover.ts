import { FileWindow } from "../disk/file-window.ts";
import { fileName, sortNames } from "../disk/store-files.ts";
import { readSnapshot } from "../snapshot/snapshot-file.ts";
import { checkHeader, readStart } from "./check-header.ts";
import { makeSafe } from "./make-safe.ts";
import { startProgress } from "./progress.ts";
import type { Progress, RecoveryScene } from "./progress.ts";
import { readLogs } from "./read-logs.ts";
import { readSegments } from "./read-segments.ts";
import type { RecoveredStore } from "./recovered-store.ts";

/**
 * Reads a store into an empty index. A write that was cut off at the very end is cut away, and kept
 * aside; all else that is not what was written is a FileStoreError, and then nothing was changed.
 */
export async function recover(scene: RecoveryScene): Promise<RecoveredStore> {
  const names = sortNames(await scene.files.list(scene.directory));
  const progress = startProgress();
  if (names.snapshot !== undefined) await readSnapshotFile(scene, names.snapshot, progress);
  const segments = await readSegments(scene, names, progress);
  const logs = await readLogs(scene, names, progress);
  return makeSafe(scene, names, logs, segments, progress);
}

async function readSnapshotFile({ files, directory, values, index }: RecoveryScene, generation: number, progress: Progress): Promise<void> {
  const path = `${directory}/${fileName("snapshot", generation)}`;
  const file = await files.open(path, "read");
  const slot = values.add(path, file);
  const window = new FileWindow(file, await file.size());
  const header = checkHeader(await readStart(file), path, "snapshot", generation, progress);
  const { through, entries } = await readSnapshot(window, { header, path, slot }, index);
  progress.version = header.sequence;
  progress.through = through;
  progress.entries = entries;
}
