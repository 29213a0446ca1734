import type { RecordTable } from "../../records/record-table.ts";
import { writeAll } from "../disk/file-system.ts";
import type { FileSystem, OpenFile } from "../disk/file-system.ts";
import { beginSnapshot, encodeRecord, encodeSummary } from "./snapshot-file.ts";
import { fileName } from "../disk/store-files.ts";

/** How much is encoded without a pause: two milliseconds or so, in which nobody is answered. */
const SLICE_BYTES = 256 * 1024;

/** How much is written without a sync: little enough that the log's own sync never waits long behind it. */
const SYNC_BYTES = 2 * 1024 * 1024;

/** What a snapshot is made of. */
export interface SnapshotPlan {
  readonly files: FileSystem;
  readonly directory: string;
  readonly storeId: string;
  readonly generation: number;
  readonly table: RecordTable;
  /** The last commit in the logs before `generation`. */
  readonly sequence: number;
  /** The last entry of the trail in the logs before `generation`, or before those. */
  readonly entries: number;
  /** The last commit that the table shows by now. */
  readonly version: () => number;
  /** Settles when all that the table shows is safe in the logs, and those entries are safe in the trail. */
  readonly durable: () => PromiseLike<void> | void;
  /** Is called when the table has been gone through. */
  readonly taken: () => void;
  /** Is it no longer wanted? */
  readonly isAborted: () => boolean;
}

/** How large a snapshot became. */
export interface WrittenSnapshot {
  readonly records: number;
  readonly bytes: number;
}

/**
 * Writes a snapshot beside the work that goes on, in slices. What it shows of later commits the logs
 * repeat, so it need not be of one moment; but it takes its name only when those commits are safe.
 * Answers undefined when it was aborted.
 */
export async function writeSnapshot(plan: SnapshotPlan): Promise<WrittenSnapshot | undefined> {
  const { files, directory } = plan;
  const path = `${directory}/${fileName("snapshot", plan.generation)}`;
  const temporary = `${path}.tmp`;
  const written = await writeTemporary(plan, temporary);
  if (written === undefined) return undefined;
  await files.rename(temporary, path);
  await files.syncDirectory(directory);
  return written;
}

/** Leaves nothing behind when it fails or is aborted: the disk may be full. */
async function writeTemporary(plan: SnapshotPlan, path: string): Promise<WrittenSnapshot | undefined> {
  const file = await plan.files.open(path, "create");
  let written: WrittenSnapshot | undefined;
  try {
    written = await writeRecords(plan, file);
    if (written !== undefined) {
      await plan.durable();
      await file.datasync();
    }
    return written;
  } catch (error) {
    written = undefined;
    throw error;
  } finally {
    await file.close();
    if (written === undefined) await plan.files.remove(path);
  }
}

async function writeRecords(plan: SnapshotPlan, file: OpenFile): Promise<WrittenSnapshot | undefined> {
  const header = beginSnapshot(plan.storeId, plan.generation, plan.sequence);
  const output = { file, end: 0, synced: 0 };
  await put(output, header.bytes);
  let records = 0;
  for (const slice of slices(plan.table, header.seed)) {
    await put(output, Buffer.concat(slice));
    records += slice.length;
    if (plan.isAborted()) return undefined;
  }
  await put(output, encodeSummary({ records, through: plan.version(), entries: plan.entries }, header.seed));
  plan.taken();
  return { records, bytes: output.end };
}

/** Frames of all records, so many at a time as are encoded without a pause. */
function* slices(table: RecordTable, seed: number): Generator<readonly Buffer[], void, void> {
  let slice: Buffer[] = [];
  let bytes = 0;
  for (const held of table.entries()) {
    const frame = encodeRecord(held, seed);
    slice.push(frame);
    bytes += frame.length;
    if (bytes < SLICE_BYTES) continue;
    yield slice;
    slice = [];
    bytes = 0;
  }
  if (slice.length > 0) yield slice;
}

async function put(output: { readonly file: OpenFile; end: number; synced: number }, bytes: Buffer): Promise<void> {
  await writeAll(output.file, bytes, output.end);
  output.end += bytes.length;
  if (output.end - output.synced < SYNC_BYTES) return;
  await output.file.datasync();
  output.synced = output.end;
}
