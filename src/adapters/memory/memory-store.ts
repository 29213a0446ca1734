import type { Change, Clock, CommitResult, PageRequest, RecordPage, RecordStore, StoredRecord } from "../../domain/ports.ts";
import { changeNothing, prepareChanges } from "../records/changes.ts";
import { RecordTable } from "../records/record-table.ts";

/** The port on a table of records and a counter. */
export class MemoryStore implements RecordStore {
  readonly #table: RecordTable;
  #version = 0;

  constructor(clock: Clock) {
    this.#table = new RecordTable(clock);
  }

  read(collection: string, ids: readonly string[]): readonly (StoredRecord | undefined)[] {
    return this.#table.read(collection, ids);
  }

  list(collection: string, page: PageRequest): RecordPage {
    return this.#table.list(collection, page);
  }

  commit(changes: readonly Change[]): CommitResult {
    const prepared = prepareChanges(changes);
    const conflicts = this.#table.findConflicts(prepared);
    if (conflicts.length > 0) return { committed: false, conflicts };
    if (changeNothing(prepared)) return { committed: true, version: this.#version };
    this.#table.apply(prepared, ++this.#version);
    return { committed: true, version: this.#version };
  }

  durable(): void {
    return;
  }
}
