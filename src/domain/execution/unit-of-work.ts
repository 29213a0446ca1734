import { StoreUnavailable } from "../errors.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import { ABSENT, type Change, type RecordPage, type PageRequest, type RecordStore, type StoredRecord, type SubjectSource } from "../ports.ts";
import { isPromiseLike, settle, type MaybePromise, type Settling, type Steps } from "../steps.ts";

/** What the unit knows of one record: what it was based on, and what it is now. */
interface Entry {
  readonly collection: string;
  readonly id: string;
  /** The version that was read, or {@link FOREIGN} for a record that does not live in the store. */
  readonly basedOn: number;
  /** As the store had it. */
  readonly before: JsonObject | undefined;
  /** As it is to the handler: the same, changed, or deleted. */
  readonly now: JsonObject | undefined;
  readonly expiresAt?: number;
}

/** Stands for a version where there is none: nothing of it is checked or written at the commit. */
const FOREIGN = -1;

/** A record's place, as one string. No collection holds a line feed. */
export function recordKey(collection: string, id: string): string {
  return `${collection}\n${id}`;
}

/** A changed record of a unit of work, with what it was before. */
export interface RecordedChange {
  readonly collection: string;
  readonly id: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/**
 * What one execution reads, with versions, and what it is going to change. Nothing reaches the
 * store before the commit; a unit that is dropped has done nothing. A fork sees what its parent
 * sees and gives back its changes only when it is merged.
 */
export class UnitOfWork {
  readonly #store: RecordStore;
  readonly #parent: UnitOfWork | null;
  readonly #entries = new Map<string, Entry>();
  /** What was listed and is no entry. Null as long as nothing was. */
  #listed: WeakMap<object, { readonly collection: string; readonly value: JsonObject }> | null = null;
  /** Null as long as nobody asks, which is mostly. */
  #listeners: (() => void)[] | null = null;
  #sealed = false;

  constructor(store: RecordStore, parent: UnitOfWork | null = null) {
    this.#store = store;
    this.#parent = parent;
  }

