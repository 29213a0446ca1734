/**
 * For tests of an application: {@link createTestActions} runs its actions and workflows in the test's own process, on a store in memory
 * and a clock that stands still; {@link testRecordStore} and {@link testWorkflowEngine} show of somebody's own adapter what its port asks for.
 */
export { recordsOf, type InitialRecords } from "../initial-records.ts";
export { testRecordStore, type DeclareTest, type OpenedStore, type OpenStore, type RecordStoreUnderTest } from "./contracts/record-store.ts";
export { testWorkflowEngine, type EngineTime, type WorkflowEngineUnderTest } from "./contracts/workflow-engine.ts";
export { createTestActions, type PassingTime, type TestActions, type TestSubjects, type TestWorkflow } from "./test-actions.ts";
export type { TestActionsOptions, TestBulkOptions, TestCallOptions } from "./options.ts";
export type { RecordChange } from "./recorded-store.ts";
export type { CallRefusal, Effects, Tried, TriedBulk, TriedPreview } from "./tried.ts";
export type { StartedRun, StepFakes } from "./watched-engine.ts";
