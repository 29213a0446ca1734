import type { Change, Clock, CommitResult, Observe, PageRequest, RecordPage, StoredRecord, TrailEntry, TrailPage, TrailQuery, WholeEntry, WholeStore } from "../../domain/ports.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import { changeNothing, prepareChanges } from "../records/changes.ts";
import { Compactor } from "./compactor.ts";
import type { CompactionLimits } from "./compactor.ts";
import { FIRST_FORMAT_WITH_TRAIL, FORMAT_VERSION } from "./disk/file-header.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { pause } from "./disk/pause.ts";
import { watchSyncs } from "./disk/watch-syncs.ts";
import { FileStoreError } from "./file-store-error.ts";
import { HighWater } from "./high-water.ts";
import type { HighWaterLimits } from "./high-water.ts";
import { LargeCommits } from "./large-commits.ts";
import type { LargeCommitLimits } from "./large-commits.ts";
import { encodeAtOnce, numberCommit } from "./log/encode-commit.ts";
import type { EncodedCommit } from "./log/encode-commit.ts";
import { LogWriter } from "./log/log-writer.ts";
import { catchUp } from "./recovery/catch-up.ts";
import { moveOldEntries } from "./recovery/move-old-entries.ts";
import type { RecoveredStore } from "./recovery/recovered-store.ts";
import type { DiskTable } from "./table/disk-table.ts";
import { Trail } from "./trail/trail.ts";
import type { TrailLimits } from "./trail/trail.ts";

/** A store that has files open. */
export interface FileStore extends WholeStore {
  /**
   * Waits for what was committed to be on the disk, and lets the directory go. Later calls fail. Of
   * what the disk did not take, `durable` has said so.
   */
  close(): Promise<void>;
}

/** What a store is made of once its directory has been read. */
export interface FileStoreParts {
  readonly files: FileSystem;
  readonly directory: string;
  readonly clock: Clock;
  readonly table: DiskTable;
  /** Must not throw. */
  readonly observe: Observe;
  readonly compaction: CompactionLimits;
  readonly trail: TrailLimits;
  readonly large: LargeCommitLimits;
  readonly highWater: HighWaterLimits;
  /** How much of the heap is in use, in bytes. */
  readonly heapBytes: () => number;
  /** Does some work again and again; answers how to end that. */
  readonly repeat: (work: () => void) => () => void;
  /** Lets go of the directory. */
  readonly release: () => MaybePromise<void>;
}

const NO_ENTRIES: readonly TrailEntry[] = [];

/**
 * The port on a table of records, a trail and a log. A commit changes table and trail at once, and
 * later calls may build on it; its bytes go to the writer, and `durable` says when they are safe.
 * One of many changes is another thing: see {@link LargeCommits}.
 */
export class LoggedStore implements FileStore {
  readonly #parts: FileStoreParts;
  readonly #writer: LogWriter;
  readonly #trail: Trail;
  readonly #compactor: Compactor;
  readonly #highWater: HighWater;
  readonly #large: LargeCommits;
  #endUpkeep: () => void = () => undefined;
  #isSweeping = false;
  #version: number;
  #closing: Promise<void> | undefined;

