import { StoreUnavailable } from "../errors.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import type { SubjectSource } from "../ports.ts";
import type { IdKind } from "./subject-id.ts";

/** IDs in, their records out in the same order. */
export type ReadForeign = (ids: readonly string[]) => MaybePromise<readonly (JsonObject | undefined)[]>;

/**
 * A source as the domain asks it: whatever it throws is {@link StoreUnavailable}, and its answers are told apart by their
 * IDs, whatever order they come in. A TypeError for a record that was not asked for, or that has no ID.
 */
export function guardSource(className: string, kind: IdKind, source: SubjectSource): ReadForeign {
  return (ids) => {
    const found = ask(source, ids);
    return isPromiseLike(found) ? found.then((records) => match(className, kind, ids, records), unavailable) : match(className, kind, ids, found);
  };
}

function ask(source: SubjectSource, ids: readonly string[]): ReturnType<SubjectSource> {
  try {
    return source(ids);
  } catch (error) {
    return unavailable(error);
  }
}

function unavailable(error: unknown): never {
  throw new StoreUnavailable(error);
}

function match(className: string, kind: IdKind, ids: readonly string[], found: readonly (JsonObject | null | undefined)[]): readonly (JsonObject | undefined)[] {
  const asked = new Set(ids);
  const byId = new Map<string, JsonObject>();
  for (const record of found) {
    if (record === null || record === undefined) continue;
    const id = String(kind.parse(String(record["id"])));
    if (!asked.has(id)) throw new TypeError(`${className}: its source answered the ID ${JSON.stringify(record["id"])}, which was not asked for`);
    byId.set(id, toJsonObject(record, className));
  }
  return ids.map((id) => byId.get(id));
}
