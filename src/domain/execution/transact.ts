import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import type { Change, CommitResult, RecordStore } from "../ports.ts";
import type { HeldTurns, Turns, TurnTarget } from "./turns.ts";
import { UnitOfWork, type Commit } from "./unit-of-work.ts";

/** Where transactions run. */
export interface Transactions {
  readonly store: RecordStore;
  readonly turns: Turns;
}

/** Work that ends in one commit. */
export interface Transaction<T> {
  /** What turns are taken for from the start. */
  readonly turns: readonly TurnTarget[];
  /** Does the work in a new unit; once more on fresh reads when somebody else was faster. */
  work(unit: UnitOfWork): MaybePromise<T>;
  /** Adds what belongs into the same commit, and answers what the transaction comes to. */
  conclude(worked: T, unit: UnitOfWork): MaybePromise<T>;
  readonly last: LastTurn | null;
}

/**
 * A turn that is taken behind the work, before {@link Transaction.conclude}. Whoever holds it waits for nothing but the
 * store, so nothing can lock up; and nobody takes turns for the records that it guards.
 */
export interface LastTurn {
  readonly target: TurnTarget;
  guards(collection: string): boolean;
}

/** Others kept changing what the transaction was based on; nothing of it was kept. */
export const CONTENDED: unique symbol = Symbol("contended");

/** How often the work is done again when somebody else was faster. */
const MAX_CONFLICTS = 3;
/** Bounds the rounds in which another of this process had a turn that was needed at the commit. */
const MAX_ROUNDS = 64;

/**
 * Does the work and commits its changes, all or none. Records that a commit turns out to need are taken in turn in the next
 * round, on fresh reads: a commit never waits for a turn while it holds others, so nothing can lock up.
 */
export async function transact<T>(within: Transactions, transaction: Transaction<T>): Promise<T | typeof CONTENDED> {
  let targets = transaction.turns;
  for (let round = 0, conflicts = 0; round < MAX_ROUNDS && conflicts < MAX_CONFLICTS; round++) {
    const taking = within.turns.take(targets);
    const held = isPromiseLike(taking) ? await taking : taking;
    let last: HeldTurns | null = null;
    try {
      const unit = new UnitOfWork(within.store);
      const working = transaction.work(unit);
      const worked = isPromiseLike(working) ? await working : working;
      if (transaction.last !== null) last = await within.turns.take([transaction.last.target]);
      const concluding = transaction.conclude(worked, unit);
      const value = isPromiseLike(concluding) ? await concluding : concluding;
      const commit = unit.toCommit();
      const committing = tryCommit(within.store, unit, commit, held, transaction.last);
      const result = isPromiseLike(committing) ? await committing : committing;
      if (result === COMMITTED || (result !== NOT_OUR_TURN && result.committed)) {
        unit.committed();
        return value;
      }
      if (result !== NOT_OUR_TURN) conflicts++;
      targets = withTargetsOf(commit, targets, transaction.last);
    } finally {
      last?.release();
      held.release();
    }
  }
  return CONTENDED;
}

const COMMITTED: unique symbol = Symbol("committed");
const NOT_OUR_TURN: unique symbol = Symbol("not our turn");
const STALE: CommitResult = Object.freeze({ committed: false, conflicts: [] });

function tryCommit(store: RecordStore, unit: UnitOfWork, commit: Commit | null, held: HeldTurns, last: LastTurn | null): MaybePromise<CommitResult | typeof COMMITTED | typeof NOT_OUR_TURN> {
  if (unit.isStale) return STALE;
  if (commit === null) return COMMITTED;
  for (const change of commit.changes) if (isWritten(change, last) && !held.isFreeOrHeld(change)) return NOT_OUR_TURN;
  for (const change of commit.changes) if (isWritten(change, last)) held.enter(change);
  return store.commit(commit.changes, commit.entries);
}

function isWritten({ kind, collection }: Change, last: LastTurn | null): boolean {
  return kind !== "check" && (last === null || !last.guards(collection));
}

/** In the next round everything that this one met is taken in turn, what was only read as well. */
function withTargetsOf(commit: Commit | null, targets: readonly TurnTarget[], last: LastTurn | null): readonly TurnTarget[] {
  const met = commit?.changes ?? [];
  return [...targets, ...met.filter(({ collection }) => last === null || !last.guards(collection))];
}