  constructor(parts: FileStoreParts, recovered: RecoveredStore) {
    const { directory, clock, observe, table, compaction: limits } = parts;
    this.#parts = parts;
    this.#version = recovered.version;
    this.#writer = new LogWriter(recovered.log, recovered.version, recovered.entries, {
      placed: (sequence, slot, position) => table.settle(sequence, slot, position),
      synced: (sequence) => this.#synced(sequence),
      writeFailed: (error) => observe({ event: "store_write_failed", file: this.#compactor.log.path, error }),
      poisoned: (error) => observe({ event: "store_poisoned", file: this.#compactor.log.path, error }),
    });
    const files = watchSyncs(parts.files, (path, error) => this.#writer.poison(`${path} could not be synced`, error));
    this.#trail = new Trail({ files, directory, clock, observe, limits: parts.trail }, recovered.storeId, recovered.segments);
    this.#compactor = new Compactor({ files, directory, table, writer: this.#writer, trail: this.#trail, limits, observe, version: () => this.#version, whole: () => this.#large.taking }, recovered);
    this.#large = new LargeCommits({
      table, writer: this.#writer, trail: this.#trail, partBytes: parts.large.partBytes,
      refuseIfUnable: () => this.#refuseIfUnable(), version: () => this.#version, nextVersion: () => ++this.#version,
    });
    this.#highWater = new HighWater({
      directory, observe, limits: parts.highWater, heapBytes: parts.heapBytes,
      freeDiskBytes: () => files.freeBytes(directory), shed: () => table.clearCache(),
    });
  }

  /** Brings the trail up to what the logs have, and the directory to the present format. Comes before everything else. */
  async prepare({ missing, format }: RecoveredStore): Promise<void> {
    if (missing !== undefined) await catchUp(this.#parts.files, missing, this.#trail);
    if (format < FORMAT_VERSION) await this.#moveToPresentFormat(format);
    await this.#highWater.check();
    this.#endUpkeep = this.#parts.repeat(() => this.#keepUp());
  }

  async #moveToPresentFormat(format: number): Promise<void> {
    if (format < FIRST_FORMAT_WITH_TRAIL) {
      await moveOldEntries(this.#parts.table, this.#trail, this.#version);
      this.#writer.startAfterEntry(this.#trail.next - 1);
    }
    await this.#compactor.compact();
  }

  /** What must not wait for commits. */
  #keepUp(): void {
    void this.#sweepTable();
    this.#trail.sweep();
    void this.#highWater.check();
  }

  /** However much expires at once, all of it leaves memory. */
  async #sweepTable(): Promise<void> {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    while (this.#parts.table.sweep() && this.#closing === undefined) await pause();
    this.#isSweeping = false;
  }

  #synced(sequence: number): Promise<unknown> | undefined {
    const waits = [this.#trail.safe(sequence), this.#compactor.compactWhenDue()].filter((wait) => wait !== undefined);
    return waits.length === 0 ? undefined : Promise.all(waits);
  }

  read(collection: string, ids: readonly string[]): MaybePromise<readonly (StoredRecord | undefined)[]> {
    const taking = this.#large.takingOf(collection, ids);
    if (taking !== null) return taking.then(() => this.read(collection, ids));
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.read(collection, ids);
  }

  list(collection: string, page: PageRequest): MaybePromise<RecordPage> {
    if (this.#large.taking !== null) return this.#large.taking.then(() => this.list(collection, page));
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.list(collection, page);
  }

  trail(query: TrailQuery): Promise<TrailPage> {
    if (this.#large.taking !== null) return this.#large.taking.then(() => this.trail(query));
    this.#writer.refuseIfPoisoned();
    return this.#trail.read(query);
  }

  collections(): MaybePromise<readonly string[]> {
    if (this.#large.taking !== null) return this.#large.taking.then(() => this.collections());
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.index.names().toSorted();
  }

  entries(page: { readonly after?: string; readonly limit: number }): Promise<readonly WholeEntry[]> {
    if (this.#large.taking !== null) return this.#large.taking.then(() => this.entries(page));
    this.#writer.refuseIfPoisoned();
    return this.#trail.readWhole(page);
  }

  commit(changes: readonly Change[], entries: readonly TrailEntry[] = NO_ENTRIES): MaybePromise<CommitResult> {
    const taking = this.#large.takingBefore(changes, entries);
    if (taking !== null) return taking.then(() => this.commit(changes, entries));
    this.#refuseIfUnable();
    const prepared = prepareChanges(changes);
    const result = prepared.length + entries.length > this.#parts.large.maxChanges ? null : this.#commit(prepared, entries);
    return result ?? this.#large.commit(prepared, entries);
  }

  #refuseIfUnable(): void {
    this.#writer.refuseIfOutOfOrder();
    this.#trail.refuseIfStuck();
    this.#highWater.refuseIfFull();
  }

  /** Null when it would take long, since its values are large. */
  #commit(changes: readonly Change[], entries: readonly TrailEntry[]): CommitResult | null {
    const conflicts = this.#parts.table.findConflicts(changes);
    if (conflicts.length > 0) return { committed: false, conflicts };
    if (entries.length > 0 || !changeNothing(changes)) {
      const encoded = encodeAtOnce(changes, entries, this.#parts.large.maxBytes);
      if (encoded === null) return null;
      this.#keep(changes, encoded);
    }
    return { committed: true, version: this.#version };
  }

  #keep(changes: readonly Change[], commit: EncodedCommit): void {
    numberCommit(commit, ++this.#version, this.#trail.next);
    this.#parts.table.apply(this.#version, changes, commit);
    for (const { entry, keys, payload } of commit.entries) this.#trail.append(this.#version, entry, keys, payload);
    this.#writer.append(this.#version, this.#trail.next - 1, commit.frame);
  }

  durable(): MaybePromise<void> {
    return this.#writer.durable();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    try {
      await this.#closeFiles();
    } finally {
      await this.#parts.release();
    }
  }

  async #closeFiles(): Promise<void> {
    this.#endUpkeep();
    await this.#large.taking;
    await this.#compactor.stop();
    await this.#writer.close(new FileStoreError("store_unavailable", `the store in ${this.#parts.directory} is closed`));
    await this.#trail.close();
    await this.#parts.table.files.close();
  }

  /** Lets go of the files, but not of the directory, when {@link prepare} has failed. */
  async abandon(): Promise<void> {
    await this.#closeFiles().catch(() => undefined);
  }
}
