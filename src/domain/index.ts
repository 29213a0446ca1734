export { defineAction, type Action, type CallTypes, type DeclaredTypes } from "./catalog/action.ts";
export type { ActionDefinition, AuthorizeContext, BulkDefinition, Effect, HandleAllContext, HandleContext } from "./catalog/definition.ts";
export type { ApiOf } from "./catalog/api.ts";
export type { ErrorDefinition, ErrorDefinitions, ErrorsOf, Fail } from "./catalog/declared/declared-errors.ts";
export { createActions, type Actions, type ActionsOptions, type WorkflowOptions } from "./actions.ts";
export type { AuditFollowQuery, AuditQuery } from "./audit/audit-query.ts";
export type { ShownEntry, TrailFeed } from "./audit/follow-trail.ts";
export type { BulkCall } from "./bulk/call/bulk-call.ts";
export type { BulkItem, BulkOutcome } from "./bulk/bulk-outcome.ts";
export type { SubjectChange } from "./audit/subject-changes.ts";
export { BULK_MODES, type BulkInput, type BulkMode } from "./bulk/call/bulk-input.ts";
export { createCatalog, type Catalog, type CatalogOptions } from "./catalog/catalog.ts";
export { everyone } from "./catalog/everyone.ts";
export type { ActionDescription, ActionSummary, ErrorDescription } from "./catalog/describe.ts";
export type { ActionExample, ExampleDescription } from "./catalog/examples.ts";
export { ActionError, FAILURE_CODES, type ActionErrorOptions, type FailureCode, type FieldErrors } from "./errors.ts";
export type { ExecuteCall } from "./execution/execute.ts";
export { createIdentity, identityKey, type Identity, type IdentityKind, type IdentityOptions } from "./identity.ts";
export type { Json, JsonObject } from "./json.ts";
export { isSuccess, type Failed, type Outcome, type Refused, type Succeeded } from "./execution/answer/outcome.ts";
export type { Page, PageQuery } from "./page.ts";
export type { Preview } from "./execution/preview.ts";
export * from "./params/index.ts";
export type {
  AbortSignalLike,
  Authenticate,
  Authentication,
  Change,
  Clock,
  CommitResult,
  Digest,
  KeptEntry,
  NewAbortController,
  NewId,
  Observation,
  Observe,
  PageRequest,
  RecordConflict,
  RecordPage,
  RecordStore,
  StoredRecord,
  SubjectReference,
  SubjectSource,
  Timer,
  TrailEntry,
  TrailPage,
  TrailQuery,
  WholeEntry,
  WholeStore,
} from "./ports.ts";
export { value, withRedirect, workflowStarted, type HandlerResult, type Redirected, type ReturnKind, type ShownAs, type StartedWorkflow, type SubjectResult, type ValueResult } from "./execution/answer/result.ts";
export type { MaybePromise } from "./maybe-promise.ts";
export { defineSubject, type SubjectDefinition } from "./catalog/define-subject.ts";
export type { FieldName, FieldsOf, FieldTypes } from "./catalog/subject-fields.ts";
export type { SubjectList, SubjectListPage } from "./catalog/subject-source.ts";
export type { RecordOf, Shown, SubjectClass, SubjectRecord } from "./catalog/subject.ts";
export * from "./catalog/subject-id.ts";
export type { ActionCheck } from "./subjects/check-subject.ts";
export type { Scalar, SubjectConditions } from "./subjects/conditions.ts";
export type { SubjectDescription } from "./subjects/describe-subject.ts";
export type { SubjectQuery } from "./subjects/list-subjects.ts";
export type { Asking } from "./execution/execution-ports.ts";
export type { CheckedSubject, SubjectAnswer, SubjectReader } from "./subjects/subject-reader.ts";
export type { Seen, Subjects } from "./execution/unit/subjects.ts";
export type { Duration } from "./workflow/duration.ts";
export type { EachLoss, EachOptions, Flow, Kept, StepContext, StepOptions, Tally } from "./workflow/flow.ts";
export type { WorkflowAnswer } from "./workflow/follower.ts";
export type { CreateWorkflowEngine, IdentityOf, StepAction, WorkflowHost } from "./workflow/host.ts";
export type {
  Delivery,
  PendingCommit,
  Randomness,
  ResultPage,
  RunPage,
  RunQuery,
  StartedBy,
  WorkflowEngine,
  WorkflowProgress,
  WorkflowRun,
  WorkflowStart,
} from "./workflow/port.ts";
export type { RetryPolicy } from "./workflow/retry.ts";
export type { WorkflowStarts } from "./workflow/start.ts";
export type { RunNews, Trace, Traced, TracedCommit, TracedExecution, TracedIdentity, TracedStep, Tracing } from "./observation/tracing.ts";
export { WORKFLOW_STATUSES, type WorkflowStatus } from "./workflow/status.ts";
export { defineWorkflow, type Workflow, type WorkflowDefinition } from "./workflow/workflow.ts";
export type { WorkflowQuery, WorkflowResults, Workflows } from "./workflow/workflows.ts";
