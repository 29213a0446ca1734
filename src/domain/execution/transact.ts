import type { Change, RecordStore } from "../ports.ts";
import { settle, type Steps } from "../steps.ts";
import type { HeldTurns, Turns } from "./turns.ts";
import { fromStore, recordKey, UnitOfWork } from "./unit-of-work.ts";

/** How often the work is done again when the store says that somebody else was faster. */
const MAX_TRIES = 3;
/** Bounds the rounds in which another execution of this process held a turn that was needed at the commit. */
const MAX_ROUNDS = 64;

/** Where transactions run. */
export interface Transactions {
  readonly store: RecordStore;
  readonly turns: Turns;
}

/** What the work came to, and whether its changes are to be kept. */
export interface Work<T> {
  readonly value: T;
  readonly keep: boolean;
}

/** One go at it on a fresh unit of work; `round` counts from 0. */
export type Attempt<T> = (unit: UnitOfWork, round: number) => Steps<Work<T>>;

/** The work's value, or null when others kept changing what it is based on. */
export type Transacted<T> = { readonly value: T } | null;

/**
 * Does the work and commits its changes, all or none. Whoever needs a record in turn takes it
 * first; the records that a commit turns out to need are added, and the work is done again on
 * fresh data. A commit never waits for a turn while it holds others, so nothing can lock up.
 */
export function* transact<T>(within: Transactions, turnKeys: readonly string[], attempt: Attempt<T>): Steps<Transacted<T>> {
  const keys = new Set(turnKeys);
  for (let round = 0, conflicts = 0; round < MAX_ROUNDS && conflicts < MAX_TRIES; round++) {
    const held = yield* settle(within.turns.take([...keys]));
    try {
      const unit = new UnitOfWork(within.store);
      const { value, keep } = yield* attempt(unit, round);
      unit.seal();
      const changes = keep ? unit.commitChanges() : [];
      const tried = yield* commit(within.store, held, changes);
      if (tried === "committed") {
        if (keep) unit.committed();
        return { value };
      }
      if (tried === "conflict") conflicts++;
      for (const change of changes) keys.add(recordKey(change.collection, change.id));
    } finally {
      held.release();
    }
  }
  return null;
}

function* commit(store: RecordStore, held: HeldTurns, changes: readonly Change[]): Steps<"committed" | "conflict" | "not our turn"> {
  if (changes.length === 0) return "committed";
  const written = changes.filter((change) => change.kind !== "check").map((change) => recordKey(change.collection, change.id));
  if (!held.extend(written)) return "not our turn";
  const result = yield* fromStore(() => store.commit(changes));
  return result.committed ? "committed" : "conflict";
}
