import type { Clock, Observe, TrailPage, TrailQuery, WholeEntry } from "../../../domain/ports.ts";
import { refuseBadPage } from "../../records/changes.ts";
import { FORMAT_VERSION } from "../disk/file-header.ts";
import { writeAll } from "../disk/file-system.ts";
import type { FileSystem, OpenFile } from "../disk/file-system.ts";
import { createFile } from "../disk/store-files.ts";
import { FileStoreError } from "../file-store-error.ts";
import type { EntryKeys } from "./entry-keys.ts";
import { OpenSegment } from "./open-segment.ts";
import type { EntryTimes } from "./open-segment.ts";
import { readEntries, readTrail } from "./read-trail.ts";
import { SealedSegment } from "./sealed-segment.ts";
import { writeIndex } from "./segment-index.ts";

/** How large the parts of a trail may become. */
export interface TrailLimits {
  /** A segment that has so many entries is full. */
  readonly maxSegmentEntries: number;
  /** A segment whose entries take so many bytes is full. At most 1 GiB, as places in it have 32 bits. */
  readonly maxSegmentBytes: number;
  /** Entries that happened so far apart do not share a segment, so that they need not stay for each other's sake. */
  readonly maxSegmentSpanMs: number;
  /** So many bytes of entries that are safe in the log are written at a time. */
  readonly flushBytes: number;
  /** With more bytes than that to be written, whoever commits waits. */
  readonly maxPendingBytes: number;
}

/** What the file store has unless a test wants less. */
export const TRAIL_LIMITS: TrailLimits = {
  maxSegmentEntries: 65_536, maxSegmentBytes: 32 * 1024 * 1024, maxSegmentSpanMs: 86_400_000,
  flushBytes: 512 * 1024, maxPendingBytes: 32 * 1024 * 1024,
};

/** What a trail works with. */
export interface TrailParts {
  readonly files: FileSystem;
  readonly directory: string;
  readonly clock: Clock;
  /** Must not throw. */
  readonly observe: Observe;
  readonly limits: TrailLimits;
}


/**
 * The trail: segments of entries, the last of which grows. An entry is in the log first, with the
 * changes of its commit; it is copied to its segment when it is safe there, and the log stays until
 * the segment has been synced. So the trail needs no sync of its own at a commit.
 */
export class Trail {
  readonly #parts: TrailParts;
  #sealed: readonly SealedSegment[];
  /** Those that are not sealed yet; only the last one grows. */
  #open: readonly OpenSegment[];
  /** The file of the first of these, once it has been opened. */
  #file: OpenFile | undefined;
  #exists: boolean;
  #isDirty = false;
  /** Up to which commit entries are safe in the log. */
  #safe = 0;
  #pendingBytes = 0;
  #failure: FileStoreError | undefined;
  #isQueued = false;
  #turn: Promise<void> = Promise.resolve();

  /** With the segments that are there; of these only the last one may be open. */
  constructor(parts: TrailParts, storeId: string, found: readonly (SealedSegment | OpenSegment)[]) {
    this.#parts = parts;
    this.#sealed = found.filter((segment) => segment instanceof SealedSegment);
    const last = found.at(-1);
    this.#exists = last instanceof OpenSegment;
    this.#open = [last instanceof OpenSegment ? last : this.#after(storeId, last)];
  }

