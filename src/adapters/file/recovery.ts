import type { Observe } from "../../domain/ports.ts";
import type { RecordTable } from "../records/record-table.ts";
import { crc32c } from "./disk/crc32c.ts";
import { FILE_HEADER_BYTES, decodeFileHeader, encodeFileHeader, isTornHeader, seedOf } from "./disk/file-header.ts";
import type { FileHeader } from "./disk/file-header.ts";
import { damaged } from "./file-store-error.ts";
import { createWhole, readAll, writeAll } from "./disk/file-system.ts";
import type { FileSystem, OpenFile } from "./disk/file-system.ts";
import { FileWindow } from "./disk/file-window.ts";
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES } from "./log/frame.ts";
import type { ActiveLog } from "./log/log-writer.ts";
import { decodeChanges } from "./log/logged-change.ts";
import { findLaterBatch, readFrames } from "./log/read-frames.ts";
import { readSnapshot } from "./snapshot/snapshot-file.ts";
import { createLog, fileName, newStoreId, removeLeftovers, sortNames } from "./disk/store-files.ts";
import type { StoreFiles } from "./disk/store-files.ts";

/** A store as it was found. */
export interface RecoveredStore {
  readonly storeId: string;
  /** The last commit. */
  readonly version: number;
  readonly generation: number;
  readonly log: ActiveLog;
  /** Of the logs before the present one that no snapshot has replaced yet. */
  readonly olderLogBytes: number;
  /** How many puts were read, and how long they were: an estimate of what a record takes. */
  readonly puts: { readonly count: number; readonly bytes: number };
}

/** What recovery works on. */
export interface RecoveryScene {
  readonly files: FileSystem;
  readonly directory: string;
  readonly table: RecordTable;
  readonly observe: Observe;
}

/** What is known so far, while one file after the other is read. */
interface Progress {
  storeId: string | undefined;
  version: number;
  /** What the logs have to reach: a snapshot shows commits up to here. */
  through: number;
  readonly puts: { count: number; bytes: number };
}

/** What a record takes on the disk besides its texts, for the estimate. */
const RECORD_OVERHEAD_BYTES = 40;

/** A log as it was read: whole up to `end`, and cut off there if the file is longer. */
interface ReadLog extends ActiveLog {
  readonly generation: number;
  readonly size: number;
}

/**
 * Reads a store into an empty table. A write that was cut off at the very end is cut away, and kept
 * aside; all else that is not what was written is a FileStoreError, and then nothing was changed.
 */
export async function recover(scene: RecoveryScene): Promise<RecoveredStore> {
  const names = sortNames(await scene.files.list(scene.directory));
  const progress: Progress = { storeId: undefined, version: 0, through: 0, puts: { count: 0, bytes: 0 } };
  if (names.snapshot !== undefined) await readSnapshotFile(scene, names.snapshot, progress);
  const logs = await readLogs(scene, names, progress);
  try {
    refuseLostCommits(logs, progress);
    return await makeSafe(scene, names, logs, progress);
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
    const { records, through } = await readSnapshot(new FileWindow(file, size), header, path, scene.table);
    progress.version = header.sequence;
    progress.through = through;
    progress.puts.count = records;
    progress.puts.bytes = size;
  } finally {
    await file.close();
  }
}

async function readLogs(scene: RecoveryScene, names: StoreFiles, progress: Progress): Promise<ReadLog[]> {
  const logs: ReadLog[] = [];
  try {
    for (const [index, generation] of names.logs.entries()) {
      const expected = (names.snapshot ?? 1) + index;
      if (generation !== expected) throw missing(scene, names, expected);
      logs.push(await readLog(scene, generation, logs.at(-1), index === names.logs.length - 1, progress));
    }
    if (logs.length === 0 && names.snapshot !== undefined) throw missing(scene, names, names.snapshot);
    return logs;
  } catch (error) {
    for (const { file } of logs) await file.close();
    throw error;
  }
}

function missing({ directory }: RecoveryScene, { snapshot }: StoreFiles, generation: number): Error {
  const name = snapshot === undefined && generation === 1 ? `${fileName("log", 1)}, or a snapshot that replaces it,` : fileName("log", generation);
  return damaged(directory, 0, `${name} is missing`);
}

