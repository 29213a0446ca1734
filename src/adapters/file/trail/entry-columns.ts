import type { EntryKeys, QueryKeys } from "./entry-keys.ts";

/** A row: where the entry begins in its segment, when it expires, and its four keys. */
const WIDTH = 6;
const EXPIRY = 1;
const ACTION = 2;
const IDENTITY = 3;
const SUBJECT_ID = 4;
const REFERENCE = 5;
const LAST_SECOND = 0xffff_ffff;

/** Entries of a segment by their place in it, from 0 on, rising. */
export type Ordinals = Uint32Array;

/** What is in memory of a segment that is being written: 24 bytes an entry. */
export class EntryColumns {
  #rows = new Uint32Array(64 * WIDTH);
  count = 0;

  /** Adds an entry that begins at `start`. */
  add(start: number, expiresAt: number, keys: EntryKeys): void {
    const at = this.count * WIDTH;
    if (at === this.#rows.length) this.#grow();
    const rows = this.#rows;
    rows[at] = start;
    rows[at + EXPIRY] = toSeconds(expiresAt);
    rows[at + ACTION] = keys.action;
    rows[at + IDENTITY] = keys.identity;
    rows[at + SUBJECT_ID] = keys.subjectId;
    rows[at + REFERENCE] = keys.reference;
    this.count++;
  }

  #grow(): void {
    const grown = new Uint32Array(2 * this.#rows.length);
    grown.set(this.#rows);
    this.#rows = grown;
  }

  startOf(ordinal: number): number {
    return this.#rows[ordinal * WIDTH] ?? 0;
  }

  /** From this second on, since 1970, it has expired for certain. */
  expirySecondOf(ordinal: number): number {
    return this.#rows[ordinal * WIDTH + EXPIRY] ?? 0;
  }

  /** The key of an entry that stands in column 0 to 3; 0 when it has none. */
  keyOf(ordinal: number, column: number): number {
    return this.#rows[ordinal * WIDTH + ACTION + column] ?? 0;
  }

  /** Which entries from one on and before another may match. */
  find({ action, identity, subject }: QueryKeys, from: number, to: number): Ordinals {
    const rows = this.#rows;
    const found: number[] = [];
    for (let ordinal = from, at = from * WIDTH; ordinal < to; ordinal++, at += WIDTH) {
      if (action !== undefined && rows[at + ACTION] !== action) continue;
      if (identity !== undefined && rows[at + IDENTITY] !== identity) continue;
      if (subject !== undefined && rows[at + SUBJECT_ID] !== subject && rows[at + REFERENCE] !== subject) continue;
      found.push(ordinal);
    }
    return Uint32Array.from(found);
  }
}

/** How many keys an entry has. */
export const KEY_COLUMNS = WIDTH - ACTION;

function toSeconds(expiresAt: number): number {
  const second = Math.ceil(expiresAt / 1000);
  return second < LAST_SECOND ? Math.max(0, second) : LAST_SECOND;
}
