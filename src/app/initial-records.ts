import { toJsonObject } from "../domain/json.ts";
import { ABSENT } from "../domain/ports.ts";
import type { Change, RecordStore } from "../domain/ports.ts";
import type { SubjectClass, SubjectRecord } from "../domain/catalog/subject.ts";

/** Subjects that an application begins with. Make it with {@link recordsOf}. */
export interface InitialRecords {
  readonly subject: SubjectClass;
  readonly records: readonly SubjectRecord[];
}

/** The records that there are of this class when a store is new. */
export function recordsOf<R extends SubjectRecord>(subject: SubjectClass<R>, records: readonly NoInfer<R>[]): InitialRecords {
  return { subject, records };
}

/** Stands for "this store was filled before", even when all that was filled in is gone again. */
const MARK = { collection: "actionport.loaded", id: "initial-records" } as const;

/**
 * Fills a new store, in one commit; a store that was filled before stays as it is. Answers whether it
 * was new. Throws a TypeError for an ID that its class refuses.
 */
export async function loadInitialRecords(store: RecordStore, readInitial: () => readonly InitialRecords[]): Promise<boolean> {
  if (await isFilled(store)) return false;
  const initial: unknown = readInitial();
  if (!areInitial(initial)) throw new TypeError("what initialRecords answers must be a list of what recordsOf() answers");
  const loaded = initial.flatMap(({ subject, records }) => records.map((record) => toChange(subject, record)));
  const result = await store.commit([{ kind: "put", ...MARK, basedOn: ABSENT, value: { records: loaded.length } }, ...loaded]);
  // Of several processes that start on a new store at once, the first one fills it.
  if (!result.committed && (await isFilled(store))) return false;
  if (!result.committed) throw new Error("the initial records were not loaded: the store has some of them already");
  await store.durable();
  return true;
}

/** Is it a list of what recordsOf() answers? */
export function areInitial(value: unknown): value is readonly InitialRecords[] {
  return Array.isArray(value) && value.every((each: unknown) => typeof each === "object" && each !== null && "subject" in each && "records" in each && Array.isArray(each.records));
}

async function isFilled(store: RecordStore): Promise<boolean> {
  const [mark] = await store.read(MARK.collection, [MARK.id]);
  return mark !== undefined;
}

/** The change that puts it into a new store. Throws a TypeError for an ID that its class refuses. */
export function toChange(subject: SubjectClass, record: SubjectRecord): Change {
  const id = subject.id.parse(String(record.id));
  if (id === undefined) throw new TypeError(`initial records: ${JSON.stringify(record.id)} is no ID of a ${subject.class}`);
  return { kind: "put", collection: subject.class, id: String(id), basedOn: ABSENT, value: toJsonObject(record, `${subject.class} ${id}`) };
}
