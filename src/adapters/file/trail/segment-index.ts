import { crc32c } from "../disk/crc32c.ts";
import { writeAll } from "../disk/file-system.ts";
import type { OpenFile } from "../disk/file-system.ts";
import { pause } from "../disk/pause.ts";
import { pagedBytes, writePages } from "./checked-pages.ts";
import { KEY_COLUMNS } from "./entry-columns.ts";
import type { EntryColumns } from "./entry-columns.ts";
import { NUMBER_BYTES, toBytes } from "./numbers.ts";

/*
 * What stands behind the entries of a segment that is full, so that it can be asked without being
 * read. In checked pages, all numbers of 32 bits:
 *
 *   rows       for each entry where it begins and the second in which it expires; and one more row, for the end
 *   directory  for each bucket where its postings begin, and one more number, for the end
 *   postings   key and ordinal of every key of every entry; by bucket, which is the key's highest bits, and then by ordinal
 *
 * and behind that a footer of 64 bytes, without which a segment is not full.
 */

/** Two numbers each. */
export const ROW_BYTES = 8;
export const POSTING_BYTES = 8;

/** How many postings there are to a bucket on average, if keys are spread evenly. */
const POSTINGS_PER_BUCKET = 64;
const MAX_BUCKET_BITS = 16;

/** How many entries are put into buckets without a pause. */
const ORDINALS_AT_A_TIME = 16_384;

const FOOTER_MAGIC = Buffer.from("\x89APSEND\n", "latin1");
/** How long a footer is. */
export const FOOTER_BYTES = 64;
const CHECKSUM_AT = 60;

/** What the footer of a segment says. */
export interface SegmentFooter {
  /** Of entries. */
  readonly count: number;
  readonly postings: number;
  readonly bucketBits: number;
  /** Where the entries end and the index begins. */
  readonly entriesEnd: number;
  /** When the last entry expires, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** Where the parts of an index stand in the content of its pages. */
export function layOut({ count, postings, bucketBits }: Pick<SegmentFooter, "count" | "postings" | "bucketBits">) {
  const directoryAt = ROW_BYTES * (count + 1);
  const postingsAt = directoryAt + NUMBER_BYTES * (2 ** bucketBits + 1);
  return { directoryAt, postingsAt, length: postingsAt + POSTING_BYTES * postings };
}

/** The bucket of a key. */
export function bucketOf(key: number, bucketBits: number): number {
  return bucketBits === 0 ? 0 : key >>> (32 - bucketBits);
}

/**
 * Makes the entries survive, and with them an index and a footer behind them; answers what the
 * footer says. It is written only when all before it is safe, as it vouches for that.
 */
export async function writeIndex(file: OpenFile, seed: number, columns: EntryColumns, entriesEnd: number, expiresAt: number): Promise<SegmentFooter> {
  const bucketBits = chooseBucketBits(columns.count * KEY_COLUMNS);
  const starts = countBuckets(columns, bucketBits);
  const footer = { count: columns.count, postings: starts.at(-1) ?? 0, bucketBits, entriesEnd, expiresAt };
  const content = await encodeContent(columns, starts, footer);
  const end = await writePages(file, content, entriesEnd, seed);
  await file.datasync();
  await writeAll(file, encodeFooter(footer, seed), end);
  await file.datasync();
  return footer;
}

function chooseBucketBits(postings: number): number {
  return Math.min(MAX_BUCKET_BITS, Math.max(0, Math.ceil(Math.log2(postings / POSTINGS_PER_BUCKET))));
}

/** Where each bucket begins, counted in postings. */
function countBuckets(columns: EntryColumns, bucketBits: number): Uint32Array {
  const starts = new Uint32Array(2 ** bucketBits + 1);
  for (let ordinal = 0; ordinal < columns.count; ordinal++) {
    for (let column = 0; column < KEY_COLUMNS; column++) {
      const key = columns.keyOf(ordinal, column);
      const next = bucketOf(key, bucketBits) + 1;
      if (key !== 0) starts[next] = (starts[next] ?? 0) + 1;
    }
  }
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
  return starts;
}

/** With a pause after each part: a few milliseconds each for a large segment. */
async function encodeContent(columns: EntryColumns, starts: Uint32Array, footer: SegmentFooter): Promise<Buffer> {
  const { directoryAt, postingsAt, length } = layOut(footer);
  const content = new Uint32Array(length / NUMBER_BYTES);
  for (let ordinal = 0, at = 0; ordinal < columns.count; ordinal++) {
    content[at++] = columns.startOf(ordinal);
    content[at++] = columns.expirySecondOf(ordinal);
  }
  content[directoryAt / NUMBER_BYTES - 2] = footer.entriesEnd;
  content.set(starts, directoryAt / NUMBER_BYTES);
  const postings = content.subarray(postingsAt / NUMBER_BYTES);
  for (let from = 0; from < columns.count; from += ORDINALS_AT_A_TIME) {
    await pause();
    fillPostings(postings, columns, from, Math.min(columns.count, from + ORDINALS_AT_A_TIME), starts, footer.bucketBits);
  }
  return toBytes(content);
}

/** Moves the starts on as buckets fill up. */
function fillPostings(postings: Uint32Array, columns: EntryColumns, from: number, to: number, starts: Uint32Array, bucketBits: number): void {
  for (let ordinal = from; ordinal < to; ordinal++) {
    for (let column = 0; column < KEY_COLUMNS; column++) {
      const key = columns.keyOf(ordinal, column);
      if (key === 0) continue;
      const bucket = bucketOf(key, bucketBits);
      const posting = starts[bucket] ?? 0;
      postings[2 * posting] = key;
      postings[2 * posting + 1] = ordinal;
      starts[bucket] = posting + 1;
    }
  }
}

function encodeFooter(footer: SegmentFooter, seed: number): Buffer {
  const bytes = Buffer.alloc(FOOTER_BYTES);
  FOOTER_MAGIC.copy(bytes);
  bytes.writeUInt32LE(footer.count, 8);
  bytes.writeUInt32LE(footer.postings, 12);
  bytes.writeUInt32LE(footer.bucketBits, 16);
  bytes.writeUInt32LE(footer.entriesEnd, 20);
  bytes.writeDoubleLE(footer.expiresAt, 24);
  bytes.writeUInt32LE(crc32c(bytes, 0, CHECKSUM_AT, seed), CHECKSUM_AT);
  return bytes;
}

/** The footer that ends a file of this size; undefined when there is none. */
export function decodeFooter(bytes: Buffer, seed: number, size: number): SegmentFooter | undefined {
  if (bytes.length < FOOTER_BYTES || !bytes.subarray(0, FOOTER_MAGIC.length).equals(FOOTER_MAGIC)) return undefined;
  if (bytes.readUInt32LE(CHECKSUM_AT) !== crc32c(bytes, 0, CHECKSUM_AT, seed)) return undefined;
  const footer = {
    count: bytes.readUInt32LE(8), postings: bytes.readUInt32LE(12), bucketBits: bytes.readUInt32LE(16),
    entriesEnd: bytes.readUInt32LE(20), expiresAt: bytes.readDoubleLE(24),
  };
  return footer.entriesEnd + pagedBytes(layOut(footer).length) + FOOTER_BYTES === size ? footer : undefined;
}