  /** The record's value, as this unit sees it. */
  *get(collection: string, id: string): Steps<JsonObject | undefined> {
    const known = this.#entry(recordKey(collection, id));
    if (known !== undefined) return known.now;
    const [record] = yield* fromStore(() => this.#store.read(collection, [id]));
    return this.remember(collection, id, record);
  }

  /** Many at once: one round trip for those that are not known yet. */
  *getMany(collection: string, ids: readonly string[]): Steps<readonly (JsonObject | undefined)[]> {
    const unknown = [...new Set(ids)].filter((id) => this.#entry(recordKey(collection, id)) === undefined);
    if (unknown.length > 0) {
      const records = yield* fromStore(() => this.#store.read(collection, unknown));
      unknown.forEach((id, index) => this.remember(collection, id, records[index]));
    }
    return ids.map((id) => this.#entry(recordKey(collection, id))?.now);
  }

  /** Records that live outside the store: read once in this unit, never written. */
  *getForeign(collection: string, ids: readonly string[], source: SubjectSource): Steps<readonly (JsonObject | undefined)[]> {
    const unknown = [...new Set(ids)].filter((id) => this.#entry(recordKey(collection, id)) === undefined);
    if (unknown.length > 0) {
      const values = yield* fromStore(() => source(unknown));
      unknown.forEach((id, index) => this.rememberForeign(collection, id, values[index]));
    }
    return ids.map((id) => this.#entry(recordKey(collection, id))?.now);
  }

  rememberForeign(collection: string, id: string, record: JsonObject | undefined): void {
    const value = record === undefined ? undefined : toJsonObject(record, collection);
    this.#entries.set(recordKey(collection, id), { collection, id, basedOn: FOREIGN, before: value, now: value });
  }

  /** Takes in a record that was read outside, so that the commit checks its version. */
  remember(collection: string, id: string, record: StoredRecord | undefined): JsonObject | undefined {
    const value = record?.value;
    const expiry = record?.expiresAt === undefined ? undefined : { expiresAt: record.expiresAt };
    this.#entries.set(recordKey(collection, id), { collection, id, basedOn: record?.version ?? ABSENT, before: value, now: value, ...expiry });
    return value;
  }

  /** A page of the collection as the store has it; what this unit changed is not in it. */
  *list(collection: string, page: PageRequest): Steps<RecordPage> {
    const found = yield* fromStore(() => this.#store.list(collection, page));
    this.#listed ??= new WeakMap();
    for (const { value } of found.records) this.#listed.set(value, { collection, value });
    return found;
  }

  /** A value that this unit read or put, recognised by identity, and its collection. */
  recordOf(value: object): { readonly collection: string; readonly value: JsonObject } | undefined {
    for (const { now, collection } of this.#entries.values()) if (now === value) return { collection, value: now };
    const listed = this.#listed?.get(value);
    return listed !== undefined || this.#parent === null ? listed : this.#parent.recordOf(value);
  }

  /** Records that this is the new value. Based on what was read, else on there being none. */
  put(collection: string, id: string, value: JsonObject, expiresAt?: number): void {
    this.#change(collection, id, value, expiresAt);
  }

  /** Records that it is gone. A TypeError for what was not read: the commit could not tell which version goes. */
  delete(collection: string, id: string): void {
    if (this.#entry(recordKey(collection, id)) === undefined) throw new TypeError(`${collection} ${id} was deleted without having been read; get it first`);
    this.#change(collection, id, undefined, undefined);
  }

  /** What is to be committed: changes, and a check for each record that was only read. Empty when nothing changed. */
  commitChanges(): readonly Change[] {
    const changes: Change[] = [];
    let writes = 0;
    for (const entry of this.#entries.values()) {
      if (entry.basedOn === FOREIGN) continue;
      const change = toChange(entry);
      if (change.kind !== "check") writes++;
      changes.push(change);
    }
    return writes === 0 ? [] : changes;
  }

  /** What changed, for a preview or an audit entry; in a fork, since it was forked. */
  *recorded(): Generator<RecordedChange, void, void> {
    for (const [key, { collection, id, before, now }] of this.#entries) {
      const forked = this.#parent === null ? undefined : this.#parent.#entry(key);
      const earlier = forked === undefined ? before : forked.now;
      if (now !== earlier) yield { collection, id, before: earlier, after: now };
    }
  }

  /** Whether anything is to be written. */
  get changed(): boolean {
    return this.recorded().next().done !== true;
  }

  /** A unit on top of this one, to be merged or dropped. */
  fork(): UnitOfWork {
    return new UnitOfWork(this.#store, this);
  }

  /** Gives what this fork read and changed to its parent. */
  merge(): void {
    if (this.#parent === null) throw new TypeError("only a fork can be merged");
    for (const [key, entry] of this.#entries) this.#parent.#entries.set(key, entry);
    for (const tell of this.#listeners ?? []) this.#parent.onCommitted(tell);
  }

  /** Told when what this unit changes is committed; in a fork, when it is merged and its parent is committed. */
  onCommitted(tell: () => void): void {
    (this.#listeners ??= []).push(tell);
  }

  /** To be called by whoever has committed the changes. */
  committed(): void {
    if (this.#listeners !== null) for (const tell of this.#listeners) tell();
  }

  /** Has it neither read a record nor changed one? */
  get untouched(): boolean {
    return this.#entries.size === 0;
  }

  /** From here on a change is refused: the handler has returned. */
  seal(): void {
    this.#sealed = true;
  }

  #entry(key: string): Entry | undefined {
    const own = this.#entries.get(key);
    return own === undefined && this.#parent !== null ? this.#parent.#entry(key) : own;
  }

  #change(collection: string, id: string, now: JsonObject | undefined, expiresAt: number | undefined): void {
    if (this.#sealed) throw new TypeError(`${collection} ${id} was changed after the handler had returned; await everything inside it`);
    const key = recordKey(collection, id);
    const known = this.#entry(key);
    const expiry = expiresAt === undefined ? undefined : { expiresAt };
    this.#entries.set(key, { collection, id, basedOn: known?.basedOn ?? ABSENT, before: known?.before, now, ...expiry });
  }
}

function toChange(entry: Entry): Change {
  const { collection, id, basedOn, before, now, expiresAt } = entry;
  if (now === before) return { kind: "check", collection, id, basedOn };
  if (now !== undefined) return expiresAt === undefined ? { kind: "put", collection, id, basedOn, value: now } : { kind: "put", collection, id, basedOn, value: now, expiresAt };
  return { kind: "delete", collection, id, basedOn };
}

/** Asks the store; whatever goes wrong there is told apart from what goes wrong in a handler. */
export function fromStore<T>(ask: () => MaybePromise<T>): Settling<T> {
  try {
    const answer = ask();
    return isPromiseLike(answer) ? waitForStore(answer) : settle(answer);
  } catch (error) {
    throw new StoreUnavailable(error);
  }
}

function* waitForStore<T>(answer: MaybePromise<T>): Steps<T> {
  try {
    return yield* settle(answer);
  } catch (error) {
    throw new StoreUnavailable(error);
  }
}
