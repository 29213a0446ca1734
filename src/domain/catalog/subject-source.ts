import { StoreUnavailable } from "../errors.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import type { SubjectSource } from "../ports.ts";
import type { IdKind } from "./subject-id.ts";

/** Which subjects of a source are asked for: those behind the ID `after` in an order that never changes, at most `limit`. */
export interface SubjectListPage {
  /** Absent: from the first on. */
  readonly after?: string;
  readonly limit: number;
}

/** Lists the subjects of a source: one page of them. Fewer than `limit` mean that there are no more. */
export type SubjectList<R extends object = object> = (page: SubjectListPage) => MaybePromise<readonly R[]>;

/** The same, as the domain asks it: each record is taken when it is looked at, since to take in hundreds of large ones at once would hold up others. */
export type ListForeign = (page: SubjectListPage) => MaybePromise<readonly (() => JsonObject)[]>;

/** IDs in, their records out in the same order. */
export type ReadForeign = (ids: readonly string[]) => MaybePromise<readonly (JsonObject | undefined)[]>;

/**
 * A source as the domain asks it: what it throws is {@link StoreUnavailable}, but for what only a mistake in it throws (see {@link isFault}), and its answers are told apart by their
 * IDs, whatever order they come in. A TypeError for a record that was not asked for, or that has no ID.
 */
export function guardSource(className: string, kind: IdKind, source: SubjectSource): ReadForeign {
  return (ids) => ask(`${className}: its source`, () => source(ids), (found) => match(className, kind, ids, found));
}

/** What `answer` comes to, once it was taken by `take`; only what the team's own function throws is told apart. */
function ask<T, U>(who: string, answer: () => MaybePromise<T>, take: (found: T) => U): MaybePromise<U> {
  let found: MaybePromise<T>;
  try {
    found = answer();
  } catch (error) {
    return failing(who, error);
  }
  return isPromiseLike(found) ? found.then(take, (error) => failing(who, error)) : take(found);
}

function failing(who: string, error: unknown): never {
  if (isFault(error)) throw new TypeError(`${who} has a fault: ${String(error)}`, { cause: error });
  throw new StoreUnavailable(error);
}

/**
 * Is it what JavaScript throws for a mistake in a program? A TypeError with a cause is not: `fetch` throws that when the network has failed.
 */
function isFault(error: unknown): boolean {
  if (error instanceof TypeError) return error.cause === undefined;
  return error instanceof ReferenceError || error instanceof RangeError || error instanceof SyntaxError;
}

function match(className: string, kind: IdKind, ids: readonly string[], found: readonly (object | null | undefined)[]): readonly (JsonObject | undefined)[] {
  const asked = new Set(ids);
  const byId = new Map<string, JsonObject>();
  for (const record of listOf(`${className}: its source`, found)) {
    if (record === null || record === undefined) continue;
    if (typeof record !== "object") throw new TypeError(`${className}: its source must answer records, not ${typeof record}`);
    const given = "id" in record ? record.id : undefined;
    const id = String(kind.parse(String(given)));
    if (!asked.has(id)) throw new TypeError(`${className}: its source answered the ID ${JSON.stringify(given)}, which was not asked for`);
    byId.set(id, toJsonObject(record, className));
  }
  return ids.map((id) => byId.get(id));
}

function listOf<T>(who: string, found: readonly T[]): readonly T[] {
  if (!Array.isArray(found)) throw new TypeError(`${who} must answer a list of records, not ${found === null ? "null" : typeof found}`);
  return found;
}

/**
 * A source's list as the domain asks it: what it throws is told apart as that of a source is. A TypeError for more than was asked for, for what has no ID, and
 * for the record that the page before has ended with: a list that does not go on behind that one has no end.
 */
export function guardList(className: string, kind: IdKind, list: SubjectList): ListForeign {
  const take = (found: readonly object[], { after, limit }: SubjectListPage) => {
    if (listOf(`${className}: its list`, found).length > limit) throw new TypeError(`${className}: its list answered ${found.length} records and was asked for ${limit}`);
    return found.map((record) => () => takeListed(className, kind, after, record));
  };
  return (page) => ask(`${className}: its list`, () => list(page), (found) => take(found, page));
}

function takeListed(className: string, kind: IdKind, after: string | undefined, listed: object): JsonObject {
  const record = toJsonObject(listed, className);
  const id = kind.parse(String(record["id"]));
  if (id === undefined) throw new TypeError(`${className}: its list answered a record with the ID ${JSON.stringify(record["id"])}, which is not of kind "${kind.name}"`);
  if (String(id) === after) throw new TypeError(`${className}: its list answered the record with the ID ${after} again; after that one it must begin behind it`);
  return record;
}
