import type { Action } from "../catalog/action.ts";
import type { Prefilled } from "../execution/execute.ts";
import type { RecordStore } from "../ports.ts";
import type { Steps } from "../steps.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { fromStore, recordKey, type UnitOfWork } from "../execution/unit-of-work.ts";

/** The subjects of a bulk call, read in one round trip, to be put into the units of work that need them. */
export interface Prefetched {
  /** What is known of one subject. */
  of(id: string | null): Prefilled;
  fillAll(unit: UnitOfWork): void;
}

/** Puts one subject's record into a unit of work. */
type Fill = (unit: UnitOfWork) => void;

/** Reads the subjects with these IDs from where they live. */
export function* prefetch(store: RecordStore, { subject }: Action, ids: readonly string[]): Steps<Prefetched> {
  const fills = subject === null ? new Map<string, Fill>() : yield* readAll(store, subject, ids);
  const forget = (unit: UnitOfWork) => {
    for (const { collection, id } of unit.recorded()) fills.delete(recordKey(collection, id));
  };
  return {
    of: (id) => ({
      fill(unit) {
        if (subject !== null && id !== null) fills.get(recordKey(subject.class, id))?.(unit);
      },
      forget,
    }),
    fillAll(unit) {
      for (const fill of fills.values()) fill(unit);
    },
  };
}

function* readAll(store: RecordStore, subject: SubjectClass, ids: readonly string[]): Steps<Map<string, Fill>> {
  const { source, class: collection } = subject;
  if (source === null) {
    const records = yield* fromStore(() => store.read(collection, ids));
    return index(collection, ids, (id, at) => (unit) => void unit.remember(collection, id, records[at]));
  }
  const records = yield* fromStore(() => source(ids));
  return index(collection, ids, (id, at) => (unit) => unit.rememberForeign(collection, id, records[at]));
}

function index(collection: string, ids: readonly string[], fill: (id: string, at: number) => Fill): Map<string, Fill> {
  return new Map(ids.map((id, at) => [recordKey(collection, id), fill(id, at)]));
}
