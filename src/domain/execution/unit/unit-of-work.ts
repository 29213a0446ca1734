import { sameJson, type JsonObject } from "../../json.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import { ABSENT, FrozenPut, type Change, type PageRequest, type RecordPage, type RecordStore, type StoredRecord, type TrailEntry } from "../../ports.ts";
import type { ReadForeign } from "../../catalog/subject-source.ts";
import type { HeldTurns } from "../turns/turns.ts";
import { FOREIGN, KnownRecord, KnownRecords } from "./known-records.ts";
import { NOTHING, withOne, WorkLog, type RecordedChange, type Undo } from "./work-log.ts";

/** What a commit takes. */
export interface Commit {
  /** A change of each record that is another now, and a check of each that was only read. */
  readonly changes: readonly Change[];
  /** Entries for the trail, in the order in which they were added. */
  readonly entries: readonly TrailEntry[];
}

/** A record as it was read. */
export type ReadRecord = Readonly<Pick<KnownRecord, "collection" | "id" | "basedOn" | "before">>;

/**
 * What a transaction has read, with versions, and what it is going to change. Nothing reaches the store before the
 * commit; a unit that is dropped has done nothing. Values that are put must be frozen JSON, as `toJson` makes it.
 */
export class UnitOfWork {
  readonly #store: RecordStore;
  readonly #records = new KnownRecords();
  readonly #log = new WorkLog();
  #isStale = false;
  /** Null as long as there is none. */
  #probed: Set<string> | null = null;
  /** The turns that its transaction has; null: none. */
  readonly turns: HeldTurns | null;

  constructor(store: RecordStore, turns: HeldTurns | null = null) {
    this.#store = store;
    this.turns = turns;
  }

  /** The record's value, as this unit sees it. */
  get(collection: string, id: string): MaybePromise<JsonObject | undefined> {
    const known = this.#records.find(collection, id);
    if (known !== undefined) return known.now;
    const records = this.#store.read(collection, [id]);
    return isPromiseLike(records) ? records.then(([record]) => this.remember(collection, id, record)) : this.remember(collection, id, records[0]);
  }

  /** The same to find out whether an ID is free. What is read for that alone is no part of {@link UnitOfWork.reads}. */
  probe(collection: string, id: string): MaybePromise<JsonObject | undefined> {
    if (this.#records.find(collection, id) === undefined) (this.#probed ??= new Set()).add(`${collection} ${id}`);
    return this.get(collection, id);
  }

  /** What was read, also where nothing was found: not what was only made, nor probed. A listing is not known record by record. */
  reads(): readonly ReadRecord[] {
    const made = new Set(this.made());
    return this.#records.all.filter((record) => !made.has(record) && this.#probed?.has(`${record.collection} ${record.id}`) !== true);
  }

  /** What was put without having been read: based on there being none. */
  made(): readonly ReadRecord[] {
    return this.#log.firstsSince(0).filter(({ isFirst }) => isFirst).map(({ record }) => record);
  }

  /** The record's value, as far as this unit knows it already. */
  known(collection: string, id: string): JsonObject | undefined {
    return this.#records.find(collection, id)?.now;
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
   * Records that this is the new value, and answers it; what it has already or had at first, when that is equal. Based on what was
   * read, else on there being none.
   */
  put(collection: string, id: string, value: JsonObject, expiresAt?: number): JsonObject {
    const known = this.#records.find(collection, id);
    if (known?.now !== undefined && known.expiresAt === expiresAt && sameJson(known.now, value)) return known.now;
    const kept = known?.before !== undefined && known.expiresAtBefore === expiresAt && sameJson(known.before, value) ? known.before : value;
    this.#change(known, collection, id, kept, expiresAt);
    return kept;
  }

  /** Records that it is gone. A TypeError for what was not read: the commit could not tell which version goes. */
  delete(collection: string, id: string): void {
    const known = this.#records.find(collection, id);
    if (known === undefined) throw new TypeError(`${collection} ${id} was deleted without having been read; get it first`);
    if (known.now !== undefined) this.#change(known, collection, id, undefined, undefined);
  }

  /** Adds an entry to the trail. */
  addEntry(entry: TrailEntry): void {
    this.#log.addEntry(entry, false);
  }

  /** Adds the entry of a refusal, which tells of nothing that could be undone: a {@link rollback} leaves it. */
  addRefusal(entry: TrailEntry): void {
    this.#log.addEntry(entry, true);
  }

  /** Told when what this unit changes is committed. */
  onCommitted(tell: () => void): void {
    this.#log.addListener(tell);
  }

  /** A point to go back to. */
  savepoint(): number {
    return this.#log.savepoint();
  }

  /** Undoes what was changed since. What was read stays known, and is checked at the commit. */
  rollback(savepoint: number): void {
    this.#log.rollback(savepoint, (record) => this.#records.remove(record));
  }

  /** What has changed since a savepoint, in the order of the first change: what it was then, and what it is now. */
  recorded(since = 0): readonly RecordedChange[] {
    return this.#log.recorded(since);
  }

  /**
   * What is to be committed; null when there is nothing to keep. `until`: only what was done up to this savepoint, while somebody
   * still works on what comes behind.
   */
  toCommit(until?: number): Commit | null {
    if (this.#log.isEmpty) return null;
    const entries = this.#log.entries(until);
    const later = until === undefined ? null : this.#changedSince(until);
    let changes: Change[] | null = null;
    let isWorthIt = entries.length > 0;
    for (const record of this.#records.all) {
      const undo = later?.get(record);
      if (record.basedOn === FOREIGN || undo?.isFirst === true) continue;
      const then = undo ?? record;
      if (then.now !== record.before) isWorthIt = true;
      changes = withOne(changes, toChange(record, then));
    }
    return isWorthIt ? { changes: changes ?? NOTHING, entries } : null;
  }

  /** To be called by whoever has committed it; with `until`, what comes behind is based on the version that it got. */
  committed(version: number, until?: number): void {
    this.#log.tell(until);
    if (until === undefined) return;
    const later = this.#changedSince(until);
    for (const record of this.#records.all) {
      const undo = later.get(record);
      const { now, expiresAt } = undo ?? record;
      if (record.basedOn === FOREIGN || undo?.isFirst === true || now === record.before) continue;
      record.basedOn = now === undefined ? ABSENT : version;
      record.before = now;
      record.expiresAtBefore = expiresAt;
    }
    this.#log.settle(until);
  }

  /** What each record that was changed since was at a savepoint. */
  #changedSince(savepoint: number): ReadonlyMap<KnownRecord, Undo> {
    return new Map(this.#log.firstsSince(savepoint).map((undo) => [undo.record, undo]));
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
    this.#log.noteChange(record, known === undefined);
    record.now = now;
    record.expiresAt = expiresAt;
    this.#records.noteChange(record);
  }
}

function toChange({ collection, id, basedOn, before }: KnownRecord, { now, expiresAt }: Pick<KnownRecord, "now" | "expiresAt">): Change {
  if (now === before) return { kind: "check", collection, id, basedOn };
  return now === undefined ? { kind: "delete", collection, id, basedOn } : new FrozenPut(collection, id, basedOn, now, expiresAt);
}
