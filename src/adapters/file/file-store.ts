import type { Change, Clock, CommitResult, Observe, PageRequest, RecordConflict, RecordPage, StoredRecord, TrailEntry, TrailPage, TrailQuery, WholeEntry, WholeStore } from "../../domain/ports.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import { changeNothing, prepareChanges } from "../records/changes.ts";
import { Compactor } from "./compactor.ts";
import type { CompactionLimits } from "./compactor.ts";
import { FORMAT_VERSION } from "./disk/file-header.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { inUrgentPieces, partsOf } from "./disk/in-pieces.ts";
import { watchSyncs } from "./disk/watch-syncs.ts";
import { FileStoreError } from "./file-store-error.ts";
import { HighWater } from "./high-water.ts";
import type { HighWaterLimits } from "./high-water.ts";
import { encodeAtOnce, encodeInPieces, numberCommit, numberMany } from "./log/encode-commit.ts";
import type { EncodedCommit, EncodedMany, LoggedEntry } from "./log/encode-commit.ts";
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
  readonly highWater: HighWaterLimits;
  /** How much of the heap is in use, in bytes. */
  readonly heapBytes: () => number;
  /** Does some work again and again; answers how to end that. */
  readonly repeat: (work: () => void) => () => void;
  /** Lets go of the directory. */
  readonly release: () => MaybePromise<void>;
}

const NO_ENTRIES: readonly TrailEntry[] = [];

/** To keep more changes and entries than that at once would hold up others, however small they are: ten milliseconds or so. */
const MANY = 1024;

/**
 * The port on a table of records, a trail and a log. A commit changes table and trail at once, and
 * later calls may build on it; its bytes go to the writer, and `durable` says when they are safe.
 * One of many changes takes them in pieces, and whoever calls meanwhile waits for the last one, so that nobody sees a part of it.
 */
