import { crc32c } from "../disk/crc32c.ts";
import { FILE_HEADER_BYTES, FORMAT_VERSION, encodeFileHeader, seedOf } from "../disk/file-header.ts";
import type { FileHeader } from "../disk/file-header.ts";
import { createWhole, readAll, writeAll } from "../disk/file-system.ts";
import { fileName, newStoreId, removeLeftovers } from "../disk/store-files.ts";
import type { StoreFiles } from "../disk/store-files.ts";
import { createLog } from "../log/create-log.ts";
import { OpenSegment } from "../trail/open-segment.ts";
import { toMissing } from "./catch-up.ts";
import type { Progress, ReadLog, RecoveryScene } from "./progress.ts";
import type { SegmentFile } from "./read-segments.ts";
import type { RecoveredStore } from "./recovered-store.ts";

/** Only from here on is anything changed, and only what was read is kept, so doing it twice is doing it once. */
export async function makeSafe(scene: RecoveryScene, names: StoreFiles, found: readonly ReadLog[], segments: readonly SegmentFile[], progress: Progress): Promise<RecoveredStore> {
  const { files, directory } = scene;
  const storeId = progress.storeId ?? newStoreId();
  const logs: ReadLog[] = [];
  for (const log of found) logs.push(await cutTornTail(scene, log, storeId));
  // What a killed process wrote may be in memory only; and whoever is answered from now on has seen it.
  for (const { file } of logs) await file.datasync();
  await makeSegmentSafe(scene, segments.at(-1));
  // Older files go only when the directory is known to have what replaces them.
  await files.syncDirectory(directory);
  // Segments of an unfinished move to this format: none of them was read.
  if (segments.length === 0) for (const generation of names.segments) await files.remove(`${directory}/${fileName("trail", generation)}`);
  if (names.leftovers.length > 0) await removeLeftovers(files, directory);
  const last = logs.at(-1);
  const log = last ?? (await createLog(scene, storeId, 1));
  const olderLogBytes = logs.slice(0, -1).reduce((bytes, { end }) => bytes + end, 0);
  const { format, version, entries } = progress;
  return {
    storeId, format, version, generation: last?.generation ?? 1, log, olderLogBytes,
    segments: segments.map(({ segment }) => segment), entries, missing: toMissing(logs, progress),
  };
}

async function cutTornTail(scene: RecoveryScene, log: ReadLog, storeId: string): Promise<ReadLog> {
  if (log.end < log.size) {
    await keepAside(scene, log);
    await log.file.truncate(log.end);
  }
  return log.end < FILE_HEADER_BYTES ? writeHeader(log, storeId) : log;
}

/** The header itself was cut off, so there never was a record behind it. */
async function writeHeader(log: ReadLog, storeId: string): Promise<ReadLog> {
  const header: FileHeader = { version: FORMAT_VERSION, kind: "log", storeId, generation: log.generation, sequence: 0 };
  await writeAll(log.file, encodeFileHeader(header), 0);
  return { ...log, seed: seedOf(header), end: FILE_HEADER_BYTES };
}

/** Keeps what is cut away, unless it is but zeros: nobody was told of it, but somebody may want to know what it was. */
async function keepAside({ files, directory, observe }: RecoveryScene, log: ReadLog): Promise<void> {
  const tail = Buffer.alloc(log.size - log.end);
  await readAll(log.file, tail, log.end);
  const isBlank = tail.every((byte) => byte === 0);
  const name = `${fileName("log", log.generation)}.torn-${log.end}-${crc32c(tail).toString(16)}`;
  if (!isBlank) await createWhole(files, directory, name, tail);
  observe({ event: "store_torn_tail", file: log.path, offset: log.end, bytes: log.size - log.end, ...(isBlank ? {} : { kept_as: name }) });
}

/** Those before the last are safe, as it was begun after them. What is cut off is in the log. */
async function makeSegmentSafe({ files }: RecoveryScene, last: SegmentFile | undefined): Promise<void> {
  if (last === undefined) return;
  const file = await files.open(last.path, "update");
  try {
    if (last.segment instanceof OpenSegment && last.segment.end < last.size) await file.truncate(last.segment.end);
    await file.datasync();
  } finally {
    await file.close();
  }
}
