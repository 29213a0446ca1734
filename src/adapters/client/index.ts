export * from "./api.ts";
export { clientCredentials, refreshToken, type Auth, type ClientCredentialsOptions, type Grant, type RefreshTokenOptions, type TokenAnswer } from "./auth/grant.ts";
export { createClient, type Client, type SubjectsOf } from "./client.ts";
export { CallFailure, type ClientCode, type FailureOf, type FailureParts, type GeneralFailure } from "./failure.ts";
export type { CallOptions, ClientOptions, RetryOptions, WriteOptions } from "./options.ts";
export type { Audit } from "./resources/audit.ts";
export type { Bulk } from "./resources/bulk.ts";
export type { Listing } from "./resources/listing.ts";
export type { WorkflowHandle } from "./resources/workflow.ts";
