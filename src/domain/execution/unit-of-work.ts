import { sameJson, type JsonObject } from "../json.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import { ABSENT, FrozenPut, type Change, type PageRequest, type RecordPage, type RecordStore, type StoredRecord, type TrailEntry } from "../ports.ts";
import type { ReadForeign } from "../catalog/subject-source.ts";
import { FOREIGN, KnownRecord, KnownRecords } from "./known-records.ts";

/** A change, as it can be undone: what the record was before it. */
class Undo {
  readonly record: KnownRecord;
  readonly now: JsonObject | undefined;
  readonly expiresAt: number | undefined;
  /** Nothing was known of the record before this change. */
  readonly isFirst: boolean;

  constructor(record: KnownRecord, isFirst: boolean) {
    this.record = record;
    this.now = record.now;
    this.expiresAt = record.expiresAt;
    this.isFirst = isFirst;
  }
}

/** What goes with the commit beside the changes. */
class Companion {
  readonly entry: TrailEntry | null;
  readonly tell: (() => void) | null;
  /** A rollback leaves it. */
  readonly stays: boolean;

  constructor(entry: TrailEntry | null, tell: (() => void) | null, stays: boolean) {
    this.entry = entry;
    this.tell = tell;
    this.stays = stays;
  }
}

/** A changed record of a unit of work, with what it was before. */
export interface RecordedChange {
  readonly collection: string;
  readonly id: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** Up to here looking through a list is faster than asking a Set. */
const FEW = 8;
/** What a commit takes. */
export interface Commit {
  /** A change of each record that is another now, and a check of each that was only read. */
  readonly changes: readonly Change[];
  /** Entries for the trail, in the order in which they were added. */
  readonly entries: readonly TrailEntry[];
}

const NOTHING: readonly never[] = Object.freeze([]);

/**
 * What a transaction has read, with versions, and what it is going to change. Nothing reaches the store before the
 * commit; a unit that is dropped has done nothing. Values that are put must be frozen JSON, as `toJson` makes it.
 */
export class UnitOfWork {
  readonly #store: RecordStore;
  readonly #records = new KnownRecords();
  /** What was done, in its order. Null as long as nothing was. */
  #log: (Undo | Companion)[] | null = null;
  #isStale = false;

  constructor(store: RecordStore) {
    this.#store = store;
  }

  /** The record's value, as this unit sees it. */
  get(collection: string, id: string): MaybePromise<JsonObject | undefined> {
    const known = this.#records.find(collection, id);
    if (known !== undefined) return known.now;
    const records = this.#store.read(collection, [id]);
    return isPromiseLike(records) ? records.then(([record]) => this.remember(collection, id, record)) : this.remember(collection, id, records[0]);
  }

  /** Many at once: one round trip for those that are not known yet. */
  getMany(collection: string, ids: readonly string[]): MaybePromise<readonly (JsonObject | undefined)[]> {
    const unknown = this.#unknown(collection, ids);
    const take = (found: readonly (StoredRecord | undefined)[]) => {
      unknown.forEach((id, at) => this.remember(collection, id, found[at]));
      return this.#valuesOf(collection, ids);
    };
    const records = unknown.length === 0 ? NOTHING : this.#store.read(collection, unknown);
    return isPromiseLike(records) ? records.then(take) : take(records);
  }

  /** Records that live outside the store: read once in this unit, never written. */
  getForeign(collection: string, ids: readonly string[], source: ReadForeign): MaybePromise<readonly (JsonObject | undefined)[]> {
    const unknown = this.#unknown(collection, ids);
    const take = (found: readonly (JsonObject | undefined)[]) => {
      unknown.forEach((id, at) => this.rememberForeign(collection, id, found[at]));
      return this.#valuesOf(collection, ids);
    };
    const values = unknown.length === 0 ? NOTHING : source(unknown);
    return isPromiseLike(values) ? values.then(take) : take(values);
  }

  /**
   * Takes in a record that was read, so that the commit checks its version. What is known already stays as it is;
   * that another version of it was read makes the commit a conflict.
   */
  remember(collection: string, id: string, record: StoredRecord | undefined): JsonObject | undefined {
    const version = record === undefined ? ABSENT : record.version;
    const known = this.#records.find(collection, id);
    if (known === undefined) return this.#records.add(new KnownRecord(collection, id, version, record?.value, record?.expiresAt)).now;
    if (known.basedOn !== version) this.#isStale = true;
    return known.now;
  }

