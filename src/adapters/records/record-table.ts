import { ABSENT } from "../../domain/ports.ts";
import type { Change, Clock, PageRequest, RecordConflict, RecordPage, StoredRecord } from "../../domain/ports.ts";
import { refuseBadPage } from "./changes.ts";
import { createRecord } from "./stored-record.ts";
import { SortedIds } from "./sorted-ids.ts";

interface Collection {
  readonly records: Map<string, StoredRecord>;
  /** Made by the first listing: most collections are never listed. */
  order: SortedIds | undefined;
}

/** How many expiring records each change looks at. More than one, so that sweeping outruns writing. */
const SWEEP_PER_CHANGE = 2;

const NONE: readonly RecordConflict[] = [];

/** Records in memory, by collection and ID. What has expired is as good as gone, and goes in time. */
export class RecordTable {
  readonly #clock: Clock;
  readonly #collections = new Map<string, Collection>();
  readonly #expiring = new Set<StoredRecord>();
  #sweep: Iterator<StoredRecord> = this.#expiring.values();
  /** How many records there are, what has expired and not gone among them. */
  size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** As the port says. */
  read(collection: string, ids: readonly string[]): readonly (StoredRecord | undefined)[] {
    const records = this.#collections.get(collection)?.records;
    return ids.map((id) => this.#find(records, id));
  }

  /** As the port says. */
  list(name: string, page: PageRequest): RecordPage {
    refuseBadPage(page);
    const collection = this.#collections.get(name);
    if (collection === undefined) return { records: [], next: null };
    const order = (collection.order ??= new SortedIds(collection.records.keys()));
    const ids = page.order === "descending" ? order.descending(page.after) : order.ascending(page.after);
    return this.#fillPage(collection.records, ids, page.limit);
  }

  #fillPage(all: Map<string, StoredRecord>, ids: Iterable<string>, limit: number): RecordPage {
    const records: StoredRecord[] = [];
    for (const id of ids) {
      const record = this.#find(all, id);
      if (record === undefined) continue;
      if (records.length === limit) return { records, next: records.at(-1)?.id ?? null };
      records.push(record);
    }
    return { records, next: null };
  }

  #find(records: Map<string, StoredRecord> | undefined, id: string): StoredRecord | undefined {
    const held = records?.get(id);
    return held === undefined || this.#isExpired(held) ? undefined : held;
  }

  /** The names of the collections, in order. */
  names(): readonly string[] {
    return [...this.#collections.keys()].sort();
  }

  /** Which of the changes are based on what is no longer so. */
  findConflicts(changes: readonly Change[]): readonly RecordConflict[] {
    let conflicts: RecordConflict[] | null = null;
    for (const { collection, id, basedOn } of changes) {
      const held = this.#collections.get(collection)?.records.get(id);
      const version = held === undefined || this.#isExpired(held) ? ABSENT : held.version;
      if (version !== basedOn) (conflicts ??= []).push({ collection, id });
    }
    return conflicts ?? NONE;
  }

  /** Makes the changes, whatever they are based on, and sweeps a little. */
  apply(changes: readonly Change[], version: number): void {
    for (const change of changes) {
      const { collection, id, kind } = change;
      if (kind === "put") this.#put(createRecord(collection, id, version, change.value, change.expiresAt));
      else if (kind === "delete") this.#remove(collection, id);
    }
    this.sweep(SWEEP_PER_CHANGE * changes.length);
  }

  /** Takes a record away, if it is there. */
  #remove(name: string, id: string): void {
    const collection = this.#collections.get(name);
    const held = collection?.records.get(id);
    if (collection === undefined || held === undefined) return;
    this.#expiring.delete(held);
    collection.order?.delete(id);
    collection.records.delete(id);
    this.size--;
    if (collection.records.size === 0) this.#collections.delete(name);
  }

  #put(held: StoredRecord): void {
    const collection = this.#collectionOf(held.collection);
    const replaced = collection.records.get(held.id);
    if (replaced === undefined) {
      this.size++;
      collection.order?.add(held.id);
    } else if (replaced.expiresAt !== undefined) this.#expiring.delete(replaced);
    collection.records.set(held.id, held);
    if (held.expiresAt !== undefined) this.#expiring.add(held);
  }

  #collectionOf(name: string): Collection {
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const created: Collection = { records: new Map(), order: undefined };
    this.#collections.set(name, created);
    return created;
  }

  #isExpired(held: StoredRecord): boolean {
    return held.expiresAt !== undefined && this.#clock() >= held.expiresAt;
  }

  /** Goes round and round through the records that expire, a few steps at each commit: no timer, no pause. */
  sweep(steps: number): void {
    if (this.#expiring.size === 0) return;
    for (let step = 0; step < steps; step++) {
      const { done, value } = this.#sweep.next();
      if (done === true) {
        this.#sweep = this.#expiring.values();
        return;
      }
      if (this.#isExpired(value)) this.#remove(value.collection, value.id);
    }
  }
}
