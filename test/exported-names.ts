/** What the entry points of the package export, sorted. Whoever changes one changes this, knowingly. */
export const EXPORTED_NAMES: Readonly<Record<string, readonly string[]>> = {
  "src/domain/index.ts": words(`
    AbortSignalLike Action ActionCheck ActionDefinition ActionDescription ActionError ActionErrorOptions ActionExample ActionSummary Actions
    ActionsOptions ApiOf Asking AuditFollowQuery AuditQuery Authenticate Authentication AuthorizeContext BULK_MODES BulkCall BulkDefinition BulkInput BulkItem
    BulkMode BulkOutcome CallTypes Catalog CatalogOptions Change CheckedSubject Clock CommitResult CompiledParams CompiledShape
    CreateWorkflowEngine DeclaredTypes Delivery Digest Duration EachLoss EachOptions Effect ErrorDefinition ErrorDefinitions ErrorDescription ErrorsOf ExampleDescription
    ExecuteCall FAILURE_CODES Fail Failed FailureCode FieldErrors FieldName FieldTypes FieldsOf Flow HandleAllContext HandleContext
    HandlerResult IdKind Identity IdentityKind IdentityOf IdentityOptions InferActionParams InferParams InferParamsInput InferShape
    InferShapeInput InputOf IntegerIdBounds Json JsonObject Kept KeptEntry ListBounds MAX_ID_BYTES MaybePromise MoneyBounds
    NewAbortController NewId NumberBounds Observation Observe Outcome OutputOf Page PageQuery PageRequest Param ParamShape ParamsDeclaration
    ParsedParams PendingCommit PendingReference Presence Preview Randomness RecordConflict RecordOf RecordPage RecordStore Redirected Refused
    ResultPage RetryPolicy ReturnKind RunNews RunPage RunQuery Scalar Seen Shown ShownAs ShownEntry StandardParams StandardParamsOptions StandardSchema StartedBy StartedWorkflow
    StepAction StepContext StepOptions StoredRecord SubjectAnswer SubjectChange SubjectClass SubjectConditions SubjectDefinition
    SubjectDescription SubjectId SubjectList SubjectListPage SubjectQuery SubjectReader SubjectRecord SubjectReference SubjectResult
    SubjectSource Subjects Succeeded Tally TextOptions Timer Trace Traced TracedCommit TracedExecution TracedIdentity TracedStep Tracing TrailEntry TrailFeed TrailPage TrailQuery ValueResult WORKFLOW_STATUSES WholeEntry WholeStore Workflow WorkflowAnswer
    WorkflowDefinition WorkflowEngine WorkflowHost WorkflowOptions WorkflowProgress WorkflowQuery WorkflowResults WorkflowRun WorkflowStart
    WorkflowStarts WorkflowStatus Workflows boolean compileActionParams compileParams createActions createCatalog createIdentity date
    dateTime defineAction defineSubject defineWorkflow everyone fromCents identityKey integer integerId isSuccess list money number object
    oneOf patternId readId reference standardParams text textId toCents uuidId value withRedirect workflowStarted
  `),
  "src/adapters/rest/index.ts": words(`
    CorsOptions HttpHandler HttpHeaders HttpRequest HttpResponse OpenApiOptions RestOptions createRest
  `),
  "src/adapters/node-http/index.ts": words(`
    RequestLimits RequestListenerOptions RunningServer ServerAddress ServerLimits ServerOptions SignalOptions
    drainOnSignal startServer toRequestListener
  `),
  "src/adapters/fetch/index.ts": words(`
    FetchHandler FetchHandlerOptions toFetchHandler
  `),
  "src/adapters/client/index.ts": words(`
    Api ApiEntry Audit AuditEntry Auth Bulk BulkAnswer BulkArguments BulkOptions BulkProgress BulkResult
    BulkSummary CallArguments CallFailure CallOptions Client ClientCode ClientCredentialsOptions ClientOptions
    EntryOf Executed FailureOf FailureParts GeneralFailure Grant ListOptions ListQuery ListedAction Listing Page Previewed
    PreviewedChange RefreshTokenOptions Replayable RetryOptions Run SubjectAnswer SubjectData SubjectsOf
    TokenAnswer UnknownEntry WorkflowHandle WriteOptions clientCredentials createClient refreshToken
  `),
  "src/adapters/oauth/index.ts": words(`
    AuthorizationServer AuthorizationServerOptions Client ClientChange ClientRegistration ClientRegistry ClientType
    CreatedClient ExternalAuthenticateOptions ExternalClaims ExternalIdentity ExternalIssuer IntrospectionIssuer
    IssueToken JwksIssuer PageTexts PagesOptions Role RoleRegistry ScryptCost TokenOrder User UserRegistration
    UserRegistry
    createAuthorizationServer createExternalAuthenticate createIdentityOf
  `),
  "src/adapters/diagnostics/index.ts": words(`
    CHANNELS DiagnosticsTracing Gauge Metrics MetricsHandlerOptions MetricsOptions RenderedMetrics RequestTracing TracedRequest
    createMetrics createMetricsHandler createTracing
  `),
  "src/adapters/jwt/index.ts": words(`
    KeyFile KeyFileOptions KeyRing SigningAlgorithm SigningKey createFixedKeyRing createSigningKey openKeyFile parseSigningKeys
  `),
  "src/adapters/embedded-workflows/index.ts": words(`
    EmbeddedOptions embeddedWorkflows
  `),
  "src/domain/workflow/engine.ts": words(`
    ALARMS Alarm Command CommitTooLarge Committed EachCommand FailedTry FlowPorts IndexedResult IsPending JournaledRuns JournaledRunsPorts LastTurn Lease
    LeaseTerms NewRun OPEN_RUNS RESULTS RUNS ReadyRun RunLoop RunLost RunQueue RunRecord RunState SignalCommand StepCommand StepFailure StepMark StepStop
    StepStopped StepTry TimerCommand Tried UnitOfWork alarmIdOf commitStep createFlow createRunRecord delayAfter findRun isEnd isJsonObject listResults
    listRuns readResults readWhile resultId toAlarm toError toFailure toJsonObject toLoss toReady toRunId toRunRecord toRunState toStartedBy toValue transact
  `),
  "src/adapters/dbos/index.ts": words(`
    Dbos DbosOptions PrepareDbosOptions dbosWorkflows prepareDbos
  `),
  "src/adapters/postgres/index.ts": words(`
    Listen PostgresStatus PostgresStore PostgresStoreError PostgresStoreErrorCode PostgresStoreOptions Query Row createPostgresStore
  `),
  "src/adapters/memory/index.ts": words(`
    MemoryStoreOptions createMemoryStore
  `),
  "src/adapters/file/index.ts": words(`
    FileStore FileStoreError FileStoreErrorCode FileStoreOptions openFileStore
  `),
  "src/adapters/node-timer/index.ts": words(`
    createNodeTimer
  `),
  "src/app/testing/index.ts": words(`
    CallRefusal DeclareTest Effects EngineTime InitialRecords OpenStore OpenedStore PassingTime RecordChange
    RecordStoreUnderTest StartedRun StepFakes TestActions TestActionsOptions TestBulkOptions TestCallOptions TestSubjects
    TestWorkflow Tried TriedBulk TriedPreview WorkflowEngineUnderTest createTestActions recordsOf testRecordStore testWorkflowEngine
  `),
  "src/app/index.ts": words(`
    ActionsSettings Application ApplicationPlace FileStoreSettings FirstCall FirstIdentities InitialRecords
    MetricsSettings OAuthSettings OpenStore OpenStoreParts OwnRoutes ReadinessCheck ReadyStore RestSettings RunningApplication RunningParts ServerSettings SignalSettings WorkflowSettings
    recordsOf runApplication startApplication
  `),
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
