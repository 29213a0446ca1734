import type { TrailEntry } from "../../../domain/ports.ts";
import { FILE_HEADER_BYTES, seedOf } from "../disk/file-header.ts";
import type { FileHeader } from "../disk/file-header.ts";
import { readAll } from "../disk/file-system.ts";
import type { FileSystem, OpenFile } from "../disk/file-system.ts";
import { fileName } from "../disk/store-files.ts";
import { FRAME_HEADER_BYTES, createFrame, sealFrame } from "../log/frame.ts";
import { EntryColumns } from "./entry-columns.ts";
import type { Ordinals } from "./entry-columns.ts";
import { keysOf } from "./entry-keys.ts";
import type { EntryKeys, QueryKeys } from "./entry-keys.ts";
import { decodeHead } from "./entry-payload.ts";
import type { Rows, Segment, SegmentReader } from "./segment.ts";

/** When an entry happened, and when it expires. */
export type EntryTimes = Pick<TrailEntry, "at" | "expiresAt">;

/** An entry that is not yet in the file. */
interface Pending {
  /** Which commit it came with. */
  readonly sequence: number;
  readonly number: number;
  /** Where its frame goes. */
  readonly start: number;
  readonly payload: Buffer;
}

/**
 * A segment that entries are added to. Its rows are in memory, and of the entries those that were
 * not yet written: they are written some time after their commit is safe in the log.
 */
export class OpenSegment implements Segment {
  readonly header: FileHeader;
  readonly path: string;
  readonly seed: number;
  readonly columns = new EntryColumns();
  readonly #files: FileSystem;
  readonly #pending: Pending[] = [];
  /** Where the next entry goes. */
  end = FILE_HEADER_BYTES;
  /** Up to here the file has been written. */
  written = FILE_HEADER_BYTES;
  /** When its first entry happened, and when its last one expires. */
  firstAt = Number.NaN;
  expiresAt = Number.NEGATIVE_INFINITY;

  constructor(files: FileSystem, directory: string, header: FileHeader) {
    this.#files = files;
    this.header = header;
    this.path = `${directory}/${fileName("trail", header.generation)}`;
    this.seed = seedOf(header);
  }

  get first(): number {
    return this.header.sequence;
  }

  get count(): number {
    return this.columns.count;
  }

  /** The number of the entry that comes next. */
  get next(): number {
    return this.first + this.columns.count;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Adds an entry that came with a commit. */
  append(sequence: number, times: EntryTimes, keys: EntryKeys, payload: Buffer): void {
    this.#pending.push({ sequence, number: this.next, start: this.end, payload });
    this.#note(times, keys, payload.length);
  }

  /** Takes note of an entry that the file has already. */
  restore(bytes: Buffer, start: number, end: number): void {
    const head = decodeHead(bytes, start);
    this.#note(head, keysOf(head), end - start);
    this.written = this.end;
  }

  #note({ at, expiresAt }: EntryTimes, keys: EntryKeys, payloadBytes: number): void {
    if (this.columns.count === 0) this.firstAt = at;
    this.expiresAt = Math.max(this.expiresAt, expiresAt);
    this.columns.add(this.end, expiresAt, keys);
    this.end += FRAME_HEADER_BYTES + payloadBytes;
  }

  /** The frames that come next, of commits up to one, about so many bytes at the most; undefined when there are none. */
  takeFrames(through: number, maxBytes: number): Buffer | undefined {
    const frames: Buffer[] = [];
    let bytes = 0;
    for (const pending of this.#pending) {
      if (pending.sequence > through || (bytes >= maxBytes && frames.length > 0)) break;
      const frame = this.#toFrame(pending);
      frames.push(frame);
      bytes += frame.length;
    }
    return frames.length === 0 ? undefined : Buffer.concat(frames, bytes);
  }

  /** The file has been written up to here; answers how many bytes of payload need no longer be kept. */
  wrote(end: number): number {
    this.written = end;
    const rest = this.#pending.findIndex(({ start }) => start >= end);
    const gone = this.#pending.splice(0, rest === -1 ? this.#pending.length : rest);
    return gone.reduce((bytes, { payload }) => bytes + payload.length, 0);
  }

  #toFrame({ number, payload }: Pending): Buffer {
    const frame = createFrame(number, payload.length);
    payload.copy(frame, FRAME_HEADER_BYTES);
    sealFrame(frame, 0, frame.length, 0, this.seed);
    return frame;
  }

  /** Frames that are not yet in the file; `start` and `end` are where frames begin or end. */
  pendingFrames(start: number, end: number): Buffer {
    return Buffer.concat(this.#pending.filter((pending) => pending.start >= start && pending.start < end).map((pending) => this.#toFrame(pending)));
  }

  /** As {@link Segment} says. */
  async read(): Promise<SegmentReader> {
    return new OpenReader(this, this.#files);
  }
}

class OpenReader implements SegmentReader {
  readonly #segment: OpenSegment;
  readonly #files: FileSystem;
  /** The promise is kept, since several parts are read at a time: each would else open a file of its own, and one alone be closed. */
  #file: Promise<OpenFile> | undefined;

  constructor(segment: OpenSegment, files: FileSystem) {
    this.#segment = segment;
    this.#files = files;
  }

  get path(): string {
    return this.#segment.path;
  }

  get seed(): number {
    return this.#segment.seed;
  }

  async find(keys: QueryKeys, from: number, to: number): Promise<Ordinals> {
    return this.#segment.columns.find(keys, from, to);
  }

  async rows(): Promise<Rows> {
    const { columns, end } = this.#segment;
    return {
      startOf: (ordinal) => (ordinal < columns.count ? columns.startOf(ordinal) : end),
      expirySecondOf: (ordinal) => columns.expirySecondOf(ordinal),
    };
  }

  async frames(start: number, end: number): Promise<Buffer> {
    const { written } = this.#segment;
    // At once, as what is pending now may be written while the file is read.
    const pending = end > written ? this.#segment.pendingFrames(Math.max(start, written), end) : Buffer.alloc(0);
    if (start >= written) return pending;
    const before = Buffer.allocUnsafe(Math.min(end, written) - start);
    this.#file ??= this.#files.open(this.path, "read");
    await readAll(await this.#file, before, start);
    return Buffer.concat([before, pending]);
  }

  async close(): Promise<void> {
    await (await this.#file)?.close();
  }
}