  #after(storeId: string, last: SealedSegment | undefined): OpenSegment {
    const { files, directory } = this.#parts;
    const [generation, sequence] = last === undefined ? [1, 1] : [last.generation + 1, last.first + last.count];
    return new OpenSegment(files, directory, { version: FORMAT_VERSION, kind: "trail", storeId, generation, sequence });
  }

  /** The number that the next entry gets. */
  get next(): number {
    return this.#last().next;
  }

  #last(): OpenSegment {
    const last = this.#open.at(-1);
    if (last === undefined) throw new Error("a trail has a segment that grows");
    return last;
  }

  /** Adds an entry of a commit; its payload is what the log has. */
  append(sequence: number, times: EntryTimes, keys: EntryKeys, payload: Buffer): void {
    this.#segmentFor(times.at).append(sequence, times, keys, payload);
    this.#pendingBytes += payload.length;
  }

  #segmentFor(at: number): OpenSegment {
    const last = this.#last();
    const { maxSegmentEntries, maxSegmentBytes, maxSegmentSpanMs } = this.#parts.limits;
    if (last.count === 0) return last;
    const isFull = last.count >= maxSegmentEntries || last.end >= maxSegmentBytes || Math.abs(at - last.firstAt) >= maxSegmentSpanMs;
    return isFull ? this.#begin(last) : last;
  }

  #begin({ header, next }: OpenSegment): OpenSegment {
    const { files, directory } = this.#parts;
    const begun = new OpenSegment(files, directory, { ...header, version: FORMAT_VERSION, generation: header.generation + 1, sequence: next });
    this.#open = [...this.#open, begun];
    return begun;
  }

  /** As the port says. */
  async read(query: TrailQuery): Promise<TrailPage> {
    refuseBadPage(query);
    return readTrail([...this.#sealed, ...this.#open], query, this.#parts.clock);
  }

  /** As the port says of a store that hands over everything. */
  async readWhole(page: { readonly after?: string; readonly limit: number }): Promise<readonly WholeEntry[]> {
    refuseBadPage(page);
    return readEntries([...this.#sealed, ...this.#open], page, this.#parts.clock);
  }

  /** Throws when so much could not be written that no more is taken. */
  refuseIfStuck(): void {
    if (this.#failure === undefined || this.#pendingBytes < this.#parts.limits.maxPendingBytes) return;
    this.#flushSoon();
    throw this.#failure;
  }

  /** The log has all commits up to this one. Answers a promise when there is so much to write that commits should wait. */
  safe(sequence: number): Promise<void> | undefined {
    this.#safe = sequence;
    const { flushBytes, maxPendingBytes } = this.#parts.limits;
    if (this.#pendingBytes < flushBytes && this.#open.length === 1) return undefined;
    this.#flushSoon();
    return this.#pendingBytes > maxPendingBytes ? this.#turn : undefined;
  }

  /** Writes what is safe in the log, unless that is about to be done anyway. */
  #flushSoon(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#inTurn(async () => {
      this.#isQueued = false;
      await this.#flush();
    }).catch((cause: unknown) => this.#noteFailure(cause));
  }

  #noteFailure(cause: unknown): void {
    const path = this.#open[0]?.path ?? this.#parts.directory;
    if (this.#failure === undefined) this.#parts.observe({ event: "store_write_failed", file: path, error: cause });
    this.#failure = new FileStoreError("store_unavailable", `${path} could not be written to`, { cause });
  }

  /** Writes what is safe in the log, and makes it survive without the log. */
  sync(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#flush();
      if (this.#isDirty) await this.#file?.datasync();
      this.#isDirty = false;
    });
  }

  /** Waits for what is being written, and lets go of the files. */
  async close(): Promise<void> {
    await this.#inTurn(async () => this.#file?.close());
  }

  /** One after the other, whatever becomes of them. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.then(() => undefined, () => undefined);
    return done;
  }

  async #flush(): Promise<void> {
    for (;;) {
      const [first, second] = this.#open;
      if (first === undefined) return;
      await this.#writePending(first);
      if (second === undefined || first.hasPending) break;
      await this.#seal(first);
    }
    this.#failure = undefined;
    await this.#dropExpired();
  }

  async #writePending(segment: OpenSegment): Promise<void> {
    for (;;) {
      const frames = segment.takeFrames(this.#safe, this.#parts.limits.flushBytes);
      if (frames === undefined) return;
      const file = await this.#fileOf(segment);
      await writeAll(file, frames, segment.written);
      this.#isDirty = true;
      this.#pendingBytes -= segment.wrote(segment.written + frames.length);
    }
  }

  async #fileOf(segment: OpenSegment): Promise<OpenFile> {
    const { files, directory } = this.#parts;
    this.#file ??= this.#exists ? await files.open(segment.path, "update") : (await createFile(files, directory, segment.header)).file;
    this.#exists = true;
    return this.#file;
  }

  async #seal(segment: OpenSegment): Promise<void> {
    const file = await this.#fileOf(segment);
    const footer = await writeIndex(file, segment.seed, segment.columns, segment.end, segment.expiresAt);
    this.#sealed = [...this.#sealed, new SealedSegment(this.#parts.files, segment.path, segment.header, footer)];
    this.#open = this.#open.slice(1);
    this.#file = undefined;
    this.#exists = false;
    this.#isDirty = false;
    await file.close();
  }

  /** One by one from the oldest on, so that after a power cut there is never a gap. The last file stays: it says which number comes next. */
  async #dropExpired(): Promise<void> {
    const { files, directory, clock } = this.#parts;
    for (let [oldest] = this.#sealed; oldest !== undefined && oldest.footer.expiresAt <= clock(); [oldest] = this.#sealed) {
      const next = this.#open[0];
      if (this.#sealed.length === 1 && next !== undefined) await this.#fileOf(next);
      await files.remove(oldest.path);
      this.#sealed = this.#sealed.slice(1);
      await files.syncDirectory(directory);
    }
  }

  /** Lets go of what has expired without waiting for entries that come. */
  sweep(): void {
    const last = this.#last();
    const now = this.#parts.clock();
    if (last.count > 0 && last.expiresAt <= now) this.#begin(last);
    if (this.#open.length > 1 || (this.#sealed[0]?.footer.expiresAt ?? Number.POSITIVE_INFINITY) <= now) this.#flushSoon();
  }
}
