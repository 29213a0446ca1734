import type { JsonObject } from "../../../domain/json.ts";
import { ABSENT } from "../../../domain/ports.ts";
import type { Change, Clock, PageRequest, RecordConflict, RecordPage, StoredRecord } from "../../../domain/ports.ts";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import { refuseBadPage } from "../../records/changes.ts";
import { createRecord, deepFreeze } from "../../records/stored-record.ts";
import type { EncodedCommit, LoggedPut } from "../log/encode-commit.ts";
import type { FramePlace } from "../log/batch.ts";
import { encodingOf } from "../log/stored-text.ts";
import { readBatches } from "./record-batches.ts";
import type { RecordText } from "./record-batches.ts";
import type { RecordIndex } from "./record-index.ts";
import type { Position } from "./sorted-index.ts";
import { UnsettledCommits } from "./unsettled-commits.ts";
import { UnreadRecord } from "./unread-record.ts";
import { ValueCache } from "./value-cache.ts";
import type { ValueFiles } from "./value-files.ts";
import { IN_MEMORY } from "./value-place.ts";
import { readTexts } from "./value-reader.ts";

/** How many blocks each commit looks at, and each call of {@link DiskTable.sweep}, and how many records that may remove. */
const BLOCKS_PER_COMMIT = 1;
const BLOCKS_PER_SWEEP = 1024;
const RECORDS_PER_SWEEP = 1024;

/** Values that stand so close are read together. */
const MAX_GAP_BYTES = 4096;

/** Records whose values are on the disk, by collection and ID. What has expired is as good as gone, and goes in time. */
export class DiskTable {
  readonly index: RecordIndex;
  readonly files: ValueFiles;
  readonly #clock: Clock;
  readonly #cache: ValueCache;
  readonly #unsettled = new UnsettledCommits();

  constructor(clock: Clock, index: RecordIndex, files: ValueFiles, maxCachedBytes: number) {
    this.#clock = clock;
    this.index = index;
    this.files = files;
    this.#cache = new ValueCache(maxCachedBytes);
  }

  /** As the port says; at once when no value has to be read. */
  read(collection: string, ids: readonly string[]): MaybePromise<readonly (StoredRecord | undefined)[]> {
    const found = ids.map((id) => this.#look(collection, id));
    return areRead(found) ? found : this.#readAll(found);
  }

  #look(collection: string, id: string): StoredRecord | UnreadRecord | undefined {
    const cached = this.#cache.get(collection, id);
    if (cached !== undefined) return this.#isExpired(cached.expiresAt) ? undefined : cached;
    const position = this.index.find(collection, id);
    return position === undefined ? undefined : this.#lookAt(collection, id, position);
  }

  #lookAt(collection: string, id: string, { block, at }: Position): StoredRecord | UnreadRecord | undefined {
    const expiry = block.expiryAt(at);
    if (this.#isExpired(expiry)) return undefined;
    const unread = new UnreadRecord(collection, id, block.versionAt(at), expiry, block.placeAt(at));
    if (unread.place.slot !== IN_MEMORY) {
      this.files.acquire(unread.place.slot);
      return unread;
    }
    return this.#take(unread, this.#unsettled.textOf(unread.place.offset));
  }

