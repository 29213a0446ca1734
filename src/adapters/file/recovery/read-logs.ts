import { FILE_HEADER_BYTES, isTornHeader, seedOf } from "../disk/file-header.ts";
import { FileWindow } from "../disk/file-window.ts";
import { fileName } from "../disk/store-files.ts";
import type { StoreFiles } from "../disk/store-files.ts";
import { damaged } from "../file-store-error.ts";
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES } from "../log/frame.ts";
import { decodeFrame } from "../log/decode-frame.ts";
import { readCommits } from "../log/read-commits.ts";
import { findLaterBatch } from "../log/read-frames.ts";
import { restoreRecord } from "../table/restore-record.ts";
import { checkHeader, readStart } from "./check-header.ts";
import type { LogPlace, Progress, ReadLog, RecoveryScene } from "./progress.ts";

/** Reads the logs into the index, in order, and leaves them open. */
export async function readLogs(scene: RecoveryScene, names: StoreFiles, progress: Progress): Promise<readonly ReadLog[]> {
  const logs: ReadLog[] = [];
  for (const [index, generation] of names.logs.entries()) {
    const expected = (names.snapshot ?? 1) + index;
    if (generation !== expected) throw missing(scene, names, expected);
    logs.push(await readLog(scene, generation, logs.at(-1), index === names.logs.length - 1, progress));
  }
  if (logs.length === 0 && names.snapshot !== undefined) throw missing(scene, names, names.snapshot);
  refuseLostCommits(logs, progress);
  return logs;
}

function missing({ directory }: RecoveryScene, { snapshot }: StoreFiles, generation: number): Error {
  const name = snapshot === undefined && generation === 1 ? `${fileName("log", 1)}, or a snapshot that replaces it,` : fileName("log", generation);
  return damaged(directory, 0, `${name} is missing`);
}

async function readLog(scene: RecoveryScene, generation: number, before: ReadLog | undefined, isLast: boolean, progress: Progress): Promise<ReadLog> {
  const path = `${scene.directory}/${fileName("log", generation)}`;
  const file = await scene.files.open(path, "update");
  const slot = scene.values.add(path, file);
  const size = await file.size();
  if (before !== undefined && size > FILE_HEADER_BYTES) refuseBroken(before);
  const start = await readStart(file);
  if (isLast && isTornHeader(start)) return { path, file, slot, generation, size, seed: 0, end: 0 };
  const seed = seedOf(checkHeader(start, path, "log", generation, progress));
  const end = await readRecords(new FileWindow(file, size), { path, slot, generation, seed }, scene, progress);
  return { path, file, slot, generation, size, seed, end };
}

/** Takes in the commits of a log; answers where the whole ones end. */
async function readRecords(window: FileWindow, log: Pick<ReadLog, "path" | "slot" | "generation" | "seed">, scene: RecoveryScene, progress: Progress): Promise<number> {
  const { path, slot, generation, seed } = log;
  let place: LogPlace = { generation, position: 0 };
  const end = await readCommits(window, FILE_HEADER_BYTES, log, {
    begin(sequence, position) {
      if (sequence !== progress.version + 1) throw damaged(path, position, `commit ${sequence} follows commit ${progress.version}`);
      place = { generation, position };
    },
    contents(version, bytes, from, to, start, firstEntry) {
      decodeFrame(bytes, from, to, {
        change(collection, id, value, expiresAt) {
          if (value === undefined) scene.index.remove(collection, id);
          else restoreRecord(scene.index, { collection, id, version, expiresAt }, { slot, bytes, start }, value);
        },
        entry: (number) => noteEntry(path, place, firstEntry + number, progress),
      });
    },
    end(sequence) {
      progress.version = sequence;
    },
  });
  if (end === window.size) return end;
  if (window.size - end > FRAME_HEADER_BYTES + MAX_PAYLOAD_BYTES) throw damaged(path, end, "more than one write is not what was written");
  const later = await findLaterBatch(window, end, progress.version, seed);
  if (later !== undefined) throw damaged(path, end, `a record is not what was written, and intact ones follow at byte ${later}`);
  return end;
}

function noteEntry(path: string, place: LogPlace, number: number, progress: Progress): void {
  if (number !== progress.entries + 1) throw damaged(path, place.position, `entry ${number} of the trail follows entry ${progress.entries}`);
  progress.entries = number;
  if (number > progress.inSegments) progress.firstMissing = earlier(progress.firstMissing, place);
}

/** A commit in parts begins before some that are earlier than it. */
function earlier(one: LogPlace | undefined, other: LogPlace): LogPlace {
  return one === undefined || (one.generation === other.generation && one.position > other.position) ? other : one;
}

/** A log is written to when the one before it is safe. So only the last one that was written to can be cut off. */
function refuseBroken({ path, end, size }: ReadLog): void {
  if (end < size) throw damaged(path, end, "a record is not what was written, and a later log was already begun");
}

/** Nothing is shown elsewhere before it is safe in the log. */
function refuseLostCommits(logs: readonly ReadLog[], { version, through, entries, inSegments }: Progress): void {
  const last = logs.at(-1);
  if (last === undefined) return;
  if (version < through) throw damaged(last.path, last.end, `it ends with commit ${version}, and the snapshot has seen commit ${through}`);
  if (entries < inSegments) throw damaged(last.path, last.end, `it ends with entry ${entries} of the trail, and a segment has entry ${inSegments}`);
}
