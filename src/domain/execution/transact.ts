import { Contended } from "../errors.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import type { AbortSignalLike, Change, CommitResult, RecordStore } from "../ports.ts";
import type { HeldTurns, Turns, TurnTarget } from "./turns/turns.ts";
import { UnitOfWork, type Commit } from "./unit/unit-of-work.ts";

/** Where transactions run. */
export interface Transactions {
  readonly store: RecordStore;
  readonly turns: Turns;
}

/** Work that ends in one commit: it comes to a `T`, by way of a `W`. */
export interface Transaction<T, W = T> {
  /** What turns are taken for from the start. */
  readonly turns: readonly TurnTarget[];
  /** Does the work in a new unit; once more on fresh reads when somebody else was faster. */
  work(unit: UnitOfWork): MaybePromise<W>;
  /** Adds what belongs into the same commit, and answers what the transaction comes to. */
  conclude(worked: W, unit: UnitOfWork): MaybePromise<T>;
  readonly last: LastTurn | null;
  /** Lets others have their turn while the commit is on its way: one of many is long. Default: nobody has. */
  rest?(): MaybePromise<void>;
  /** Whoever waits for its turns gives up when this is aborted. Default: nobody does. */
  readonly caller?: AbortSignalLike | undefined;
  /** What it comes to when others kept changing what it is based on, and nothing of it was kept. Default: {@link Contended} is thrown. */
  contended?(): T;
  /** What it comes to when the store fails or the time is over, or the same error again; no turn is held any more. Default: it is thrown. */
  failed?(error: unknown): MaybePromise<T>;
  /** Is somebody told at once what it comes to? Then that waits until no crash can take it back. Default false. */
  readonly isTold?: boolean;
}

/**
 * A turn that is taken behind the work, before {@link Transaction.conclude}. Whoever holds it waits for nothing but the
 * store, so nothing can lock up; and nobody takes turns for the records that it guards.
 */
export interface LastTurn {
  readonly target: TurnTarget;
  guards(collection: string): boolean;
}

/** How often the work is done again when somebody else was faster. */
const MAX_CONFLICTS = 3;
/** Bounds the rounds in which another of this process had a turn that was needed at the commit. */
const MAX_ROUNDS = 64;

/**
 * Does the work and commits its changes, all or none. Records that a commit turns out to need are taken in turn in the next
 * round, on fresh reads: a commit never waits for a turn while it holds others, so nothing can lock up.
 */
export async function transact<T, W = T>(within: Transactions, transaction: Transaction<T, W>): Promise<T> {
  let targets = transaction.turns;
  try {
    for (let round = 0, conflicts = 0; round < MAX_ROUNDS && conflicts < MAX_CONFLICTS; round++) {
      const taking = within.turns.take(targets, transaction.caller);
      const held = isPromiseLike(taking) ? await taking : taking;
      const unit = new UnitOfWork(within.store, held);
      let last: HeldTurns | null = null;
      let value: T;
      let end: End;
      try {
        const working = transaction.work(unit);
        const worked = isPromiseLike(working) ? await working : working;
        if (transaction.last !== null) last = await within.turns.take([transaction.last.target]);
        const concluding = transaction.conclude(worked, unit);
        value = isPromiseLike(concluding) ? await concluding : concluding;
        const committing = commitUnit(within.store, unit, held, transaction);
        end = isPromiseLike(committing) ? await committing : committing;
      } finally {
        last?.release();
        held.release();
      }
      if (end === "committed") {
        const syncing = transaction.isTold === true ? within.store.durable() : undefined;
        if (isPromiseLike(syncing)) await syncing;
        return value;
      }
      if (end === "conflict") conflicts++;
      targets = withTargetsOf(unit, targets, transaction.last);
    }
    return contended(transaction);
  } catch (error) {
    if (transaction.failed === undefined) throw error;
    return transaction.failed(error);
  }
}

function contended<T, W>(transaction: Transaction<T, W>): T {
  if (transaction.contended === undefined) throw new Contended("Others kept changing what the transaction is based on.");
  return transaction.contended();
}

/** What a commit came to. `not our turn`: another of this process holds a turn that it needs. */
export type End = "committed" | "conflict" | "not our turn";

/** What a commit must know of the transaction that it ends. */
export type Committing = Pick<Transaction<unknown>, "last" | "rest">;

/** Commits what the unit has come to, or had at the savepoint `until`, if the turns that it needs are free. */
export function commitUnit(store: RecordStore, unit: UnitOfWork, held: HeldTurns, how: Committing, until?: number): MaybePromise<End> {
  if (unit.isStale) return "conflict";
  const commit = unit.toCommit(until);
  if (commit === null) return end(unit, NOTHING_TO_DO, until);
  if (!held.extend(writtenOf(commit.changes, how.last))) return "not our turn";
  const resting = how.rest?.();
  return isPromiseLike(resting) ? resting.then(() => keep(store, unit, commit, until)) : keep(store, unit, commit, until);
}

function keep(store: RecordStore, unit: UnitOfWork, commit: Commit, until: number | undefined): MaybePromise<End> {
  const committing = store.commit(commit.changes, commit.entries);
  return isPromiseLike(committing) ? committing.then((result) => end(unit, result, until)) : end(unit, committing, until);
}

const NOTHING_TO_DO: CommitResult = { committed: true, version: 0 };

/** Whoever waits for the commit is told of it while the turns are still held. */
function end(unit: UnitOfWork, result: CommitResult, until: number | undefined): End {
  if (!result.committed) return "conflict";
  unit.committed(result.version, until);
  return "committed";
}

/** What turns are needed for; mostly that is all there is. */
function writtenOf(changes: readonly Change[], last: LastTurn | null): readonly Change[] {
  for (const change of changes) if (!isWritten(change, last)) return changes.filter((each) => isWritten(each, last));
  return changes;
}

function isWritten({ kind, collection }: Change, last: LastTurn | null): boolean {
  return kind !== "check" && (last === null || !last.guards(collection));
}

/** In the next round everything that this one met is taken in turn, what was only read as well. */
function withTargetsOf(unit: UnitOfWork, targets: readonly TurnTarget[], last: LastTurn | null): readonly TurnTarget[] {
  const met = unit.toCommit()?.changes ?? [];
  return [...targets, ...met.filter(({ collection }) => last === null || !last.guards(collection))];
}
