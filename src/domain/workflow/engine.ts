/**
 * What an engine that runs workflows needs beside the package's main entry: how a workflow's code is answered, how a step is
 * tried and committed, the records of runs that `find`, `list` and `results` read whatever the engine, and runs that keep
 * their journals in the actions' store, for whoever decides when each of them goes on.
 */
export * from "./engine-parts.ts";
export { JournaledRuns, toReady, type JournaledRunsPorts } from "./journaled/journaled-runs.ts";
export { RunLost } from "./journaled/run-errors.ts";
export type { RunLoop } from "./journaled/run/run-loop.ts";
export { RunQueue, type ReadyRun } from "./journaled/run-queue.ts";
export { alarmIdOf, ALARMS, toAlarm, type Alarm } from "./journaled/state/alarm.ts";
export type { NewRun } from "./journaled/state/end-run.ts";
export type { Lease, LeaseTerms } from "./journaled/state/lease.ts";
export { OPEN_RUNS, toRunState, type RunState } from "./journaled/state/run-state.ts";
