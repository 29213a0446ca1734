export type { ActionsSettings, Application, ApplicationPlace, FileStoreSettings, OAuthSettings, OpenStore, OpenStoreParts, OwnRoutes, RestSettings } from "./application/application.ts";
export type { MetricsSettings, RunningParts, ServerSettings, SignalSettings, WorkflowSettings } from "./application/application.ts";
export type { ReadinessCheck } from "./health/readiness.ts";
export type { ReadyStore } from "./health/store-readiness.ts";
export { recordsOf, type InitialRecords } from "./initial-records.ts";
export type { FirstCall } from "./invitation.ts";
export { runApplication } from "./run.ts";
export { startApplication, type RunningApplication } from "./start.ts";
export type { FirstIdentities } from "./first-credentials.ts";
