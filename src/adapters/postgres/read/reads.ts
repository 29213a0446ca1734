import type { StoredRecord } from "../../../domain/ports.ts";
import { toRecord } from "./decode-record.ts";
import { isTooLongKey } from "../commit/encode-commit.ts";
import { textOf, type Row } from "../query.ts";
import { toStoredText } from "../stored-text.ts";

/** Asks for records: a collection and an ID in turn, as they are stored; answers rows with their places. */
export type ReadRows = (wanted: readonly string[]) => Promise<readonly Row[]>;

type Found = readonly (StoredRecord | undefined)[];

interface Waiting {
  readonly collection: string;
  readonly ids: readonly string[];
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/** More than that is not asked for together, so that nobody waits for long because of others. */
const MOST_TOGETHER = 500;

/** Reads that are asked for in the same turn of the event loop are one round trip: those of one call, and under load those of several. What is asked for twice is read once. */
export class Reads {
  readonly #ask: ReadRows;
  #waiting: Waiting[] = [];
  #count = 0;

  constructor(ask: ReadRows) {
    this.#ask = ask;
  }

  read(collection: string, ids: readonly string[]): Promise<Found> {
    if (ids.length === 0) return Promise.resolve([]);
    if (this.#count > 0 && this.#count + ids.length > MOST_TOGETHER) this.#send();
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send());
      this.#waiting.push({ collection, ids, resolve, reject });
      this.#count += ids.length;
    });
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#count = 0;
    if (waiting.length > 0) void this.#answer(waiting);
  }

  async #answer(waiting: readonly Waiting[]): Promise<void> {
    try {
      const found = await this.#find(waiting);
      for (const { collection, ids, resolve } of waiting) resolve(ids.map((id) => found.get(collection)?.get(id)));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  async #find(waiting: readonly Waiting[]): Promise<ReadonlyMap<string, ReadonlyMap<string, StoredRecord>>> {
    const wanted = distinct(waiting);
    const found = new Map<string, Map<string, StoredRecord>>();
    if (wanted.length === 0) return found;
    const rows = await this.#ask(wanted.flatMap(({ stored }) => stored));
    for (const row of rows) {
      const { collection = "", id = "" } = wanted[Number(textOf(row, "place"))] ?? {};
      const records = found.get(collection) ?? new Map<string, StoredRecord>();
      found.set(collection, records.set(id, toRecord(collection, id, row)));
    }
    return found;
  }
}

interface Wanted {
  readonly collection: string;
  readonly id: string;
  readonly stored: readonly [string, string];
}

function distinct(waiting: readonly Waiting[]): readonly Wanted[] {
  const seen = new Map<string, Set<string>>();
  const wanted: Wanted[] = [];
  for (const { collection, ids } of waiting) {
    const known = seen.get(collection) ?? new Set();
    seen.set(collection, known);
    for (const id of ids) {
      if (known.has(id)) continue;
      known.add(id);
      const stored = [toStoredText(collection), toStoredText(id)] as const;
      if (!isTooLongKey(...stored)) wanted.push({ collection, id, stored });
    }
  }
  return wanted;
}
