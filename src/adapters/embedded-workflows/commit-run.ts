import { transact, type Transactions } from "../../domain/execution/transact.ts";
import type { TurnTarget } from "../../domain/execution/turns.ts";
import type { UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import { Contended } from "../../domain/errors.ts";
import { OPEN_RUNS, RESULTS, RUNS, STEPS } from "./run-record.ts";

/** One commit of a run. */
export interface RunCommit<W, T> {
  readonly runId: string;
  /** What turns are taken for from the start. */
  readonly turns?: readonly TurnTarget[];
  /** Does what is to be done; again on fresh data, when somebody else was faster. */
  readonly work: (unit: UnitOfWork) => MaybePromise<W>;
  /** Adds the run's own records. Runs alone for its run. */
  readonly journal: (unit: UnitOfWork, worked: W) => MaybePromise<T>;
  /** Told of what is committed now, still alone for its run. */
  readonly done?: (value: T) => void;
}

/** These are guarded by the turn of their run, so nobody takes turns for them. */
const OWN: ReadonlySet<string> = new Set([RUNS, OPEN_RUNS, STEPS, RESULTS]);

/** Work and journal in one commit. */
export async function commitRun<W, T>(within: Transactions, { runId, turns = [], work, journal, done }: RunCommit<W, T>): Promise<T> {
  interface Part {
    readonly worked: W;
    readonly value?: T;
  }
  const committed = await transact<Part>(within, {
    turns,
    last: { target: turnOf(runId), guards: (collection) => OWN.has(collection) },
    work: async (unit) => ({ worked: await work(unit) }),
    async conclude({ worked }, unit) {
      const value = await journal(unit, worked);
      unit.onCommitted(() => done?.(value));
      return { worked, value };
    },
  });
  if (!("value" in committed)) throw new Contended(`workflow ${runId}: others kept changing what it is based on`);
  return committed.value as T;
}

/** What one writer of a run at a time takes. */
export function turnOf(runId: string): TurnTarget {
  return { collection: RUNS, id: runId };
}

/** For a commit that has nothing to do beside the run's own records. */
export function noWork(): null {
  return null;
}
