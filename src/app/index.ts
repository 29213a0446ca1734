export { runCommandLine, type CommandLineParts } from "./admin/command-line.ts";
export { recordsOf, type InitialRecords } from "./initial-records.ts";
export { readEnvironment, type Environment } from "./environment.ts";
export type { FirstCall } from "./invitation.ts";
export { runApplication } from "./run.ts";
export { startApplication, type Application, type RunningApplication } from "./start.ts";
export type { FirstIdentities } from "./first-credentials.ts";
