import type { RecordStore } from "../../domain/ports.ts";
import { settle, type Steps } from "../../domain/steps.ts";
import type { HeldTurns, Turns } from "../../domain/execution/turns.ts";
import { fromStore, recordKey, UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import { Contended } from "./engine-errors.ts";
import { OPEN_RUNS, RESULTS, RUNS, STEPS } from "./run-record.ts";

/** Where runs are committed. */
export interface RunTransactions {
  readonly store: RecordStore;
  /** Those of the actions: one writer a subject at a time. */
  readonly turns: Turns;
  /** One writer a run at a time, by its ID. */
  readonly locks: Turns;
}

/** One commit of a run. */
export interface RunCommit<W, T> {
  readonly runId: string;
  /** Records that are taken in turn from the start. */
  readonly turnKeys?: readonly string[];
  /** Does what is to be done; again on fresh data, when somebody else was faster. */
  readonly work: (unit: UnitOfWork) => Steps<W>;
  /** Adds the run's own records. Runs alone for its run. */
  readonly journal: (unit: UnitOfWork, worked: W) => Steps<T>;
  /** Told of what is committed now, still alone for its run. */
  readonly done?: (value: T) => void;
}

/** These are guarded by the lock of their run, so nobody takes turns for them. */
const OWN: ReadonlySet<string> = new Set([RUNS, OPEN_RUNS, STEPS, RESULTS]);
const MAX_ROUNDS = 64;
const MAX_CONFLICTS = 5;

/**
 * Work and journal in one commit. As in a transaction of an action, whoever needs a record in turn takes it first;
 * the lock comes last and whoever holds it waits for nobody, so nothing can lock up.
 */
export function* commitRun<W, T>(within: RunTransactions, { runId, turnKeys = [], work, journal, done }: RunCommit<W, T>): Steps<T> {
  const keys = new Set(turnKeys);
  for (let round = 0, conflicts = 0; round < MAX_ROUNDS && conflicts < MAX_CONFLICTS; round++) {
    const held = yield* settle(within.turns.take([...keys]));
    let lock: HeldTurns | undefined;
    try {
      const unit = new UnitOfWork(within.store);
      const worked = yield* work(unit);
      lock = yield* settle(within.locks.take([runId]));
      const value = yield* journal(unit, worked);
      const tried = yield* commit(within, held, unit);
      if (tried === "committed") {
        done?.(value);
        return value;
      }
      if (tried === "conflict") conflicts++;
      for (const { collection, id } of unit.commitChanges()) if (!OWN.has(collection)) keys.add(recordKey(collection, id));
    } finally {
      lock?.release();
      held.release();
    }
  }
  throw new Contended(`workflow ${runId}: others kept changing what it is based on`);
}

function* commit({ store }: RunTransactions, held: HeldTurns, unit: UnitOfWork): Steps<"committed" | "conflict" | "not our turn"> {
  unit.seal();
  const changes = unit.commitChanges();
  if (changes.length > 0) {
    const written = changes.filter((change) => change.kind !== "check" && !OWN.has(change.collection)).map((change) => recordKey(change.collection, change.id));
    if (!held.extend(written)) return "not our turn";
    const result = yield* fromStore(() => store.commit(changes));
    if (!result.committed) return "conflict";
  }
  unit.committed();
  return "committed";
}

/** For a commit that has nothing to do beside the run's own records. */
export function* noWork(): Steps<null> {
  return null;
}
