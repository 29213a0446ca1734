import { FILE_HEADER_BYTES, FORMAT_VERSION, encodeFileHeader, seedOf } from "../disk/file-header.ts";
import type { FileHeader } from "../disk/file-header.ts";
import type { FileWindow } from "../disk/file-window.ts";
import { damaged } from "../file-store-error.ts";
import { decodeFrame } from "../log/decode-frame.ts";
import { encodeChanges } from "../log/encode-commit.ts";
import { sealFrame } from "../log/frame.ts";
import { readFrames } from "../log/read-frames.ts";
import type { RecordText } from "../table/record-batches.ts";
import type { RecordIndex } from "../table/record-index.ts";
import { restoreRecord } from "../table/restore-record.ts";

/*
 * A snapshot is a header and one frame for each record, with the record's version for a sequence
 * number. Its last frame is the one deletion in it, of the ID that is the summary as JSON: the count
 * of the records, and the last commit that any of them shows. Without it the snapshot is not whole.
 */

/** What the last frame of a snapshot says of the others. */
export interface SnapshotSummary {
  readonly records: number;
  /** Records are taken while commits go on. The logs must reach at least to this commit. */
  readonly through: number;
  /** The number of the last entry of the trail that no log from the snapshot's generation on repeats. */
  readonly entries: number;
}

/** The frame of one record; its value is what it ends with. */
export function encodeRecord({ collection, id, version, expiresAt, text, encoding }: RecordText, seed: number): Buffer {
  return sealed(encodeChanges(version, [{ collection, id, text: { bytes: text, encoding }, expiresAt }]), seed);
}

/** The frame that ends a snapshot. */
export function encodeSummary({ records, through, entries }: SnapshotSummary, seed: number): Buffer {
  const id = JSON.stringify({ records, through, entries });
  return sealed(encodeChanges(through, [{ collection: "", id, text: undefined, expiresAt: undefined }]), seed);
}

/** The header of a snapshot, as bytes and as the seed of its frames. */
export function beginSnapshot(storeId: string, generation: number, sequence: number): { readonly bytes: Buffer; readonly seed: number } {
  const header: FileHeader = { version: FORMAT_VERSION, kind: "snapshot", storeId, generation, sequence };
  return { bytes: encodeFileHeader(header), seed: seedOf(header) };
}

/** A snapshot that is open. */
export interface SnapshotFile {
  readonly header: FileHeader;
  readonly path: string;
  readonly slot: number;
}

/** Reads a snapshot into an empty index. A snapshot gets its name when it is whole, so every fault in it is damage. */
export async function readSnapshot(window: FileWindow, { header, path, slot }: SnapshotFile, index: RecordIndex): Promise<SnapshotSummary> {
  const ending: { summary?: SnapshotSummary } = {};
  let records = 0;
  const end = await readFrames(window, FILE_HEADER_BYTES, seedOf(header), (version, bytes, from, to, position) => {
    if (ending.summary !== undefined) throw damaged(path, position, "a record stands behind the end of the snapshot");
    decodeFrame(bytes, from, to, {
      change(collection, id, value, expiresAt) {
        if (value === undefined) ending.summary = parseSummary(id);
        else restoreRecord(index, { collection, id, version, expiresAt }, { slot, bytes, start: window.start }, value);
      },
      entry() {
        throw damaged(path, position, "an entry of the trail stands in the snapshot");
      },
    });
    records++;
  });
  if (end < window.size) throw damaged(path, end, "a record of the snapshot is not what was written");
  if (ending.summary?.records !== records - 1) throw damaged(path, end, "the snapshot is not whole");
  return ending.summary;
}

/** The earlier format knew no entries. */
function parseSummary(text: string): SnapshotSummary {
  const summary: Omit<SnapshotSummary, "entries"> & { readonly entries?: number } = JSON.parse(text);
  return { entries: 0, ...summary };
}

function sealed(frame: Buffer, seed: number): Buffer {
  sealFrame(frame, 0, frame.length, 0, seed);
  return frame;
}
