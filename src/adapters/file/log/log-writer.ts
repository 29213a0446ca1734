import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { OpenFile } from "../disk/file-system.ts";
import { writeAll } from "../disk/file-system.ts";
import { createDeferred } from "./deferred.ts";
import type { Deferred } from "./deferred.ts";
import { FileStoreError } from "../file-store-error.ts";
import { sealBatch, takeBatch } from "./batch.ts";
import type { FramePlace, Queued } from "./batch.ts";
import { numberFrame } from "./frame.ts";

/** A log file that is being appended to. */
export interface ActiveLog {
  readonly path: string;
  /** Closed by whoever opened it: values are read from it. */
  readonly file: OpenFile;
  /** By which values are read from it. */
  readonly slot: number;
  readonly seed: number;
  /** Where the next frame goes. */
  end: number;
}

/** What a writer tells about itself. */
export interface LogWriterEvents {
  /** The frame of a commit stands there from now on, and is safe on the disk. */
  placed(sequence: number, slot: number, position: number): void;
  /** All commits up to this one are safe on the disk. Where a promise is answered, the next batch waits for it. */
  synced(sequence: number): Promise<unknown> | undefined;
  /** A write failed, and was taken back: the same bytes are tried again when somebody next asks. */
  writeFailed(error: unknown): void;
  /** Nothing will be written any more. */
  poisoned(error: unknown): void;
}

interface Waiter extends Deferred<void> {
  readonly sequence: number;
}

/** A log that nothing more is written to, and the last commit and the last entry of the trail in it or before it. */
export interface FinishedLog {
  readonly log: ActiveLog;
  readonly sequence: number;
  readonly entries: number;
}

interface Switch extends Deferred<FinishedLog> {
  readonly log: ActiveLog;
}

/**
 * Appends frames and syncs them in groups: all that arrive while a sync runs share the next one.
 * There is no timer and no delay; somebody alone pays for one write and one sync.
 */
export class LogWriter {
  readonly #events: LogWriterEvents;
  #log: ActiveLog;
  #switch: Switch | undefined;
  #queue: Queued[] = [];
  #waiters: Waiter[] = [];
  #running: Promise<void> | undefined;
  #failure: FileStoreError | undefined;
  #poison: FileStoreError | undefined;
  /** How many commits need parts that are in the present log. */
  #holds = 0;

  /** The last commit that was handed over, and the last entry. */
  #appended: number;
  #appendedEntries: number;
  /** The last commit that is safe, and the last entry. */
  #synced: number;
  #syncedEntries: number;

  constructor(log: ActiveLog, sequence: number, entries: number, events: LogWriterEvents) {
    this.#log = log;
    this.#appended = sequence;
    this.#appendedEntries = entries;
    this.#synced = sequence;
    this.#syncedEntries = entries;
    this.#events = events;
  }

