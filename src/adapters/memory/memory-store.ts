import type { Change, Clock, CommitResult, PageRequest, RecordPage, RecordStore, StoredRecord, TrailEntry, TrailPage, TrailQuery } from "../../domain/ports.ts";
import { changeNothing, prepareChanges } from "../records/changes.ts";
import { RecordTable } from "../records/record-table.ts";
import { TrailRing } from "./trail-ring.ts";

const NO_ENTRIES: readonly TrailEntry[] = [];

/** The port on a table of records, a counter and a ring of entries. */
export class MemoryStore implements RecordStore {
  readonly #table: RecordTable;
  readonly #trail: TrailRing;
  #version = 0;

  constructor(clock: Clock, maxTrailEntries: number) {
    this.#table = new RecordTable(clock);
    this.#trail = new TrailRing(clock, maxTrailEntries);
  }

  read(collection: string, ids: readonly string[]): readonly (StoredRecord | undefined)[] {
    return this.#table.read(collection, ids);
  }

  list(collection: string, page: PageRequest): RecordPage {
    return this.#table.list(collection, page);
  }

  commit(changes: readonly Change[], entries: readonly TrailEntry[] = NO_ENTRIES): CommitResult {
    const prepared = prepareChanges(changes);
    const conflicts = this.#table.findConflicts(prepared);
    if (conflicts.length > 0) return { committed: false, conflicts };
    this.#trail.append(entries);
    if (changeNothing(prepared)) return { committed: true, version: this.#version };
    this.#table.apply(prepared, ++this.#version);
    return { committed: true, version: this.#version };
  }

  trail(query: TrailQuery): TrailPage {
    return this.#trail.read(query);
  }

  durable(): void {
    return;
  }
}
