import type { JsonObject } from "../../json.ts";
import type { TrailEntry } from "../../ports.ts";
import type { KnownRecord } from "./known-records.ts";

/** Something that was done, and what was done before it: a list from the last to the first, which costs nothing but its items. */
interface Done {
  readonly before: Undo | Companion | null;
  /** How many came before it. */
  readonly number: number;
}

/** A change, as it can be undone: what the record was before it. */
export class Undo implements Done {
  readonly before: Undo | Companion | null;
  readonly number: number;
  readonly record: KnownRecord;
  readonly now: JsonObject | undefined;
  readonly expiresAt: number | undefined;
  /** Nothing was known of the record before this change. */
  readonly isFirst: boolean;

  constructor(before: Undo | Companion | null, record: KnownRecord, isFirst: boolean) {
    this.before = before;
    this.number = numberAfter(before);
    this.record = record;
    this.now = record.now;
    this.expiresAt = record.expiresAt;
    this.isFirst = isFirst;
  }
}

/** What goes with the commit beside the changes. */
class Companion implements Done {
  readonly before: Undo | Companion | null;
  readonly number: number;
  readonly entry: TrailEntry | null;
  readonly tell: (() => void) | null;
  /** A rollback leaves it. */
  readonly stays: boolean;

  constructor(before: Undo | Companion | null, entry: TrailEntry | null, tell: (() => void) | null, stays: boolean) {
    this.before = before;
    this.number = numberAfter(before);
    this.entry = entry;
    this.tell = tell;
    this.stays = stays;
  }
}

function numberAfter(before: Done | null): number {
  return before === null ? 1 : before.number + 1;
}

/** A changed record of a unit of work, with what it was before. */
export interface RecordedChange {
  readonly collection: string;
  readonly id: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** Is the record another one than before its first change? */
function isAnother({ record, now }: Undo): boolean {
  return record.now !== now;
}

function toRecorded({ record, now }: Undo): RecordedChange {
  return { collection: record.collection, id: record.id, before: now, after: record.now };
}

/** What was done in a unit of work, in its order, so that it can be told of and undone. */
export class WorkLog {
  #last: Undo | Companion | null = null;
  /** What was done up to here is committed, and none of this log's business any more. */
  #settled = 0;

  get isEmpty(): boolean {
    return this.#last === null || this.#last.number <= this.#settled;
  }

  /** Notes that a record is about to change; `isFirst`: nothing was known of it. */
  noteChange(record: KnownRecord, isFirst: boolean): void {
    this.#last = new Undo(this.#last, record, isFirst);
  }

  /** Adds an entry for the trail; `stays`: a rollback leaves it. */
  addEntry(entry: TrailEntry, stays: boolean): void {
    this.#last = new Companion(this.#last, entry, null, stays);
  }

  addListener(tell: () => void): void {
    this.#last = new Companion(this.#last, null, tell, false);
  }

  /** A point to go back to. */
  savepoint(): number {
    return this.#last === null ? 0 : this.#last.number;
  }

  /** Forgets what was done up to a savepoint: it is committed. */
  settle(until: number): void {
    this.#settled = until;
  }

  /** Undoes what was done since; `forget` is told of records that nothing is known of any more. */
  rollback(savepoint: number, forget: (record: KnownRecord) => void): void {
    const staying: TrailEntry[] = [];
    for (; this.#last !== null && this.#last.number > savepoint; this.#last = this.#last.before) {
      if (this.#last instanceof Undo) undo(this.#last, forget);
      else if (this.#last.stays && this.#last.entry !== null) staying.push(this.#last.entry);
    }
    for (const entry of staying.reverse()) this.addEntry(entry, true);
  }

  /** What has changed since a savepoint, in the order of the first change: what it was then, and what it is now. */
  recorded(since: number): readonly RecordedChange[] {
    const from = Math.max(since, this.#settled);
    const last = this.#last;
    // Mostly there is one, or none behind it.
    if (last === null || last.number === from) return NOTHING;
    if (last instanceof Undo && last.number === from + 1) return isAnother(last) ? [toRecorded(last)] : NOTHING;
    return this.firstsSince(from).filter(isAnother).map(toRecorded);
  }

  /** The first change of each record since a savepoint, in their order. */
  firstsSince(since: number): readonly Undo[] {
    const last = this.#last;
    if (last === null || last.number === since) return NOTHING;
    // Mostly there is one.
    if (last instanceof Undo && last.number === since + 1) return [last];
    const changes: Undo[] = [];
    for (let done: Undo | Companion | null = last; done !== null && done.number > since; done = done.before) if (done instanceof Undo) changes.push(done);
    const firsts = new Map<KnownRecord, Undo>();
    for (const change of changes.reverse()) if (!firsts.has(change.record)) firsts.set(change.record, change);
    return [...firsts.values()];
  }

  /** The entries in the order in which they were added, up to a savepoint. */
  entries(until = Number.POSITIVE_INFINITY): readonly TrailEntry[] {
    let entries: TrailEntry[] | null = null;
    for (let done = this.#last; done !== null && done.number > this.#settled; done = done.before) {
      if (done.number <= until && done instanceof Companion && done.entry !== null) entries = withOne(entries, done.entry);
    }
    return entries === null ? NOTHING : entries.reverse();
  }

  /** Tells the listeners that were added up to a savepoint, in their order. */
  tell(until = Number.POSITIVE_INFINITY): void {
    let tells: (() => void)[] | null = null;
    for (let done = this.#last; done !== null && done.number > this.#settled; done = done.before) {
      if (done.number <= until && done instanceof Companion && done.tell !== null) tells = withOne(tells, done.tell);
    }
    if (tells !== null) for (const tell of tells.reverse()) tell();
  }
}

function undo({ record, now, expiresAt, isFirst }: Undo, forget: (record: KnownRecord) => void): void {
  record.now = now;
  record.expiresAt = expiresAt;
  if (isFirst) forget(record);
}

export const NOTHING: readonly never[] = Object.freeze([]);

/** The list with one more: most lists here get one or two, and an empty array that is pushed to takes room for seventeen. */
export function withOne<T>(list: T[] | null, item: T): T[] {
  if (list === null) return [item];
  list.push(item);
  return list;
}
