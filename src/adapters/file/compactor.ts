import type { Observe } from "../../domain/ports.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { fileName, removeReplaced } from "./disk/store-files.ts";
import { createLog } from "./log/create-log.ts";
import { createDeferred } from "./log/deferred.ts";
import type { ActiveLog, FinishedLog, LogWriter } from "./log/log-writer.ts";
import type { RecoveredStore } from "./recovery/recovered-store.ts";
import { writeSnapshot } from "./snapshot/write-snapshot.ts";
import type { DiskTable } from "./table/disk-table.ts";
import type { Trail } from "./trail/trail.ts";

/** When logs are replaced by a snapshot. */
export interface CompactionLimits {
  readonly maxLogMultiple: number;
  readonly minLogBytes: number;
}

/** What a {@link Compactor} works on. */
export interface CompactorParts {
  /** A sync that fails must end all work. */
  readonly files: FileSystem;
  readonly directory: string;
  readonly table: DiskTable;
  readonly writer: LogWriter;
  readonly trail: Trail;
  readonly limits: CompactionLimits;
  /** Must not throw. */
  readonly observe: Observe;
  /** The last commit that the table shows by now. */
  readonly version: () => number;
  /** While the table shows a part of a commit: settles when it shows all of it. */
  readonly whole: () => Promise<void> | null;
}

/** Keeps the logs short: when they have grown enough, a snapshot takes the place of all but the last one. */
export class Compactor {
  readonly #parts: CompactorParts;
  readonly #storeId: string;
  #log: ActiveLog;
  #generation: number;
  #olderLogBytes: number;
  #running: Promise<void> | undefined;
  /** While a snapshot goes through the table: settles when it has. */
  #taking: Promise<void> | undefined;
  /** After a failed attempt the next one waits until the logs have grown beyond this. */
  #notBelow = 0;
  #isStopped = false;

  constructor(parts: CompactorParts, recovered: RecoveredStore) {
    this.#parts = parts;
    this.#storeId = recovered.storeId;
    this.#log = recovered.log;
    this.#generation = recovered.generation;
    this.#olderLogBytes = recovered.olderLogBytes;
  }

  /** The log that is written to. */
  get log(): ActiveLog {
    return this.#log;
  }

  /** Begins at half of what the logs may take. Should they fill up all the same, writers wait for the snapshot. */
  compactWhenDue(): Promise<void> | undefined {
    const logBytes = this.#olderLogBytes + this.#log.end;
    const max = this.#maxLogBytes();
    if (this.#running === undefined && !this.#isStopped && logBytes > max / 2 && logBytes > this.#notBelow) this.#start();
    return logBytes > max ? this.#taking : undefined;
  }

  /** The most that the logs may take. */
  #maxLogBytes(): number {
    const { table, limits } = this.#parts;
    return Math.max(limits.minLogBytes, limits.maxLogMultiple * table.index.bytes);
  }

  #start(): void {
    this.#running = this.compact()
      .catch((error: unknown) => {
        this.#notBelow = 2 * (this.#olderLogBytes + this.#log.end);
        this.#parts.observe({ event: "store_compaction_failed", error });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Gives up what is under way, and waits for that. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** A snapshot of what the logs so far have led to, and a new log to go on top of it. */
  async compact(): Promise<void> {
    const { files, directory, table, version, observe } = this.#parts;
    const replaced = table.files.slots();
    const { sequence, entries } = await this.#beginLog();
    const replacedBytes = this.#olderLogBytes;
    const generation = this.#generation;
    const taking = createDeferred<void>();
    this.#taking = taking.promise;
    const written = await writeSnapshot({
      files, directory, storeId: this.#storeId, generation, table, sequence, entries, version,
      taken: taking.resolve,
      durable: () => this.#makeDurable(),
      isAborted: () => this.#isStopped,
    }).finally(taking.resolve);
    if (written === undefined) return;
    this.#olderLogBytes -= replacedBytes;
    this.#notBelow = 0;
    for (const slot of replaced) await table.files.retire(slot);
    await removeReplaced(files, directory);
    observe({ event: "store_compacted", file: `${directory}/${fileName("snapshot", generation)}`, ...written });
  }

  /** What the logs to be removed have that no snapshot shows is in the trail. */
  async #makeDurable(): Promise<void> {
    await this.#parts.whole();
    await this.#parts.writer.durable();
    await this.#parts.trail.sync();
  }

  /** Lets the writer go on in a new log; answers the last commit and the last entry before it. */
  async #beginLog(): Promise<FinishedLog> {
    const { files, directory, table } = this.#parts;
    const log = await createLog({ files, directory, values: table.files }, this.#storeId, this.#generation + 1);
    const finished = await this.#switchTo(log);
    this.#generation++;
    this.#log = log;
    this.#olderLogBytes += finished.log.end;
    return finished;
  }

  async #switchTo(log: ActiveLog): Promise<FinishedLog> {
    try {
      return await this.#parts.writer.switchTo(log);
    } catch (error) {
      await this.#parts.table.files.retire(log.slot);
      throw error;
    }
  }
}
