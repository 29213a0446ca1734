import type { SubjectClass } from "../../catalog/subject.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { RecordedChange } from "../../execution/unit/work-log.ts";
import type { JsonObject } from "../../json.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import type { Clock, RecordStore, StoredRecord } from "../../ports.ts";
import { subjectIdOf, type Batch } from "../call/batch.ts";

/** How many subjects are read in one round trip. */
export const SUBJECTS_A_READ = 256;
/** For so long what was read is believed; a conflict costs more than to read again. */
const BELIEVED_MS = 100;

/** Where subjects are read from, and when. */
export interface AheadOptions {
  readonly store: RecordStore;
  readonly clock: Clock;
}

/** The next subjects of a bulk call, many read in one round trip before their items begin. */
export class Ahead {
  readonly #options: AheadOptions;
  readonly #batch: Pick<Batch, "subject" | "input">;
  readonly #stored = new Map<string, StoredRecord | undefined>();
  readonly #foreign = new Map<string, JsonObject | undefined>();
  #end = 0;
  #readAt = 0;

  constructor(options: AheadOptions, batch: Pick<Batch, "subject" | "input">) {
    this.#options = options;
    this.#batch = batch;
  }

  /** Up to which item the subjects are read. */
  get end(): number {
    return this.#end;
  }

  /** Reads the subjects of this item and of those behind it, unless that was done a moment ago. */
  reach(index: number): MaybePromise<void> {
    const now = this.#options.clock();
    if (index < this.#end && now - this.#readAt < BELIEVED_MS) return undefined;
    this.#readAt = now;
    this.#end = Math.min(this.#batch.input.ids.length, index + SUBJECTS_A_READ);
    const ids: string[] = [];
    for (let at = index; at < this.#end; at++) {
      const id = subjectIdOf(this.#batch, at);
      if (id !== null) ids.push(id);
    }
    const { source } = this.#batch.subject;
    return source === null ? this.#readStored(ids) : this.#readForeign(ids, source);
  }

  /** Others have changed some of it: all must be read again. */
  expire(): void {
    this.#end = 0;
  }

  /** Puts what is known of a subject into a unit that has not read it yet. */
  fill(unit: UnitOfWork, id: string): void {
    const { subject } = this.#batch;
    if (this.#stored.has(id)) unit.remember(subject.class, id, this.#stored.get(id));
    else if (this.#foreign.has(id)) unit.rememberForeign(subject.class, id, this.#foreign.get(id));
  }

  /** Drops what is known of records that a commit has changed. */
  forget(changes: readonly RecordedChange[]): void {
    for (const { collection, id } of changes) if (collection === this.#batch.subject.class) this.#stored.delete(id);
  }

  #readStored(ids: readonly string[]): MaybePromise<void> {
    const take = (records: readonly (StoredRecord | undefined)[]) => keep(this.#stored, ids, records);
    this.#stored.clear();
    if (ids.length === 0) return undefined;
    const reading = this.#options.store.read(this.#batch.subject.class, ids);
    return isPromiseLike(reading) ? reading.then(take) : take(reading);
  }

  #readForeign(ids: readonly string[], source: NonNullable<SubjectClass["source"]>): MaybePromise<void> {
    const take = (records: readonly (JsonObject | undefined)[]) => keep(this.#foreign, ids, records);
    this.#foreign.clear();
    if (ids.length === 0) return undefined;
    const reading = source(ids);
    return isPromiseLike(reading) ? reading.then(take) : take(reading);
  }
}

function keep<T>(kept: Map<string, T | undefined>, ids: readonly string[], found: readonly T[]): void {
  ids.forEach((id, at) => kept.set(id, found[at]));
}
