import type { Change, CommitResult, RecordConflict, TrailEntry } from "../../domain/ports.ts";
import { changeNothing, idsByCollection } from "../records/changes.ts";
import { inPieces, inUrgentPieces, partsOf } from "./disk/in-pieces.ts";
import { createDeferred } from "./log/deferred.ts";
import type { Deferred } from "./log/deferred.ts";
import type { DraftedCommit, EncodedCommit } from "./log/encode-commit.ts";
import { draftInPieces, encodeParts } from "./log/encode-parts.ts";
import type { FramePlace } from "./log/batch.ts";
import type { LogWriter } from "./log/log-writer.ts";
import { encodeParted } from "./log/part-marks.ts";
import type { DiskTable } from "./table/disk-table.ts";
import type { Trail } from "./trail/trail.ts";

/** So many parts are handed over before the first of them is on the disk: a megabyte or so, which whoever comes then waits for. */
const PARTS_AHEAD = 8;

/** What is a large commit, and how it is written. */
export interface LargeCommitLimits {
  /** One of more changes and entries is large: to keep them at once would hold up others, however small they are. */
  readonly maxChanges: number;
  /** So is one of more bytes. */
  readonly maxBytes: number;
  /** So much is encoded without a pause and stands in one frame, unless one change or entry alone is larger. */
  readonly partBytes: number;
}

/** What the file store has unless a test wants less: each takes some milliseconds at the most. */
export const LARGE_COMMITS: LargeCommitLimits = { maxChanges: 1024, maxBytes: 1024 * 1024, partBytes: 128 * 1024 };

/** What large commits are made on. */
export interface LargeCommitsParts {
  readonly table: DiskTable;
  readonly writer: LogWriter;
  readonly trail: Trail;
  readonly partBytes: number;
  /** Throws when nothing can be committed. */
  readonly refuseIfUnable: () => void;
  /** The last commit. */
  readonly version: () => number;
  /** Takes the number of the next one. */
  readonly nextVersion: () => number;
}

/** A commit all of which is in the log, but for the frame that makes it one. */
interface WrittenAhead {
  readonly parts: readonly Pick<EncodedCommit, "puts" | "entries">[];
  /** Where the frame of each stands. */
  readonly places: readonly FramePlace[];
}

interface Taken {
  readonly result: CommitResult;
  /** Settles when the log has all of it for good. */
  readonly safe: Promise<unknown>;
}

/**
 * Commits of so many changes that it takes long. What they have to say is written ahead, in parts, among the commits of others; then it is looked at
 * whether they still may be made, a small frame makes them so, and table and trail take them in, in pieces. Who reads or commits what one of them
 * changes waits for all of it, so that nobody sees a part; who has to do with other records does not.
 */
export class LargeCommits {
  readonly #parts: LargeCommitsParts;
  /** Settles when none is under way. */
  #last: Promise<void> = Promise.resolve();
  /** While one is taken in: settles when all of it is. */
  #taking: Promise<void> | null = null;
  /** What it changes, by collection. */
  #touched: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  /** While the trail gets its entries: settles when it has them. */
  #appending: Deferred<void> | null = null;

  constructor(parts: LargeCommitsParts) {
    this.#parts = parts;
  }

  /** While one is taken in: settles when all of it is. */
  get taking(): Promise<void> | null {
    return this.#taking;
  }

