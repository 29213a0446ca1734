import assert from "node:assert/strict";
import type { JsonObject } from "../../../../domain/json.ts";
import { ABSENT, type Change, type CommitResult, type PageRequest, type RecordStore, type StoredRecord } from "../../../../domain/ports.ts";

/** A change that puts a record. */
export function put(collection: string, id: string, basedOn: number, value: JsonObject = {}): Change & { readonly kind: "put" } {
  return { kind: "put", collection, id, basedOn, value };
}

/** A change of a record of `things`. */
export function change(kind: Change["kind"], id: string, basedOn: number): Change {
  return kind === "put" ? put("things", id, basedOn) : { kind, collection: "things", id, basedOn };
}

/** The answer to a commit that these records of `things` conflict with. */
export function conflict(...ids: readonly string[]): CommitResult {
  return { committed: false, conflicts: ids.map((id) => ({ collection: "things", id })) };
}

/** The version of a commit that nothing conflicts with. */
export async function commitAll(store: RecordStore, changes: readonly Change[]): Promise<number> {
  const result = await store.commit(changes);
  if (!result.committed) assert.fail(`unexpected conflicts: ${JSON.stringify(result.conflicts)}`);
  return result.version;
}

/** The version of a new record of `things`. */
export async function putNew(store: RecordStore, id: string, value: JsonObject): Promise<number> {
  return commitAll(store, [put("things", id, ABSENT, value)]);
}

/** One record, if it is there. */
export async function readOne(store: RecordStore, id: string, collection = "things"): Promise<StoredRecord | undefined> {
  const records = await store.read(collection, [id]);
  assert.equal(records.length, 1);
  return records[0];
}

/** All records of `things`, page by page. */
export async function listAll(store: RecordStore, from: Omit<PageRequest, "limit"> = {}, limit = 50): Promise<readonly StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (let page = await store.list("things", { ...from, limit }); ; page = await store.list("things", { ...from, after: page.next, limit })) {
    assert.ok(page.records.length <= limit);
    all.push(...page.records);
    if (page.next === null) return all;
  }
}

/** The same for stores that throw at once and for those that reject later. */
export async function rejectsWith(attempt: () => unknown, message: string): Promise<void> {
  await assert.rejects(async () => await attempt(), { name: "TypeError", message });
}
