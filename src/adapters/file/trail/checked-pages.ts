import { crc32c } from "../disk/crc32c.ts";
import { damaged } from "../file-store-error.ts";
import { readAll, writeAll } from "../disk/file-system.ts";
import type { OpenFile } from "../disk/file-system.ts";

/*
 * Bytes that are read in small parts from anywhere, and never without seeing that they are what was
 * written: pages of 4,096 bytes, the last one shorter, that each end with their CRC-32C, seeded with
 * the file's and the page's number.
 */

const PAGE_BYTES = 4096;
const CHECKSUM_BYTES = 4;
const CONTENT_BYTES = PAGE_BYTES - CHECKSUM_BYTES;

/** How many are written with one write: half a megabyte. */
const PAGES_AT_A_TIME = 128;

/** Where pages stand in a file. */
export interface PagesPlace {
  readonly file: OpenFile;
  readonly path: string;
  readonly seed: number;
  readonly start: number;
  /** Of the content, without checksums. */
  readonly length: number;
}

/** How many bytes the pages of so much content take. */
export function pagedBytes(length: number): number {
  return length + CHECKSUM_BYTES * Math.ceil(length / CONTENT_BYTES);
}

/** Writes content as pages, some at a time; answers where they end. */
export async function writePages(file: OpenFile, content: Buffer, start: number, seed: number): Promise<number> {
  let end = start;
  for (let page = 0; page * CONTENT_BYTES < content.length; page += PAGES_AT_A_TIME) {
    const pages = toPages(content.subarray(page * CONTENT_BYTES, (page + PAGES_AT_A_TIME) * CONTENT_BYTES), seed + page);
    await writeAll(file, pages, end);
    end += pages.length;
  }
  return end;
}

function toPages(content: Buffer, seed: number): Buffer {
  const pages = Buffer.allocUnsafe(pagedBytes(content.length));
  for (let page = 0, at = 0; at < pages.length; page++) {
    const length = content.copy(pages, at, page * CONTENT_BYTES, (page + 1) * CONTENT_BYTES);
    pages.writeUInt32LE(crc32c(pages, at, at + length, seed + page), at + length);
    at += length + CHECKSUM_BYTES;
  }
  return pages;
}

/** Reads a part of the content; rejects with a FileStoreError when it is not what was written. */
export async function readPages(place: PagesPlace, from: number, length: number): Promise<Buffer> {
  const first = Math.floor(from / CONTENT_BYTES);
  const start = first * PAGE_BYTES;
  const end = Math.min(Math.ceil((from + length) / CONTENT_BYTES) * PAGE_BYTES, pagedBytes(place.length));
  const pages = Buffer.allocUnsafe(Math.max(0, end - start));
  if ((await readAll(place.file, pages, place.start + start)) < pages.length) throw damaged(place.path, place.start + start, "the file ends too early");
  const content = Buffer.allocUnsafe(pages.length);
  let filled = 0;
  for (let at = 0, page = first; at < pages.length; at += PAGE_BYTES, page++) {
    const checksumAt = Math.min(at + PAGE_BYTES, pages.length) - CHECKSUM_BYTES;
    if (crc32c(pages, at, checksumAt, place.seed + page) !== pages.readUInt32LE(checksumAt)) throw damaged(place.path, place.start + start + at, "a page of the index is not what was written");
    filled += pages.copy(content, filled, at, checksumAt);
  }
  return content.subarray(from - first * CONTENT_BYTES, from - first * CONTENT_BYTES + length);
}