  /** The same, but null when it has to do with none of these records. */
  takingOf(collection: string, ids: readonly string[]): Promise<void> | null {
    if (this.#taking === null) return null;
    const touched = this.#touched.get(collection);
    return touched !== undefined && ids.some((id) => touched.has(id)) ? this.#taking : null;
  }

  /** The same for a commit, which waits for the entries as well if it has any: they are in the order of their commits. */
  takingBefore(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<void> | null {
    if (this.#taking === null) return null;
    if (this.#appending !== null && entries.length > 0) return this.#appending.promise;
    return changes.some(({ collection, id }) => this.#touched.get(collection)?.has(id) === true) ? this.#taking : null;
  }

  /** One at a time, and the next when it is on the disk. */
  commit(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<CommitResult> {
    const committing = this.#last.then(() => this.#commit(changes, entries));
    this.#last = committing.then(() => this.#parts.writer.durable()).then(undefined, () => undefined);
    return committing;
  }

  async #commit(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<CommitResult> {
    const { refuseIfUnable, writer, version } = this.#parts;
    const drafted = await draftInPieces(changes, entries);
    refuseIfUnable();
    // What cannot be made already need not be written first.
    const conflicts = await this.#findConflicts(changes, inPieces);
    if (conflicts.length > 0) return { committed: false, conflicts };
    if (entries.length === 0 && changeNothing(changes)) return { committed: true, version: version() };
    await writer.hold();
    let safe: Promise<unknown> = Promise.resolve();
    try {
      const taken = await this.#takeIn(changes, await this.#writeAhead(drafted));
      safe = taken.safe;
      return taken.result;
    } finally {
      // Values are read from this log, and it needs the last frame: only then may a later one be begun.
      void safe.then(() => writer.letGo(), () => writer.letGo());
    }
  }

  async #findConflicts(changes: readonly Change[], pieces: typeof inPieces): Promise<readonly RecordConflict[]> {
    const conflicts: RecordConflict[] = [];
    await pieces(partsOf(changes), (part) => void conflicts.push(...this.#parts.table.findConflicts(part)));
    return conflicts;
  }

  async #writeAhead(drafted: DraftedCommit): Promise<WrittenAhead> {
    const { writer, partBytes } = this.#parts;
    const parts: Pick<EncodedCommit, "puts" | "entries">[] = [];
    const places: Promise<FramePlace>[] = [];
    await inPieces(encodeParts(drafted, partBytes), ({ frame, puts, entries }) => {
      parts.push({ puts, entries });
      places.push(writer.appendPart(frame));
      return places.at(-PARTS_AHEAD);
    });
    return { parts, places: await Promise.all(places) };
  }

  #takeIn(changes: readonly Change[], written: WrittenAhead): Promise<Taken> {
    this.#touched = idsByCollection(changes);
    const taking = this.#take(changes, written).finally(() => {
      this.#taking = null;
      this.#endAppending();
    });
    this.#taking = taking.then(() => undefined, () => undefined);
    return taking;
  }

  async #take(changes: readonly Change[], { parts, places }: WrittenAhead): Promise<Taken> {
    const { writer, trail, refuseIfUnable, nextVersion } = this.#parts;
    const conflicts = await this.#findConflicts(changes, inUrgentPieces);
    if (conflicts.length > 0) return { result: { committed: false, conflicts }, safe: Promise.resolve() };
    refuseIfUnable();
    const entries = parts.reduce((count, part) => count + part.entries.length, 0);
    const version = nextVersion();
    const frame = encodeParted(version, parts.length, trail.next);
    const placed = createDeferred<FramePlace>();
    writer.append(version, trail.next + entries - 1, frame, placed);
    this.#appending = createDeferred<void>();
    await inUrgentPieces(this.#effects(version, changes, { parts, places }), (effect) => effect());
    return { result: { committed: true, version }, safe: placed.promise };
  }

  #endAppending(): void {
    this.#appending?.resolve();
    this.#appending = null;
  }

  /** What is to be done when the commit is sure, a little each: first what others wait for whatever they change. */
  *#effects(version: number, changes: readonly Change[], { parts, places }: WrittenAhead): Generator<() => void, void, void> {
    const { table, trail } = this.#parts;
    for (const { entries } of parts) {
      for (const some of partsOf(entries)) {
        yield () => {
          for (const { entry, keys, payload } of some) trail.append(version, entry, keys, payload);
        };
      }
    }
    yield () => this.#endAppending();
    for (const some of partsOf(changes)) yield () => table.removeDeleted(some);
    for (const [index, { puts }] of parts.entries()) {
      const place = places[index];
      if (place !== undefined) for (const some of partsOf(puts)) yield () => table.putPlaced(version, some, place);
    }
  }
}
