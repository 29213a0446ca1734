import type { UnitOfWork } from "../../engine-parts.ts";
import { entryId, fromEntry, STEPS, type Entry, type KeyedEntry } from "./entry.ts";

/** An answer for the code, and whether it had got it before. */
export interface Answer extends KeyedEntry {
  readonly isReplayed: boolean;
}

/**
 * What a run has done so far, and what of it the store does not have yet. Its answers reach the code in their order: first
 * those that were there when the run was read, then what happens.
 */
export class Journal {
  readonly #runId: string;
  readonly #stored: Map<string, Entry>;
  readonly #unwritten = new Map<string, Entry>();
  readonly #answers: Answer[];
  #lastOrder: number;

  constructor(runId: string, entries: readonly KeyedEntry[]) {
    this.#runId = runId;
    this.#stored = new Map(entries.map(({ key, entry }) => [key, entry]));
    const replayed = entries.filter(({ entry }) => entry.order !== null).sort((a, b) => orderOf(a) - orderOf(b));
    this.#answers = replayed.map((keyed) => ({ ...keyed, isReplayed: true }));
    this.#lastOrder = replayed.reduce((last, keyed) => Math.max(last, orderOf(keyed)), 0);
  }

  find(key: string): Entry | undefined {
    return this.#unwritten.get(key) ?? this.#stored.get(key);
  }

  /** The keys of what the store has. */
  get storedKeys(): readonly string[] {
    return [...this.#stored.keys()];
  }

  /** Does the store have all of it? */
  get isWritten(): boolean {
    return this.#unwritten.size === 0;
  }

  /** Was something answered that the store does not know? */
  get hasUnwrittenAnswer(): boolean {
    return [...this.#unwritten.values()].some(({ order }) => order !== null);
  }

  /** The answer that the code is to get next. */
  get nextAnswer(): Answer | undefined {
    return this.#answers[0];
  }

  dropAnswer(): void {
    this.#answers.shift();
  }

  /** The place of the next answer. To be asked for alone for the run. */
  nextOrder(): number {
    return ++this.#lastOrder;
  }

  /** Takes in an entry that the next commit writes. */
  note(key: string, entry: Entry): void {
    this.#unwritten.set(key, entry);
    this.#announce({ key, entry });
  }

  /** Adds to the commit what the store does not have, and this entry. */
  async write(unit: UnitOfWork, more: KeyedEntry | null): Promise<void> {
    const entries = new Map(this.#unwritten);
    if (more !== null) entries.set(more.key, more.entry);
    for (const [key, entry] of entries) {
      const id = entryId(this.#runId, key);
      if (this.#stored.has(key)) await unit.get(STEPS, id);
      unit.put(STEPS, id, fromEntry(entry));
    }
    unit.onCommitted(() => {
      for (const [key, entry] of entries) this.#wrote(key, entry);
      if (more !== null) this.#announce(more);
    });
  }

  #wrote(key: string, entry: Entry): void {
    this.#stored.set(key, entry);
    if (this.#unwritten.get(key) === entry) this.#unwritten.delete(key);
  }

  #announce(keyed: KeyedEntry): void {
    if (keyed.entry.order !== null) this.#answers.push({ ...keyed, isReplayed: false });
  }
}

function orderOf({ entry }: KeyedEntry): number {
  return entry.order ?? 0;
}
