import type { JsonObject } from "../../json.ts";

/** What a unit of work knows of one record: what the store had, and what it is by now. */
export class KnownRecord {
  readonly collection: string;
  readonly id: string;
  /** The version that was read or committed, `ABSENT`, or {@link FOREIGN}. */
  basedOn: number;
  before: JsonObject | undefined;
  expiresAtBefore: number | undefined;
  now: JsonObject | undefined;
  expiresAt: number | undefined;

  constructor(collection: string, id: string, basedOn: number, value: JsonObject | undefined, expiresAt: number | undefined) {
    this.collection = collection;
    this.id = id;
    this.basedOn = basedOn;
    this.before = value;
    this.expiresAtBefore = expiresAt;
    this.now = value;
    this.expiresAt = expiresAt;
  }
}

/** Stands for the version of a record that does not live in the store: nothing of it is checked or written at the commit. */
export const FOREIGN = -1;
/** Up to here looking through all of them is faster than asking a Map. */
const FEW = 8;

const NONE: readonly KnownRecord[] = [];

/** The records that a unit of work knows. Mostly one or two, in a bulk call thousands. */
export class KnownRecords {
  /** Null as long as there is none. */
  #all: KnownRecord[] | null = null;
  /** By collection and ID, as soon as there are more than a few. */
  #index: Map<string, Map<string, KnownRecord>> | null = null;
  /** The collections of values that were listed, or cannot be found by their own ID. */
  #collections: Map<object, string> | null = null;

  get all(): readonly KnownRecord[] {
    return this.#all ?? NONE;
  }

  find(collection: string, id: string): KnownRecord | undefined {
    if (this.#index !== null) return this.#index.get(collection)?.get(id);
    for (const record of this.all) if (record.id === id && record.collection === collection) return record;
    return undefined;
  }

  add(record: KnownRecord): KnownRecord {
    if (this.#all === null) this.#all = [record];
    else this.#all.push(record);
    if (this.#index !== null) this.#enter(this.#index, record);
    else if (this.#all.length > FEW) this.#makeIndex();
    return record;
  }

  remove(record: KnownRecord): void {
    this.#all?.splice(this.#all.lastIndexOf(record), 1);
    this.#index?.get(record.collection)?.delete(record.id);
  }

  /** Makes a value one of those that {@link collectionOf} finds. */
  note(collection: string, value: JsonObject): void {
    (this.#collections ??= new Map()).set(value, collection);
  }

  /** The same for what a record has become, where there are many and its own ID does not lead to it. */
  noteChange({ collection, id, now }: KnownRecord): void {
    if (this.#index !== null && now !== undefined && String(now["id"]) !== id) this.note(collection, now);
  }

  /** The collection of a value that was noted or that a record has now, recognised by identity. */
  collectionOf(value: object): string | undefined {
    const noted = this.#collections?.get(value);
    if (noted !== undefined) return noted;
    if (this.#index !== null) return this.#indexed(this.#index, value);
    for (const { now, collection } of this.all) if (now === value) return collection;
    return undefined;
  }

  #indexed(index: ReadonlyMap<string, ReadonlyMap<string, KnownRecord>>, value: object): string | undefined {
    if (!("id" in value) || (typeof value.id !== "string" && typeof value.id !== "number")) return undefined;
    const id = String(value.id);
    for (const [collection, records] of index) if (records.get(id)?.now === value) return collection;
    return undefined;
  }

  #makeIndex(): void {
    this.#index = new Map();
    for (const record of this.all) this.#enter(this.#index, record);
  }

  #enter(index: Map<string, Map<string, KnownRecord>>, record: KnownRecord): void {
    const ofCollection = index.get(record.collection);
    if (ofCollection === undefined) index.set(record.collection, new Map([[record.id, record]]));
    else ofCollection.set(record.id, record);
    this.noteChange(record);
  }
}
