import type { WorkflowHost } from "../../../index.ts";
import { isEnd, RESULTS, RUNS, transact, type LastTurn, type UnitOfWork } from "../../engine-parts.ts";
import { RunLost } from "../run-errors.ts";
import { ALARMS } from "./alarm.ts";
import { STEPS } from "./entry.ts";
import { OPEN_RUNS, toRunState, type RunState } from "./run-state.ts";

/** The records of runs themselves: whoever writes them has the turn of the run. */
const OWN: ReadonlySet<string> = new Set([RUNS, OPEN_RUNS, ALARMS, STEPS, RESULTS]);

/** What whoever writes a run's own records takes last. */
export function turnOfRun(runId: string): LastTurn {
  return { target: { collection: RUNS, id: runId }, guards: (collection) => OWN.has(collection) };
}

/** A commit of a run's own records alone. */
export async function commitOwn<T>(host: WorkflowHost, runId: string, write: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  return transact<T, null>(host, { turns: [], last: turnOfRun(runId), work: () => null, conclude: (_, unit) => write(unit) });
}

/** The state of a run that has not ended, as the store has it. */
export async function readOpenRun(unit: UnitOfWork, runId: string): Promise<RunState> {
  const state = toRunState(await unit.get(RUNS, runId));
  if (state === undefined || isEnd(state.status)) throw new RunLost(`workflow ${runId} has ended`);
  return state;
}