  #isExpired(expiresAt: number | undefined): boolean {
    return expiresAt !== undefined && this.#clock() >= expiresAt;
  }

  /** Reads what has to be read. Each record is as it was when it was asked for, whatever becomes of it meanwhile. */
  async #readAll<T>(found: readonly (T | UnreadRecord)[], keep = true): Promise<(T | StoredRecord)[]> {
    const unread = found.filter((each) => each instanceof UnreadRecord);
    const read = new Map<UnreadRecord, StoredRecord>();
    try {
      await readTexts(this.files, unread.map(({ place }) => place), MAX_GAP_BYTES, (index, text) => {
        const record = unread[index];
        if (record !== undefined) read.set(record, this.#take(record, text, keep));
      });
    } finally {
      for (const { place } of unread) this.files.release(place.slot);
    }
    return found.map((each) => (each instanceof UnreadRecord ? recordOf(each, read) : each));
  }

  /** The record with its value, which is kept, unless it was read in passing, if it still is the present one. */
  #take(unread: UnreadRecord, text: Buffer, keep = true): StoredRecord {
    const { collection, id, version, place } = unread;
    const value: JsonObject = JSON.parse(text.toString(encodingOf(place.encoding)));
    deepFreeze(value);
    const record = createRecord(collection, id, version, value, unread.expiresAt);
    if (!keep) return record;
    const present = this.index.find(collection, id);
    if (present?.block.versionAt(present.at) === version) this.#cache.set(record, place.bytes);
    return record;
  }

  /** As the port says; at once when no value has to be read. */
  list(name: string, page: PageRequest): MaybePromise<RecordPage> {
    refuseBadPage(page);
    const found = this.#lookThrough(name, page);
    const next = found.length > page.limit ? (found[page.limit - 1]?.id ?? null) : null;
    const wanted = found.slice(0, page.limit);
    const extra = found[page.limit];
    if (extra instanceof UnreadRecord) this.files.release(extra.place.slot);
    if (areRead(wanted)) return { records: wanted, next };
    return this.#readAll(wanted, page.passing !== true).then((records) => ({ records, next }));
  }

  /** The records of a page, and one more if there is one. */
  #lookThrough(name: string, { after, limit, order }: PageRequest): readonly (StoredRecord | UnreadRecord)[] {
    const collection = this.index.collection(name);
    const found: (StoredRecord | UnreadRecord)[] = [];
    if (collection === undefined) return found;
    for (const position of order === "descending" ? collection.descending(after) : collection.ascending(after)) {
      const id = position.block.idAt(position.at);
      const cached = this.#cache.get(name, id);
      const record = cached === undefined ? this.#lookAt(name, id, position) : this.#isExpired(cached.expiresAt) ? undefined : cached;
      if (record === undefined) continue;
      found.push(record);
      if (found.length > limit) break;
    }
    return found;
  }

  /** Which of the changes are based on what is no longer so. */
  findConflicts(changes: readonly Change[]): readonly RecordConflict[] {
    const conflicts: RecordConflict[] = [];
    for (const { collection, id, basedOn } of changes) if (this.#versionOf(collection, id) !== basedOn) conflicts.push({ collection, id });
    return conflicts;
  }

  #versionOf(collection: string, id: string): number {
    const cached = this.#cache.get(collection, id);
    if (cached !== undefined) return this.#isExpired(cached.expiresAt) ? ABSENT : cached.version;
    const found = this.index.find(collection, id);
    return found === undefined || this.#isExpired(found.block.expiryAt(found.at)) ? ABSENT : found.block.versionAt(found.at);
  }

  /** Makes the changes of a commit, whatever they are based on, and sweeps a little. */
  apply(version: number, changes: readonly Change[], { frame, puts }: Pick<EncodedCommit, "frame" | "puts">): void {
    this.removeDeleted(changes);
    const firstKey = this.#unsettled.nextKey;
    this.#unsettled.add(version, frame, puts.map((put, n) => ({ put, position: this.#put(version, put, IN_MEMORY, firstKey + n) })));
    this.#sweep(BLOCKS_PER_COMMIT);
  }

  /** Makes the deletions among some changes of a commit, whatever they are based on. */
  removeDeleted(changes: readonly Change[]): void {
    for (const { kind, collection, id } of changes) if (kind === "delete") this.remove(collection, id);
  }

  /** Makes some puts of a commit whose values stand already in a frame in a file, and sweeps a little. */
  putPlaced(version: number, puts: readonly LoggedPut[], { slot, position }: FramePlace): void {
    for (const put of puts) this.#put(version, put, slot, position + put.start);
    this.#sweep(BLOCKS_PER_COMMIT);
  }

  #put(version: number, { change: { collection, id, value, expiresAt }, bytes, encoding, checksum }: LoggedPut, slot: number, offset: number): Position {
    this.#cache.set(createRecord(collection, id, version, value, expiresAt), bytes);
    return this.index.put(collection, id, { version, expiresAt, place: { slot, offset, bytes, encoding, checksum } });
  }

  /** The frame of a commit stands in a file from now on. */
  settle(version: number, slot: number, position: number): void {
    for (const { put: { change: { collection, id }, start }, position: { block, at } } of this.#unsettled.settle(version)) {
      const found = block.isAt(id, at) ? { block, at } : this.index.find(collection, id);
      if (found?.block.versionAt(found.at) === version) found.block.setAddress(found.at, slot, position + start);
    }
  }

  /** Takes a record away, if it is there. */
  remove(collection: string, id: string): void {
    this.index.remove(collection, id);
    this.#cache.delete(collection, id);
  }

  /** Takes away what has expired, in a part of the table: some milliseconds at the most. Answers whether there is more of it. */
  sweep(): boolean {
    return this.#sweep(BLOCKS_PER_SWEEP);
  }

  #sweep(blocks: number): boolean {
    return this.index.sweep(this.#clock(), blocks, RECORDS_PER_SWEEP, (collection, id) => this.#cache.delete(collection, id));
  }

  /** Lets go of all values that are parsed. */
  clearCache(): void {
    this.#cache.clear();
  }

  /** All records that have not expired, some at a time, for a snapshot; see {@link readBatches}. */
  batches(): AsyncGenerator<readonly RecordText[], void, void> {
    return readBatches({
      index: this.index,
      files: this.files,
      textInMemory: (key) => this.#unsettled.textOf(key),
      isExpired: (expiresAt) => this.#isExpired(expiresAt),
      remove: (collection, id) => this.remove(collection, id),
    });
  }

  /** Notes where the value of a record, if it still is that of this version, stands in a snapshot. */
  noteMoved({ collection, id, version }: RecordText, address: number): void {
    const found = this.index.find(collection, id);
    if (found?.block.versionAt(found.at) === version) found.block.noteMoved(found.at, address);
  }
}

/** Is the value of each in memory? */
function areRead<T>(found: readonly (T | UnreadRecord)[]): found is readonly T[] {
  return !found.some((each) => each instanceof UnreadRecord);
}

function recordOf(unread: UnreadRecord, read: ReadonlyMap<UnreadRecord, StoredRecord>): StoredRecord {
  const record = read.get(unread);
  if (record === undefined) throw new Error(`${unread.collection} ${unread.id} was not read`);
  return record;
}
