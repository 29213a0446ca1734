import type { Change, Json, JsonObject, MaybePromise, RecordStore, StoredRecord, TrailEntry } from "../../domain/index.ts";
import { RUNS } from "../../domain/workflow/engine.ts";

/** What a commit did to one subject: the whole records before and after, with the fields that no client sees. */
export interface RecordChange {
  readonly class: string;
  readonly id: string;
  readonly change: "create" | "update" | "delete";
  /** Absent when it is created. */
  readonly before?: JsonObject;
  /** Absent when it is deleted. */
  readonly after?: JsonObject;
}

/** A commit that was made. */
export interface RecordedCommit {
  readonly changes: readonly RecordChange[];
  /** The IDs of the runs that began with it. */
  readonly runs: readonly string[];
  /** The calls that its entries tell of. */
  readonly requests: ReadonlySet<Json | undefined>;
}

/** A store, and what was committed to it. */
export interface RecordedStore {
  readonly store: RecordStore;
  readonly commits: readonly RecordedCommit[];
}

/** The store with each commit noted; of the changes those to these collections. */
export function recordCommits(store: RecordStore, collections: ReadonlySet<string>): RecordedStore {
  const commits: RecordedCommit[] = [];
  const recorded: RecordStore = {
    read: (collection, ids) => store.read(collection, ids),
    list: (collection, page) => store.list(collection, page),
    trail: (query) => store.trail(query),
    durable: () => store.durable(),
    async commit(changes, entries = []) {
      const own = changes.filter(({ kind, collection }) => kind !== "check" && collections.has(collection));
      const before = await Promise.all(own.map(({ collection, id }) => readOne(store, collection, id)));
      const result = await store.commit(changes, entries);
      if (result.committed) commits.push({ changes: own.flatMap((change, at) => toRecordChange(change, before[at])), runs: startedIn(changes), requests: new Set(entries.map(requestOf)) });
      return result;
    },
  };
  return { store: recorded, commits };
}

async function readOne(store: RecordStore, collection: string, id: string): Promise<JsonObject | undefined> {
  const records: MaybePromise<readonly (StoredRecord | undefined)[]> = store.read(collection, [id]);
  return (await records)[0]?.value;
}

function toRecordChange(change: Change, before: JsonObject | undefined): readonly RecordChange[] {
  const named = { class: change.collection, id: change.id };
  const after = change.kind === "put" ? change.value : undefined;
  if (before === undefined) return after === undefined ? [] : [{ ...named, change: "create", after }];
  return [after === undefined ? { ...named, change: "delete", before } : { ...named, change: "update", before, after }];
}

/** A run begins with its first record. */
function startedIn(changes: readonly Change[]): readonly string[] {
  return changes.filter(({ kind, collection, basedOn }) => kind === "put" && collection === RUNS && basedOn === 0).map(({ id }) => id);
}

function requestOf({ value }: TrailEntry): Json | undefined {
  return value["request_id"];
}
