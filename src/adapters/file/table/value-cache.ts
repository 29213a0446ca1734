import type { StoredRecord } from "../../../domain/ports.ts";

/** What a value takes in memory: its parts, and for each byte of its text about so many. */
const VALUE_BYTES = 300;
const BYTES_PER_BYTE = 2;

/** However small the values are, no Map gets larger than this. */
const MAX_RECORDS = 4_000_000;

interface Cached {
  readonly record: StoredRecord;
  readonly bytes: number;
}

type Generation = Map<string, Map<string, Cached>>;

/**
 * Records with their values parsed, as many as fit. In two generations: what is used moves to the
 * younger one, and when that is half of what may be, the older one goes as a whole. What is in it is
 * always what the table has.
 */
export class ValueCache {
  readonly #maxBytes: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  #youngBytes = 0;
  #youngRecords = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(collection: string, id: string): StoredRecord | undefined {
    const young = this.#young.get(collection)?.get(id);
    if (young !== undefined) return young.record;
    const old = this.#old.get(collection)?.get(id);
    if (old === undefined) return undefined;
    this.#old.get(collection)?.delete(id);
    this.#put(old);
    return old.record;
  }

  /** Keeps a record whose value's text has so many bytes. */
  set(record: StoredRecord, textBytes: number): void {
    this.#old.get(record.collection)?.delete(record.id);
    this.#put({ record, bytes: VALUE_BYTES + BYTES_PER_BYTE * textBytes });
  }

  #put(cached: Cached): void {
    const { collection, id } = cached.record;
    let records = this.#young.get(collection);
    if (records === undefined) this.#young.set(collection, (records = new Map()));
    const replaced = records.get(id);
    records.set(id, cached);
    this.#youngBytes += cached.bytes - (replaced?.bytes ?? 0);
    if (replaced === undefined) this.#youngRecords++;
    if (this.#youngBytes > this.#maxBytes / 2 || this.#youngRecords > MAX_RECORDS) this.#age();
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
    this.#youngRecords = 0;
  }

  delete(collection: string, id: string): void {
    this.#old.get(collection)?.delete(id);
    const records = this.#young.get(collection);
    const known = records?.get(id);
    if (records === undefined || known === undefined) return;
    records.delete(id);
    this.#youngBytes -= known.bytes;
    this.#youngRecords--;
  }

  /** Lets go of everything. */
  clear(): void {
    this.#age();
    this.#age();
  }
}
