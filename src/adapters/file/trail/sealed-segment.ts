import { seedOf } from "../disk/file-header.ts";
import type { FileHeader } from "../disk/file-header.ts";
import { hasCode } from "../disk/store-files.ts";
import { readAll } from "../disk/file-system.ts";
import type { FileSystem, OpenFile } from "../disk/file-system.ts";
import { damaged } from "../file-store-error.ts";
import { readPages } from "./checked-pages.ts";
import type { Ordinals } from "./entry-columns.ts";
import type { QueryKeys } from "./entry-keys.ts";
import { NUMBER_BYTES, fromBytes } from "./numbers.ts";
import { POSTING_BYTES, ROW_BYTES, bucketOf, layOut } from "./segment-index.ts";
import type { SegmentFooter } from "./segment-index.ts";
import type { Rows, Segment, SegmentReader } from "./segment.ts";

/** A segment that is full: on the disk it has an index, and in memory there is nothing of it but this. */
export class SealedSegment implements Segment {
  readonly path: string;
  readonly generation: number;
  readonly first: number;
  readonly seed: number;
  readonly footer: SegmentFooter;
  readonly #files: FileSystem;

  constructor(files: FileSystem, path: string, header: FileHeader, footer: SegmentFooter) {
    this.#files = files;
    this.path = path;
    this.generation = header.generation;
    this.first = header.sequence;
    this.seed = seedOf(header);
    this.footer = footer;
  }

  get count(): number {
    return this.footer.count;
  }

  /** As {@link Segment} says. */
  async read(): Promise<SegmentReader | undefined> {
    try {
      return new SealedReader(this, await this.#files.open(this.path, "read"));
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }
}

class SealedReader implements SegmentReader {
  readonly path: string;
  readonly seed: number;
  readonly #file: OpenFile;
  readonly #footer: SegmentFooter;

  constructor({ path, seed, footer }: SealedSegment, file: OpenFile) {
    this.path = path;
    this.seed = seed;
    this.#footer = footer;
    this.#file = file;
  }

  async find({ action, identity, subject }: QueryKeys, from: number, to: number): Promise<Ordinals> {
    let found: Ordinals | undefined;
    for (const key of [subject, identity, action]) {
      if (key === undefined || found?.length === 0) continue;
      const postings = await this.#postings(key, from, to);
      found = found === undefined ? postings : intersect(found, postings);
    }
    return found ?? new Uint32Array(0);
  }

  async #postings(key: number, from: number, to: number): Promise<Ordinals> {
    const { directoryAt, postingsAt } = layOut(this.#footer);
    const [start = 0, end = 0] = await this.#content(directoryAt + NUMBER_BYTES * bucketOf(key, this.#footer.bucketBits), 2 * NUMBER_BYTES);
    const bucket = await this.#content(postingsAt + POSTING_BYTES * start, POSTING_BYTES * (end - start));
    const found = new Uint32Array(end - start);
    let count = 0;
    for (let at = 0; at < bucket.length; at += 2) {
      const ordinal = bucket[at + 1] ?? 0;
      // A subject's class and ID may have the key of another's ID: then it stands there twice.
      if (bucket[at] === key && ordinal >= from && ordinal < to && found[count - 1] !== ordinal) found[count++] = ordinal;
    }
    return found.subarray(0, count);
  }

  async rows(from: number, to: number): Promise<Rows> {
    const rows = await this.#content(ROW_BYTES * from, ROW_BYTES * (to - from + 1));
    return {
      startOf: (ordinal) => rows[2 * (ordinal - from)] ?? 0,
      expirySecondOf: (ordinal) => rows[2 * (ordinal - from) + 1] ?? 0,
    };
  }

  async #content(from: number, length: number): Promise<Uint32Array> {
    const place = { file: this.#file, path: this.path, seed: this.seed, start: this.#footer.entriesEnd, length: layOut(this.#footer).length };
    return length === 0 ? new Uint32Array(0) : fromBytes(await readPages(place, from, length));
  }

  async frames(start: number, end: number): Promise<Buffer> {
    const frames = Buffer.allocUnsafe(end - start);
    if ((await readAll(this.#file, frames, start)) < frames.length) throw damaged(this.path, start, "the file ends too early");
    return frames;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** What is in both; both rise. */
function intersect(one: Ordinals, other: Ordinals): Ordinals {
  const both = new Uint32Array(Math.min(one.length, other.length));
  let count = 0;
  for (let here = 0, there = 0; here < one.length && there < other.length; ) {
    const [left = 0, right = 0] = [one[here], other[there]];
    if (left === right) both[count++] = left;
    if (left <= right) here++;
    if (right <= left) there++;
  }
  return both.subarray(0, count);
}
