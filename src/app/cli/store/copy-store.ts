import type { JsonObject } from "../../../domain/json.ts";
import { ABSENT, type Change, type StoredRecord, type TrailEntry, type WholeStore } from "../../../domain/ports.ts";
import { Fault } from "../fault.ts";
import { entryPages, recordPages } from "./everything.ts";

/** How far a copy is. */
export interface Copied {
  readonly records: number;
  readonly entries: number;
}

/** Options of {@link copyStore}. */
export interface CopyPlan {
  readonly from: WholeStore;
  readonly to: WholeStore;
  /** What the source is called: a copy that was cut off is continued from the same one only. */
  readonly source: string;
  readonly signal: AbortSignal;
  readonly onProgress: (copied: Copied) => void;
}

/** Where the copy keeps how far it is, in the destination itself and in the same commits as what it copies: so nothing is copied twice or left out. */
export const CURSOR = { collection: "actionport.copy", id: "cursor" } as const;

interface Cursor extends Copied {
  readonly source: string;
  readonly collection: string | null;
  readonly record: string | null;
  readonly entry: string | null;
}

/** A commit grows to so many bytes of JSON: less than any store refuses. */
const COMMIT_BYTES = 4 * 1024 * 1024;

/**
 * Brings all records and the whole trail of one store into another, which must be empty, or have what an earlier try of the same copy has
 * left. Nobody may write to the source meanwhile. The cursor stays until {@link endCopy}.
 */
export async function copyStore({ from, to, source, signal, onProgress }: CopyPlan): Promise<Copied> {
  const writer = new CopyWriter(to, await readCursor(to, source), signal, onProgress);
  for (const collection of await from.collections()) {
    const { cursor } = writer;
    if (collection === CURSOR.collection || (cursor.collection !== null && collection < cursor.collection)) continue;
    const after = collection === cursor.collection ? cursor.record : null;
    for await (const records of recordPages(from, collection, after ?? undefined)) await writer.putAll(records);
  }
  for await (const entries of entryPages(from, writer.cursor.entry ?? undefined)) await writer.appendAll(entries);
  await to.durable();
  return writer.cursor;
}

/** Takes away what is left of a copy that is whole. */
export async function endCopy(to: WholeStore): Promise<void> {
  const [record] = await to.read(CURSOR.collection, [CURSOR.id]);
  if (record !== undefined) await to.commit([{ kind: "delete", ...CURSOR, basedOn: record.version }]);
  await to.durable();
}

async function readCursor(to: WholeStore, source: string): Promise<{ readonly cursor: Cursor; readonly version: number }> {
  const [record] = await to.read(CURSOR.collection, [CURSOR.id]);
  if (record === undefined) {
    if ((await to.collections()).length > 0 || (await to.entries({ limit: 1 })).length > 0) throw new Fault("refused", "The destination has data already; copy into an empty one.");
    return { cursor: { source, collection: null, record: null, entry: null, records: 0, entries: 0 }, version: ABSENT };
  }
  const { value, version } = record;
  if (value["source"] !== source) throw new Fault("refused", `The destination has half a copy of ${String(value["source"])}; go on with that, or copy into an empty one.`);
  const text = (name: string) => (typeof value[name] === "string" ? value[name] : null);
  return { cursor: { source, collection: text("collection"), record: text("record"), entry: text("entry"), records: Number(value["records"]), entries: Number(value["entries"]) }, version };
}

/** Writes to the destination, each time with how far it is by then. */
class CopyWriter {
  readonly #to: WholeStore;
  readonly #signal: AbortSignal;
  readonly #onProgress: (copied: Copied) => void;
  #version: number;
  cursor: Cursor;

  constructor(to: WholeStore, start: { readonly cursor: Cursor; readonly version: number }, signal: AbortSignal, onProgress: (copied: Copied) => void) {
    this.#to = to;
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.cursor = start.cursor;
    this.#version = start.version;
  }

  async putAll(records: readonly StoredRecord[]): Promise<void> {
    for (const part of inParts(records, ({ value }) => value)) {
      const { collection, id } = part.at(-1) ?? CURSOR;
      const changes = part.map((record): Change => ({ kind: "put", collection: record.collection, id: record.id, basedOn: ABSENT, value: record.value, ...(record.expiresAt !== undefined && { expiresAt: record.expiresAt }) }));
      await this.#commit({ ...this.cursor, collection, record: id, records: this.cursor.records + part.length }, changes, []);
    }
  }

  async appendAll(entries: readonly { readonly id: string; readonly entry: TrailEntry }[]): Promise<void> {
    for (const part of inParts(entries, ({ entry }) => entry.value)) {
      await this.#commit({ ...this.cursor, entry: part.at(-1)?.id ?? null, entries: this.cursor.entries + part.length }, [], part.map(({ entry }) => entry));
    }
  }

  async #commit(cursor: Cursor, changes: readonly Change[], entries: readonly TrailEntry[]): Promise<void> {
    if (this.#signal.aborted) throw new Fault("interrupted", "Cut off. The same command goes on with the copy.");
    const result = await this.#to.commit([...changes, { kind: "put", ...CURSOR, basedOn: this.#version, value: { ...cursor } }], entries);
    if (!result.committed) {
      const [conflict] = result.conflicts;
      throw new Fault("refused", `The destination has ${conflict?.collection ?? ""} ${conflict?.id ?? ""} already, and not from this copy. Does somebody else write to it?`);
    }
    this.#version = result.version;
    this.cursor = cursor;
    this.#onProgress(cursor);
  }
}

function* inParts<T>(values: readonly T[], valueOf: (value: T) => JsonObject): Generator<readonly T[], void, void> {
  let part: T[] = [];
  let bytes = 0;
  for (const value of values) {
    const size = JSON.stringify(valueOf(value)).length;
    if (part.length > 0 && bytes + size > COMMIT_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(value);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