async function readLog(scene: RecoveryScene, generation: number, before: ReadLog | undefined, isLast: boolean, progress: Progress): Promise<ReadLog> {
  const path = `${scene.directory}/${fileName("log", generation)}`;
  const file = await scene.files.open(path, "update");
  try {
    const size = await file.size();
    if (before !== undefined && size > FILE_HEADER_BYTES) refuseBroken(before);
    const start = await readStart(file);
    if (isLast && isTornHeader(start)) return { path, file, generation, size, seed: 0, end: 0 };
    const seed = seedOf(checkHeader(start, path, "log", generation, progress));
    const end = await readRecords(new FileWindow(file, size), path, seed, scene.table, progress);
    return { path, file, generation, size, seed, end };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Puts the commits of a log into the table; answers where the whole ones end. */
async function readRecords(window: FileWindow, path: string, seed: number, table: RecordTable, progress: Progress): Promise<number> {
  const end = await readFrames(window, FILE_HEADER_BYTES, seed, (sequence, bytes, from, to, position) => {
    if (sequence !== progress.version + 1) throw damaged(path, position, `commit ${sequence} follows commit ${progress.version}`);
    decodeChanges(bytes, from, to, (collection, id, text, expiresAt) => {
      if (text === undefined) return table.remove(collection, id);
      table.restore(collection, id, sequence, text, expiresAt);
      progress.puts.count++;
      progress.puts.bytes += text.length + id.length + collection.length + RECORD_OVERHEAD_BYTES;
    });
    progress.version = sequence;
  });
  if (end === window.size) return end;
  if (window.size - end > FRAME_HEADER_BYTES + MAX_PAYLOAD_BYTES) throw damaged(path, end, "more than one write is not what was written");
  const later = await findLaterBatch(window, end, progress.version, seed);
  if (later !== undefined) throw damaged(path, end, `a record is not what was written, and intact ones follow at byte ${later}`);
  return end;
}

function checkHeader(start: Buffer, path: string, kind: FileHeader["kind"], generation: number, progress: Progress): FileHeader {
  if (start.length < FILE_HEADER_BYTES) throw damaged(path, 0, "its header is not whole");
  const header = decodeFileHeader(start, path);
  progress.storeId ??= header.storeId;
  if (header.storeId !== progress.storeId) throw damaged(path, 0, "it belongs to another store");
  if (header.kind !== kind || header.generation !== generation) throw damaged(path, 0, "its name and its header say different things");
  return header;
}

async function readStart(file: OpenFile): Promise<Buffer> {
  const start = Buffer.alloc(FILE_HEADER_BYTES);
  return start.subarray(0, await readAll(file, start, 0));
}

/** A log is written to when the one before it is safe. So only the last one that was written to can be cut off. */
function refuseBroken({ path, end, size }: ReadLog): void {
  if (end < size) throw damaged(path, end, "a record is not what was written, and a later log was already begun");
}

function refuseLostCommits(logs: readonly ReadLog[], { version, through }: Progress): void {
  const last = logs.at(-1);
  if (last === undefined || version >= through) return;
  throw damaged(last.path, last.end, `it ends with commit ${version}, and the snapshot has seen commit ${through}`);
}

/** Only from here on is anything changed, and only what was read is kept, so doing it twice is doing it once. */
async function makeSafe(scene: RecoveryScene, names: StoreFiles, found: readonly ReadLog[], progress: Progress): Promise<RecoveredStore> {
  const { files, directory } = scene;
  const storeId = progress.storeId ?? newStoreId();
  const logs: ReadLog[] = [];
  for (const log of found) logs.push(await cutTornTail(scene, log, storeId));
  // What a killed process wrote may be in memory only; and whoever is answered from now on has seen it.
  for (const { file } of logs) await file.datasync();
  // Older files go only when the directory is known to have what replaces them.
  await files.syncDirectory(directory);
  if (names.leftovers.length > 0) await removeLeftovers(files, directory);
  const last = logs.at(-1);
  const log = last === undefined ? await createLog(files, directory, storeId, 1) : { path: last.path, file: last.file, seed: last.seed, end: last.end };
  const older = logs.slice(0, -1);
  for (const { file } of older) await file.close();
  const olderLogBytes = older.reduce((bytes, { end }) => bytes + end, 0);
  return { storeId, version: progress.version, generation: last?.generation ?? 1, log, olderLogBytes, puts: progress.puts };
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
  const header: FileHeader = { kind: "log", storeId, generation: log.generation, sequence: 0 };
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
