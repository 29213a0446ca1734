import { writeAll } from "../disk/file-system.ts";
import type { FileSystem, OpenFile } from "../disk/file-system.ts";
import { fileName } from "../disk/store-files.ts";
import type { DiskTable } from "../table/disk-table.ts";
import type { RecordText } from "../table/record-batches.ts";
import { toAddress } from "../table/value-place.ts";
import { beginSnapshot, encodeRecord, encodeSummary } from "./snapshot-file.ts";

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
  readonly table: DiskTable;
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

/** A snapshot that is being written, and the slot that it will be read by. */
interface Output {
  readonly file: OpenFile;
  readonly slot: number;
  end: number;
  synced: number;
}

/**
 * Writes a snapshot beside the work that goes on, in slices. What it shows of later commits the logs
 * repeat, so it need not be of one moment; but it takes its name only when those commits are safe.
 * From then on values are read from it. Answers undefined when it was aborted.
 */
export async function writeSnapshot(plan: SnapshotPlan): Promise<WrittenSnapshot | undefined> {
  const { files, directory, table } = plan;
  const path = `${directory}/${fileName("snapshot", plan.generation)}`;
  const temporary = `${path}.tmp`;
  const file = await files.open(temporary, "create");
  const slot = table.files.add(path, file);
  let isDone = false;
  try {
    const written = await writeRecords(plan, { file, slot, end: 0, synced: 0 });
    if (written === undefined) return undefined;
    await plan.durable();
    await file.datasync();
    await files.rename(temporary, path);
    isDone = true;
    await files.syncDirectory(directory);
    return written;
  } finally {
    await table.index.endMove(isDone);
    if (!isDone) await discard(plan, slot, temporary);
  }
}

/** Leaves nothing behind: the disk may be full. */
async function discard({ files, table }: SnapshotPlan, slot: number, temporary: string): Promise<void> {
  await table.files.retire(slot);
  await files.remove(temporary);
}

async function writeRecords(plan: SnapshotPlan, output: Output): Promise<WrittenSnapshot | undefined> {
  const header = beginSnapshot(plan.storeId, plan.generation, plan.sequence);
  await put(output, header.bytes);
  let records = 0;
  for await (const batch of plan.table.batches()) {
    for (let at = 0; at < batch.length && !plan.isAborted(); ) at += await writeSlice(plan, output, header.seed, batch, at);
    records += batch.length;
    if (plan.isAborted()) return undefined;
  }
  await put(output, encodeSummary({ records, through: plan.version(), entries: plan.entries }, header.seed));
  plan.taken();
  return { records, bytes: output.end };
}

/** Writes some records from one of the batch on; answers how many. */
async function writeSlice({ table }: SnapshotPlan, output: Output, seed: number, batch: readonly RecordText[], from: number): Promise<number> {
  const frames: Buffer[] = [];
  let bytes = 0;
  for (let at = from; at < batch.length && bytes < SLICE_BYTES; at++) {
    const record = batch[at];
    if (record === undefined) break;
    const frame = encodeRecord(record, seed);
    frames.push(frame);
    bytes += frame.length;
    table.noteMoved(record, toAddress(output.slot, output.end + bytes - record.text.length));
  }
  await put(output, Buffer.concat(frames, bytes));
  return frames.length;
}

async function put(output: Output, bytes: Buffer): Promise<void> {
  await writeAll(output.file, bytes, output.end);
  output.end += bytes.length;
  if (output.end - output.synced < SYNC_BYTES) return;
  await output.file.datasync();
  output.synced = output.end;
}