  /** The same for a record from elsewhere, which has no version. */
  rememberForeign(collection: string, id: string, value: JsonObject | undefined): void {
    if (this.#records.find(collection, id) === undefined) this.#records.add(new KnownRecord(collection, id, FOREIGN, value, undefined));
  }

  /** A page of the collection as the store has it; what this unit changed is not in it. */
  list(collection: string, page: PageRequest): MaybePromise<RecordPage> {
    const note = (found: RecordPage) => {
      for (const { value } of found.records) this.#records.note(collection, value);
      return found;
    };
    const found = this.#store.list(collection, page);
    return isPromiseLike(found) ? found.then(note) : note(found);
  }

  /** The collection of a value that this unit read, listed or put, recognised by identity. */
  collectionOf(value: object): string | undefined {
    return this.#records.collectionOf(value);
  }

  /**
   * Records that this is the new value, and answers it; what it has already, when that is equal. Based on what was
   * read, else on there being none.
   */
  put(collection: string, id: string, value: JsonObject, expiresAt?: number): JsonObject {
    const known = this.#records.find(collection, id);
    if (known?.now !== undefined && known.expiresAt === expiresAt && sameJson(known.now, value)) return known.now;
    this.#change(known, collection, id, value, expiresAt);
    return value;
  }

  /** Records that it is gone. A TypeError for what was not read: the commit could not tell which version goes. */
  delete(collection: string, id: string): void {
    const known = this.#records.find(collection, id);
    if (known === undefined) throw new TypeError(`${collection} ${id} was deleted without having been read; get it first`);
    if (known.now !== undefined) this.#change(known, collection, id, undefined, undefined);
  }

  /** Adds an entry to the trail. */
  addEntry(entry: TrailEntry): void {
    this.#log = added(this.#log, new Companion(entry, null, false));
  }

  /** Adds the entry of a refusal, which tells of nothing that could be undone: a {@link rollback} leaves it. */
  addRefusal(entry: TrailEntry): void {
    this.#log = added(this.#log, new Companion(entry, null, true));
  }

  /** Told when what this unit changes is committed. */
  onCommitted(tell: () => void): void {
    this.#log = added(this.#log, new Companion(null, tell, false));
  }

  /** A point to go back to. */
  savepoint(): number {
    return this.#log?.length ?? 0;
  }

  /** Undoes what was changed since. What was read stays known, and is checked at the commit. */
  rollback(savepoint: number): void {
    if (this.#log === null || savepoint === this.#log.length) return;
    const undone = this.#log.splice(savepoint);
    for (const done of undone.toReversed()) if (done instanceof Undo) this.#undo(done);
    for (const done of undone) if (done instanceof Companion && done.stays) this.#log.push(done);
  }

  /** What has changed since a savepoint, in the order of the first change: what it was then, and what it is now. */
  recorded(since = 0): readonly RecordedChange[] {
    const log = this.#log;
    if (log === null || since === log.length) return NOTHING;
    let changes: RecordedChange[] | null = null;
    const seen: KnownRecord[] | Set<KnownRecord> = log.length - since > FEW ? new Set() : [];
    for (let at = since; at < log.length; at++) {
      const done = log[at];
      if (!(done instanceof Undo) || !isNew(seen, done.record)) continue;
      const { collection, id, now } = done.record;
      if (now !== done.now) changes = added(changes, { collection, id, before: done.now, after: now });
    }
    return changes ?? NOTHING;
  }

  /** What is to be committed; null when there is nothing to keep. */
  toCommit(): Commit | null {
    const log = this.#log;
    if (log === null) return null;
    let entries: TrailEntry[] | null = null;
    for (const done of log) if (done instanceof Companion && done.entry !== null) entries = added(entries, done.entry);
    let changes: Change[] | null = null;
    let isWorthIt = entries !== null;
    for (const record of this.#records.all) {
      if (record.basedOn === FOREIGN) continue;
      if (record.now !== record.before) isWorthIt = true;
      changes = added(changes, toChange(record));
    }
    return isWorthIt ? { changes: changes ?? NOTHING, entries: entries ?? NOTHING } : null;
  }

  /** To be called by whoever has committed it. */
  committed(): void {
    for (const done of this.#log ?? NOTHING) if (done instanceof Companion && done.tell !== null) done.tell();
  }

  /** Were two versions of one record read? Then what was made of them cannot be committed. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Has it neither read a record nor changed one? */
  get isUntouched(): boolean {
    return this.#records.all.length === 0;
  }

  #unknown(collection: string, ids: readonly string[]): readonly string[] {
    const unknown = ids.filter((id) => this.#records.find(collection, id) === undefined);
    return unknown.length > 1 ? [...new Set(unknown)] : unknown;
  }

  #valuesOf(collection: string, ids: readonly string[]): readonly (JsonObject | undefined)[] {
    return ids.map((id) => this.#records.find(collection, id)?.now);
  }

  #change(known: KnownRecord | undefined, collection: string, id: string, now: JsonObject | undefined, expiresAt: number | undefined): void {
    const record = known ?? this.#records.add(new KnownRecord(collection, id, ABSENT, undefined, undefined));
    this.#log = added(this.#log, new Undo(record, known === undefined));
    record.now = now;
    record.expiresAt = expiresAt;
    this.#records.noteChange(record);
  }

  #undo({ record, now, expiresAt, isFirst }: Undo): void {
    record.now = now;
    record.expiresAt = expiresAt;
    if (isFirst) this.#records.remove(record);
  }
}

/** The list with one more: most lists here get one or two, and an empty array that is pushed to takes room for seventeen. */
function added<T>(list: T[] | null, item: T): T[] {
  if (list === null) return [item];
  list.push(item);
  return list;
}

/** Adds the record to those that were seen; false when it is one of them. */
function isNew(seen: KnownRecord[] | Set<KnownRecord>, record: KnownRecord): boolean {
  if (Array.isArray(seen)) return !seen.includes(record) && seen.push(record) > 0;
  return !seen.has(record) && seen.add(record).size > 0;
}

function toChange({ collection, id, basedOn, before, now, expiresAt }: KnownRecord): Change {
  if (now === before) return { kind: "check", collection, id, basedOn };
  return now === undefined ? { kind: "delete", collection, id, basedOn } : new FrozenPut(collection, id, basedOn, now, expiresAt);
}