export class LoggedStore implements FileStore {
  readonly #parts: FileStoreParts;
  readonly #writer: LogWriter;
  readonly #trail: Trail;
  readonly #compactor: Compactor;
  readonly #highWater: HighWater;
  #endUpkeep: () => void = () => undefined;
  #version: number;
  /** Settles when no commit of many is under way. */
  #many: Promise<void> = Promise.resolve();
  /** While a commit of many is taken in: settles when all of it is. */
  #taking: Promise<void> | null = null;
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
    this.#compactor = new Compactor({ files, directory, table, writer: this.#writer, trail: this.#trail, limits, observe, version: () => this.#version, whole: () => this.#taking }, recovered);
    this.#highWater = new HighWater({
      directory, observe, limits: parts.highWater, heapBytes: parts.heapBytes,
      freeDiskBytes: () => files.freeBytes(directory), shed: () => table.clearCache(),
    });
  }

  /** Brings the trail up to what the logs have, and the directory to the present format. Comes before everything else. */
  async prepare({ missing, format }: RecoveredStore): Promise<void> {
    if (missing !== undefined) await catchUp(this.#parts.files, missing, this.#trail);
    if (format < FORMAT_VERSION) await this.#moveToPresentFormat();
    await this.#highWater.check();
    this.#endUpkeep = this.#parts.repeat(() => this.#keepUp());
  }

  async #moveToPresentFormat(): Promise<void> {
    await moveOldEntries(this.#parts.table, this.#trail, this.#version);
    this.#writer.startAfterEntry(this.#trail.next - 1);
    await this.#compactor.compact();
  }

  /** What must not wait for commits. */
  #keepUp(): void {
    this.#parts.table.sweep();
    this.#trail.sweep();
    void this.#highWater.check();
  }

  #synced(sequence: number): Promise<unknown> | undefined {
    const waits = [this.#trail.safe(sequence), this.#compactor.compactWhenDue()].filter((wait) => wait !== undefined);
    return waits.length === 0 ? undefined : Promise.all(waits);
  }

  read(collection: string, ids: readonly string[]): MaybePromise<readonly (StoredRecord | undefined)[]> {
    if (this.#taking !== null) return this.#taking.then(() => this.read(collection, ids));
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.read(collection, ids);
  }

  list(collection: string, page: PageRequest): MaybePromise<RecordPage> {
    if (this.#taking !== null) return this.#taking.then(() => this.list(collection, page));
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.list(collection, page);
  }

  trail(query: TrailQuery): Promise<TrailPage> {
    if (this.#taking !== null) return this.#taking.then(() => this.trail(query));
    this.#writer.refuseIfPoisoned();
    return this.#trail.read(query);
  }

  collections(): MaybePromise<readonly string[]> {
    if (this.#taking !== null) return this.#taking.then(() => this.collections());
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.index.names().toSorted();
  }

  entries(page: { readonly after?: string; readonly limit: number }): Promise<readonly WholeEntry[]> {
    if (this.#taking !== null) return this.#taking.then(() => this.entries(page));
    this.#writer.refuseIfPoisoned();
    return this.#trail.readWhole(page);
  }

  commit(changes: readonly Change[], entries: readonly TrailEntry[] = NO_ENTRIES): MaybePromise<CommitResult> {
    if (this.#taking !== null) return this.#taking.then(() => this.commit(changes, entries));
    this.#refuseIfUnable();
    const prepared = prepareChanges(changes);
    const result = prepared.length + entries.length > MANY ? null : this.#commit(prepared, entries);
    return result ?? this.#commitMany(prepared, entries);
  }

  #refuseIfUnable(): void {
    this.#writer.refuseIfOutOfOrder();
    this.#trail.refuseIfStuck();
    this.#highWater.refuseIfFull();
  }

  /** One at a time, and the next when it is on the disk: a small commit has no more than one of them before it there. */
  #commitMany(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<CommitResult> {
    const committing = this.#many.then(() => this.#encodeAndCommit(changes, entries));
    this.#many = committing.then(() => this.durable()).then(undefined, () => undefined);
    return committing;
  }

  /** Encodes them first, while others commit; then nobody else does anything until all of them are looked at and kept. */
  async #encodeAndCommit(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<CommitResult> {
    const encoded = await encodeInPieces(changes, entries);
    this.#refuseIfUnable();
    const taking = this.#takeInPieces(changes, encoded).finally(() => (this.#taking = null));
    this.#taking = taking.then(() => undefined, () => undefined);
    return taking;
  }

  async #takeInPieces(changes: readonly Change[], commit: EncodedMany): Promise<CommitResult> {
    const { table } = this.#parts;
    const conflicts: RecordConflict[] = [];
    await inUrgentPieces(partsOf(changes), (part) => conflicts.push(...table.findConflicts(part)));
    if (conflicts.length > 0) return { committed: false, conflicts };
    if (commit.entries.length > 0 || !changeNothing(changes)) await this.#keepInPieces(changes, commit);
    return { committed: true, version: this.#version };
  }

  /** It is on its way to the disk meanwhile. */
  async #keepInPieces(changes: readonly Change[], commit: EncodedMany): Promise<void> {
    const { table } = this.#parts;
    const { frame, puts, entries } = commit;
    const version = ++this.#version;
    const firstEntry = this.#trail.next;
    const checksum = await numberMany(commit, version, firstEntry);
    this.#writer.append(version, firstEntry + entries.length - 1, frame, { checksum, taken: this.#taking ?? Promise.resolve() });
    await inUrgentPieces(partsOf(changes), (part) => table.apply(version, part, { frame, puts: [] }));
    await inUrgentPieces(partsOf(puts), (part) => table.apply(version, [], { frame, puts: part }));
    await inUrgentPieces(partsOf(entries), (part) => this.#appendEntries(version, part));
  }

  /** Null when it would take long, since its values are large. */
  #commit(changes: readonly Change[], entries: readonly TrailEntry[]): CommitResult | null {
    const conflicts = this.#parts.table.findConflicts(changes);
    if (conflicts.length > 0) return { committed: false, conflicts };
    if (entries.length > 0 || !changeNothing(changes)) {
      const encoded = encodeAtOnce(changes, entries);
      if (encoded === null) return null;
      this.#keep(changes, encoded);
    }
    return { committed: true, version: this.#version };
  }

  #keep(changes: readonly Change[], commit: EncodedCommit): void {
    numberCommit(commit, ++this.#version, this.#trail.next);
    this.#parts.table.apply(this.#version, changes, commit);
    this.#appendEntries(this.#version, commit.entries);
    this.#writer.append(this.#version, this.#trail.next - 1, commit.frame);
  }

  #appendEntries(version: number, entries: readonly LoggedEntry[]): void {
    for (const { entry, keys, payload } of entries) this.#trail.append(version, entry, keys, payload);
  }

  durable(): MaybePromise<void> {
    if (this.#taking !== null) return this.#taking.then(() => this.durable());
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
    await this.#taking;
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