  /** Throws when nothing can be accepted: forever after a failed sync, and until a write succeeds again. */
  refuseIfOutOfOrder(): void {
    if (this.#poison !== undefined) throw this.#poison;
    if (this.#failure === undefined) return;
    this.#start();
    throw this.#failure;
  }

  /** Throws when even what is in memory can no longer be trusted to be on the disk. */
  refuseIfPoisoned(): void {
    if (this.#poison !== undefined) throw this.#poison;
  }

  /** Hands over the unsealed frame of a commit, and the number of the last entry in it or before it. `placed` is told when it is safe, whatever tries that takes. */
  append(sequence: number, entries: number, frame: Buffer, placed: Deferred<FramePlace> | null = null): void {
    this.#appended = sequence;
    this.#appendedEntries = entries;
    this.#queue.push({ sequence, entries, frame, isPart: false, placed });
    this.#start();
  }

  /** Hands over the unsealed frame of a part of a commit that is to come; answers where it stands, when it is safe there. A write that fails is not tried again. */
  appendPart(frame: Buffer): Promise<FramePlace> {
    this.refuseIfOutOfOrder();
    const placed = createDeferred<FramePlace>();
    numberFrame(frame, this.#appended);
    this.#queue.push({ sequence: this.#appended, entries: this.#appendedEntries, frame, isPart: true, placed });
    this.#start();
    return placed.promise;
  }

  /** From now on frames go into no other log until {@link letGo}: the parts of a commit and its own frame must stand in one. */
  async hold(): Promise<void> {
    while (this.#switch !== undefined) await this.#switch.promise.then(() => undefined, () => undefined);
    this.refuseIfPoisoned();
    this.#holds++;
  }

  letGo(): void {
    this.#holds--;
    if (this.#switch !== undefined) this.#start();
  }

  /** The trail has entries up to this one which no log has. Nothing may be queued. */
  startAfterEntry(entries: number): void {
    this.#appendedEntries = entries;
    this.#syncedEntries = entries;
  }

  /** Settles when everything that was appended so far is synced; at once when it is. */
  durable(): MaybePromise<void> {
    if (this.#poison !== undefined) return Promise.reject(this.#poison);
    if (this.#appended === this.#synced) return undefined;
    const waiting = this.#waiters.at(-1);
    if (waiting?.sequence === this.#appended) return waiting.promise;
    const waiter = { sequence: this.#appended, ...createDeferred<void>() };
    this.#waiters.push(waiter);
    this.#start();
    return waiter.promise;
  }

  /** From the next batch on frames go into another log, which has to be in its place. Answers the one before. */
  switchTo(log: ActiveLog): Promise<FinishedLog> {
    this.refuseIfPoisoned();
    this.#switch = { log, ...createDeferred<FinishedLog>() };
    this.#start();
    return this.#switch.promise;
  }

  /** Waits for what is queued, tries once more what failed before, and accepts nothing more. */
  async close(error: FileStoreError): Promise<void> {
    if (this.#queue.length > 0) this.#start();
    while (this.#running !== undefined) await this.#running;
    this.#fail(this.#poison ?? error);
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // After what else came in with this turn of the event loop, which then shares the first sync.
    await new Promise((resolve) => setImmediate(resolve));
    do this.#switchLog();
    while (this.#poison === undefined && this.#queue.length > 0 && (await this.#writeBatch()));
    this.#running = undefined;
    // Somebody may have begun to wait between a failed write and here.
    if (this.#waiters.length > 0 || (this.#switch !== undefined && this.#holds === 0)) this.#start();
  }

  #switchLog(): void {
    const next = this.#switch;
    if (next === undefined || this.#holds > 0) return;
    this.#switch = undefined;
    next.resolve({ log: this.#log, sequence: this.#synced, entries: this.#syncedEntries });
    this.#log = next.log;
  }

  /** Writes and syncs what is queued. Answers whether to go on. */
  async #writeBatch(): Promise<boolean> {
    const log = this.#log;
    const batch = takeBatch(this.#queue);
    const bytes = await sealBatch(batch, log.seed);
    if (this.#poison !== undefined) return false;
    try {
      await writeAll(log.file, bytes, log.end);
    } catch (error) {
      await this.#takeBack(error);
      return false;
    }
    if (!(await this.#sync())) return false;
    this.#place(batch, log);
    this.#failure = undefined;
    this.#queue.splice(0, batch.length);
    this.#synced = batch.at(-1)?.sequence ?? this.#synced;
    this.#syncedEntries = batch.at(-1)?.entries ?? this.#syncedEntries;
    this.#settle();
    await this.#events.synced(this.#synced);
    return true;
  }

  #place(batch: readonly Queued[], log: ActiveLog): void {
    for (const { sequence, frame, isPart, placed } of batch) {
      if (!isPart) this.#events.placed(sequence, log.slot, log.end);
      placed?.resolve({ slot: log.slot, position: log.end });
      log.end += frame.length;
    }
  }

  /** A failed sync is final: the kernel may by now call pages clean that never reached the disk, and a second sync would lie. */
  async #sync(): Promise<boolean> {
    try {
      await this.#log.file.datasync();
      return true;
    } catch (error) {
      this.poison(`${this.#log.path} could not be synced`, error);
      return false;
    }
  }

  /** Nobody was told of these commits. Their bytes stay queued, as later commits may already build on them; nothing builds on parts. */
  async #takeBack(cause: unknown): Promise<void> {
    const { file, end, path } = this.#log;
    try {
      await file.truncate(end);
      await file.datasync();
    } catch (error) {
      this.poison(`${path} could not be written to, nor the failed write taken back`, error);
      return;
    }
    const failure = new FileStoreError("store_unavailable", `${path} could not be written to`, { cause });
    for (const { isPart, placed } of this.#queue) if (isPart) placed?.reject(failure);
    this.#queue = this.#queue.filter(({ isPart }) => !isPart);
    this.#failure = this.#queue.length > 0 ? failure : undefined;
    this.#rejectWaiters(failure);
    this.#events.writeFailed(cause);
  }

  /** Ends all work for good. */
  poison(what: string, cause: unknown): void {
    if (this.#poison !== undefined) return;
    this.#fail(new FileStoreError("store_unavailable", `${what}; the store must be opened again`, { cause }));
    this.#events.poisoned(cause);
  }

  #fail(error: FileStoreError): void {
    this.#poison = error;
    for (const { placed } of this.#queue) placed?.reject(error);
    this.#queue = [];
    this.#rejectWaiters(error);
    this.#switch?.reject(error);
    this.#switch = undefined;
  }

  #settle(): void {
    const waiters = this.#waiters;
    this.#waiters = waiters.filter(({ sequence }) => sequence > this.#synced);
    for (const waiter of waiters) if (waiter.sequence <= this.#synced) waiter.resolve();
  }

  #rejectWaiters(error: FileStoreError): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}
