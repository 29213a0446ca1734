import { ABSENT } from "../../domain/ports.ts";
import type { Change, Clock, CommitResult, PageRequest, RecordPage, StoredRecord, TrailEntry, TrailPage, TrailQuery, WholeEntry, WholeStore } from "../../domain/ports.ts";
import { changeNothing, prepareChanges } from "../records/changes.ts";
import { RecordTable } from "../records/record-table.ts";
import { TrailRing } from "./trail-ring.ts";

const NO_ENTRIES: readonly TrailEntry[] = [];

/** How many expiring records a commit looks at when there is hardly any room: well under a millisecond. */
const SWEPT_WHEN_FULL = 1000;

/** The port on a table of records, a counter and a ring of entries. */
export class MemoryStore implements WholeStore {
  readonly #table: RecordTable;
  readonly #trail: TrailRing;
  readonly #maxRecords: number;
  /** The same each time, so that it can be told of once. */
  readonly #full: Error;
  #version = 0;

  constructor(clock: Clock, maxTrailEntries: number, maxRecords: number) {
    this.#maxRecords = maxRecords;
    this.#full = new Error(`the memory store holds ${maxRecords} records at the most; commits that add more are refused`);
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
    if (this.#table.size + prepared.length > this.#maxRecords) this.#refuseIfFull(prepared);
    this.#trail.append(entries);
    if (changeNothing(prepared)) return { committed: true, version: this.#version };
    this.#table.apply(prepared, ++this.#version);
    return { committed: true, version: this.#version };
  }

  /** What has expired makes room first. */
  #refuseIfFull(changes: readonly Change[]): void {
    this.#table.sweep(SWEPT_WHEN_FULL);
    const added = changes.reduce((count, { kind, basedOn }) => (kind === "put" && basedOn === ABSENT ? count + 1 : count), 0);
    if (added > 0 && this.#table.size + added > this.#maxRecords) throw this.#full;
  }

  trail(query: TrailQuery): TrailPage {
    return this.#trail.read(query);
  }

  collections(): readonly string[] {
    return this.#table.names();
  }

  entries(page: { readonly after?: string; readonly limit: number }): readonly WholeEntry[] {
    return this.#trail.readWhole(page);
  }

  durable(): void {
    return;
  }
}
