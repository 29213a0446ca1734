import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import type { Change, CommitResult, RecordStore } from "../ports.ts";
import type { HeldTurns, Turns, TurnTarget } from "./turns.ts";
import { UnitOfWork } from "./unit-of-work.ts";

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
      const changes = unit.changes();
      const committing = commit(within.store, unit, changes, held, transaction.last);
      const result = isPromiseLike(committing) ? await committing : committing;
      if (result === COMMITTED || (result !== NOT_OUR_TURN && result.committed)) {
        unit.committed();
        return value;
      }
      if (result !== NOT_OUR_TURN) conflicts++;
      targets = [...targets, ...changes.filter(({ collection }) => transaction.last?.guards(collection) !== true)];
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

function commit(store: RecordStore, unit: UnitOfWork, changes: readonly Change[], held: HeldTurns, last: LastTurn | null): MaybePromise<CommitResult | typeof COMMITTED | typeof NOT_OUR_TURN> {
  if (unit.isStale) return STALE;
  const entries = unit.entries();
  if (changes.length === 0 && entries.length === 0) return COMMITTED;
  return extend(held, changes, last) ? store.commit(changes, entries) : NOT_OUR_TURN;
}

/** Takes turns for what is written, as far as they are free. */
function extend(held: HeldTurns, changes: readonly Change[], last: LastTurn | null): boolean {
  return held.extend(changes.filter(({ kind, collection }) => kind !== "check" && last?.guards(collection) !== true));
}
