import type { Change, CommitResult, Observe, PageRequest, RecordPage, RecordStore, StoredRecord } from "../../domain/ports.ts";
import type { MaybePromise } from "../../domain/steps.ts";
import { changeNothing, prepareChanges } from "../records/changes.ts";
import type { RecordTable } from "../records/record-table.ts";
import { createDeferred } from "./log/deferred.ts";
import { FileStoreError } from "./file-store-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { encodeChanges, toLogged } from "./log/logged-change.ts";
import { LogWriter } from "./log/log-writer.ts";
import type { ActiveLog, FinishedLog } from "./log/log-writer.ts";
import type { RecoveredStore } from "./recovery.ts";
import { createLog, fileName, removeLeftovers } from "./disk/store-files.ts";
import { watchSyncs } from "./disk/watch-syncs.ts";
import { writeSnapshot } from "./snapshot/write-snapshot.ts";

/** A RecordStore that has files open. */
export interface FileStore extends RecordStore {
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
  readonly table: RecordTable;
  /** Must not throw. */
  readonly observe: Observe;
  readonly maxLogMultiple: number;
  readonly minLogBytes: number;
  /** Lets go of the directory. */
  readonly release: () => MaybePromise<void>;
}

/**
 * The port on a table of records and a log. A commit changes the table at once, and later calls may
 * build on it; its bytes go to the writer, and `durable` says when they are safe.
 */
export class LoggedStore implements FileStore {
  readonly #parts: FileStoreParts;
  readonly #storeId: string;
  readonly #writer: LogWriter;
  #log: ActiveLog;
  #version: number;
  #generation: number;
  #olderLogBytes: number;
  #puts: { count: number; bytes: number };
  #compaction: Promise<void> | undefined;
  /** While a snapshot goes through the table: settles when it has. */
  #taking: Promise<void> | undefined;
  /** After a failed compaction the next one waits until the logs have grown beyond this. */
  #compactBeyond = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: FileStoreParts, recovered: RecoveredStore) {
    this.#parts = parts;
    this.#storeId = recovered.storeId;
    this.#log = recovered.log;
    this.#version = recovered.version;
    this.#generation = recovered.generation;
    this.#olderLogBytes = recovered.olderLogBytes;
    this.#puts = { ...recovered.puts };
    this.#writer = new LogWriter(recovered.log, recovered.version, {
      synced: () => this.#compactWhenDue(),
      writeFailed: (error) => this.#parts.observe({ event: "store_write_failed", file: this.#log.path, error }),
      poisoned: (error) => this.#parts.observe({ event: "store_poisoned", file: this.#log.path, error }),
    });
  }

  read(collection: string, ids: readonly string[]): readonly (StoredRecord | undefined)[] {
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.read(collection, ids);
  }

  list(collection: string, page: PageRequest): RecordPage {
    this.#writer.refuseIfPoisoned();
    return this.#parts.table.list(collection, page);
  }

  commit(changes: readonly Change[]): CommitResult {
    this.#writer.refuseIfOutOfOrder();
    const prepared = prepareChanges(changes);
    const conflicts = this.#parts.table.findConflicts(prepared);
    if (conflicts.length > 0) return { committed: false, conflicts };
    if (!changeNothing(prepared)) this.#keep(prepared);
    return { committed: true, version: this.#version };
  }

  #keep(changes: readonly Change[]): void {
    // Encoded first: what is too large for the log must not get into the table.
    const frame = encodeChanges(this.#version + 1, toLogged(changes));
    this.#version++;
    this.#parts.table.apply(changes, this.#version);
    this.#measurePuts(changes, frame);
    this.#writer.append(this.#version, frame);
  }

  #measurePuts(changes: readonly Change[], frame: Buffer): void {
    const puts = changes.filter(({ kind }) => kind === "put").length;
    this.#puts.count += puts;
    if (puts > 0) this.#puts.bytes += frame.length;
  }

  durable(): MaybePromise<void> {
    return this.#writer.durable();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    try {
      await this.#compaction;
      await this.#writer.close(new FileStoreError("store_unavailable", `the store in ${this.#parts.directory} is closed`));
    } finally {
      await this.#parts.release();
    }
  }

  /** The most that the logs may take. The data is estimated by the mean record. */
  #maxLogBytes(): number {
    const meanBytes = this.#puts.bytes / Math.max(1, this.#puts.count);
    return Math.max(this.#parts.minLogBytes, this.#parts.maxLogMultiple * meanBytes * this.#parts.table.size);
  }

  /** Begins at half of what the logs may take. Should they fill up all the same, writers wait for the snapshot. */
  #compactWhenDue(): Promise<void> | undefined {
    const logBytes = this.#olderLogBytes + this.#log.end;
    const max = this.#maxLogBytes();
    if (this.#compaction === undefined && this.#closing === undefined && logBytes > max / 2 && logBytes > this.#compactBeyond) this.#startCompaction();
    return logBytes > max ? this.#taking : undefined;
  }

  #startCompaction(): void {
    this.#compaction = this.#compact()
      .catch((error: unknown) => {
        this.#compactBeyond = 2 * (this.#olderLogBytes + this.#log.end);
        this.#parts.observe({ event: "store_compaction_failed", error });
      })
      .finally(() => {
        this.#compaction = undefined;
      });
  }

  /** A snapshot of what the logs so far have led to, and a new log to go on top of it. */
  async #compact(): Promise<void> {
    const files = watchSyncs(this.#parts.files, (path, error) => this.#writer.poison(`${path} could not be synced`, error));
    const { directory, table } = this.#parts;
    const sequence = await this.#beginLog(files);
    const replacedBytes = this.#olderLogBytes;
    const generation = this.#generation;
    const taking = createDeferred<void>();
    this.#taking = taking.promise;
    const written = await writeSnapshot({
      files, directory, storeId: this.#storeId, generation, table, sequence,
      version: () => this.#version,
      taken: taking.resolve,
      durable: () => this.#writer.durable(),
      isAborted: () => this.#closing !== undefined,
    }).finally(taking.resolve);
    if (written === undefined) return;
    this.#olderLogBytes -= replacedBytes;
    this.#puts = { count: written.records, bytes: written.bytes };
    this.#compactBeyond = 0;
    await removeLeftovers(files, directory);
    this.#parts.observe({ event: "store_compacted", file: `${directory}/${fileName("snapshot", generation)}`, ...written });
  }

  /** Lets the writer go on in a new log; answers the last commit before it. */
  async #beginLog(files: FileSystem): Promise<number> {
    const log = await createLog(files, this.#parts.directory, this.#storeId, this.#generation + 1);
    const finished = await this.#switchTo(log);
    this.#generation++;
    this.#log = log;
    this.#olderLogBytes += finished.log.end;
    await finished.log.file.close();
    return finished.sequence;
  }

  async #switchTo(log: ActiveLog): Promise<FinishedLog> {
    try {
      return await this.#writer.switchTo(log);
    } catch (error) {
      await log.file.close();
      throw error;
    }
  }
}
