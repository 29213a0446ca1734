/** What an engine is made of, and what its runs and their journals are made of as well. */
export { CommitTooLarge } from "../errors.ts";
export { transact, type LastTurn } from "../execution/transact.ts";
export type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
export { isJsonObject, toJsonObject } from "../json.ts";
export type { Command, EachCommand, SignalCommand, StepCommand, TimerCommand } from "./run/command.ts";
export { commitStep, type Committed, type StepMark } from "./run/commit-step.ts";
export { createFlow, type FlowPorts } from "./run/create-flow.ts";
export { findRun, listRuns, type IsPending } from "./run/read-runs.ts";
export { listResults, readResults, readWhile, resultId, RESULTS, type IndexedResult } from "./run/results.ts";
export { delayAfter } from "./retry.ts";
export { createRunRecord, RUNS, toRunId, toRunRecord, toStartedBy, type RunRecord } from "./run/run-record.ts";
export { isEnd } from "./status.ts";
export { toError, toFailure, type StepFailure } from "./run/step-failure.ts";
export type { StepTry } from "./run/step-scope.ts";
export { StepStop, StepStopped } from "./run/step-time.ts";
export { toLoss, toValue, type FailedTry, type Tried } from "./run/try-step.ts";
