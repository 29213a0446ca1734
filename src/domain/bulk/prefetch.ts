import type { SubjectClass } from "../catalog/subject.ts";
import type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import type { RecordedChange } from "../execution/unit/work-log.ts";
import type { JsonObject } from "../json.ts";
import type { RecordStore, StoredRecord } from "../ports.ts";

/** The subjects of a bulk call, read in one round trip, to be put into the units of work that need them. */
export class Prefetched {
  readonly #subject: SubjectClass;
  readonly #stored: Map<string, StoredRecord | undefined>;
  readonly #foreign: ReadonlyMap<string, JsonObject | undefined>;

  constructor(subject: SubjectClass, stored: Map<string, StoredRecord | undefined>, foreign: ReadonlyMap<string, JsonObject | undefined>) {
    this.#subject = subject;
    this.#stored = stored;
    this.#foreign = foreign;
  }

  /** Puts what is known of one subject into a unit that has not read it yet. */
  fill(unit: UnitOfWork, id: string): void {
    if (this.#stored.has(id)) unit.remember(this.#subject.class, id, this.#stored.get(id));
    if (this.#foreign.has(id)) unit.rememberForeign(this.#subject.class, id, this.#foreign.get(id));
  }

  /** Drops what is known of records that have been changed. */
  forget(changes: readonly RecordedChange[]): void {
    for (const { collection, id } of changes) if (collection === this.#subject.class) this.#stored.delete(id);
  }

  /** The same of all of them. */
  fillAll(unit: UnitOfWork): void {
    for (const id of [...this.#stored.keys(), ...this.#foreign.keys()]) this.fill(unit, id);
  }
}

/** Reads the subjects with these IDs from where they live. */
export async function prefetch(store: RecordStore, subject: SubjectClass, ids: readonly string[]): Promise<Prefetched> {
  const { source, class: collection } = subject;
  if (source !== null) return new Prefetched(subject, new Map(), byId(ids, await source(ids)));
  return new Prefetched(subject, byId(ids, await store.read(collection, ids)), new Map());
}

function byId<T>(ids: readonly string[], found: readonly T[]): Map<string, T | undefined> {
  return new Map(ids.map((id, at) => [id, found[at]]));
}
