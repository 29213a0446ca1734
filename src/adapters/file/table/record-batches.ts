import { pause } from "../disk/pause.ts";
import type { RecordIndex } from "./record-index.ts";
import { UnreadRecord } from "./unread-record.ts";
import type { ValueFiles } from "./value-files.ts";
import { IN_MEMORY } from "./value-place.ts";
import { readTexts } from "./value-reader.ts";

/**
 * So many records, or bytes of values, are read together. They stand scattered in logs, so the more
 * there are the closer they lie, and reading what is between costs less than many small reads.
 */
const RECORDS_PER_BATCH = 16_384;
const BYTES_PER_BATCH = 4 * 1024 * 1024;
const MAX_GAP_BYTES = 16 * 1024;

/** So many are looked for without a pause: a millisecond or so. */
const RECORDS_AT_A_TIME = 1024;

/** What a snapshot has of a record. */
export interface RecordText {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly expiresAt: number | undefined;
  readonly text: Buffer;
  readonly encoding: number;
}

/** Where {@link readBatches} finds the records and their values. */
export interface BatchSource {
  readonly index: RecordIndex;
  readonly files: ValueFiles;
  /** The text of a value that no file has yet. */
  readonly textInMemory: (key: number) => Buffer;
  readonly isExpired: (expiresAt: number | undefined) => boolean;
  /** Takes a record away that has expired: no snapshot has it, so nothing may ever look for its value. */
  readonly remove: (collection: string, id: string) => void;
}

interface Batch {
  readonly records: UnreadRecord[];
  /** Those that no file has. */
  readonly texts: Map<UnreadRecord, Buffer>;
  bytes: number;
}

/**
 * All records that have not expired, in the order of their collections and IDs, some at a time. The
 * index may change meanwhile: what stays as it is comes exactly once, what changes may come or not,
 * before or after the change.
 */
export async function* readBatches(source: BatchSource): AsyncGenerator<readonly RecordText[], void, void> {
  for (const name of source.index.names()) {
    for (let after: string | undefined, isLast = false; !isLast; ) {
      const batch: Batch = { records: [], texts: new Map(), bytes: 0 };
      try {
        for (let full = false; !full && !isLast; await pause()) {
          const last = collect(source, batch, name, after);
          isLast = last === undefined;
          after = last ?? after;
          full = batch.records.length >= RECORDS_PER_BATCH || batch.bytes >= BYTES_PER_BATCH;
        }
        if (batch.records.length > 0) yield await readBatch(source, batch);
      } finally {
        for (const { place } of batch.records) source.files.release(place.slot);
      }
    }
  }
}

/** Adds some records behind an ID; answers the last ID that was seen, undefined when there are no more. */
function collect({ index, files, textInMemory, isExpired, remove }: BatchSource, batch: Batch, name: string, after: string | undefined): string | undefined {
  let seen = 0;
  let last: string | undefined;
  const expired: string[] = [];
  for (const { block, at } of index.collection(name)?.ascending(after) ?? []) {
    last = block.idAt(at);
    const record = new UnreadRecord(name, last, block.versionAt(at), block.expiryAt(at), block.placeAt(at));
    if (isExpired(record.expiresAt)) expired.push(last);
    else {
      const { slot, offset, bytes } = record.place;
      if (slot === IN_MEMORY) batch.texts.set(record, textInMemory(offset));
      files.acquire(slot);
      batch.records.push(record);
      batch.bytes += bytes;
    }
    if (++seen >= RECORDS_AT_A_TIME || batch.bytes >= BYTES_PER_BATCH) break;
  }
  for (const id of expired) remove(name, id);
  return last;
}

/** Copies of the texts: what was read with them need not stay. */
async function readBatch({ files }: BatchSource, { records, texts, bytes }: Batch): Promise<readonly RecordText[]> {
  const copies = Buffer.allocUnsafe(bytes);
  const inFiles = records.filter((record) => !texts.has(record));
  let end = 0;
  await readTexts(files, inFiles.map(({ place }) => place), MAX_GAP_BYTES, (index, text) => {
    const record = inFiles[index];
    const start = end;
    end += text.copy(copies, start);
    if (record !== undefined) texts.set(record, copies.subarray(start, end));
  });
  return records.map((record) => {
    const { collection, id, version, expiresAt, place } = record;
    return { collection, id, version, expiresAt, encoding: place.encoding, text: texts.get(record) ?? Buffer.alloc(0) };
  });
}
