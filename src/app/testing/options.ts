import type { Names } from "../../domain/check-option.ts";
import type { ActionsOptions, BulkMode, Catalog, Identity, IdentityOf } from "../../domain/index.ts";
import type { InitialRecords } from "../initial-records.ts";
import type { StepFakes } from "./watched-engine.ts";

/** What `createTestActions` takes. */
export interface TestActionsOptions<C extends Catalog> {
  readonly catalog: C;
  /** What there is at the beginning: `recordsOf(Order, [{ id: 42, … }])`. Default: nothing. */
  readonly records?: readonly InitialRecords[];
  /** Who acts: `createIdentity({ … })`, or a user in a sentence: `"nancy can manage_orders, view_reports"`, `"nancy can *"`, `"nancy"`. */
  readonly identity: Identity | string;
  /** When it begins, RFC 3339. Default: `2026-01-01T00:00:00.000Z`. */
  readonly now?: string;
  /** What stands in for steps of workflows: `{ "orders/fulfilment": { "charge the card": () => ({ charge: "c1" }) } }`. Default: steps do what they do. */
  readonly steps?: StepFakes;
  /**
   * How long a step that waits for something outside is waited for in real time, in milliseconds: 0 to an hour. Then time passes without it, so that its own
   * deadline can be tested. Default 1,000.
   */
  readonly patienceMs?: number;
  /** Who an identity is by the time a workflow's step acts as it. Default: as it was at the start. */
  readonly identityOf?: IdentityOf;
  /** What calls may cost and leave behind, as for `createActions`. */
  readonly limits?: Partial<Omit<ActionsOptions, "catalog" | "store" | "clock" | "timer" | "newId" | "newAbortController" | "digest" | "observe" | "workflows" | "auditRetentionSeconds">>;
}

/** All of them by name. */
export const TEST_OPTIONS: Names<TestActionsOptions<Catalog>> = { catalog: true, records: true, identity: true, now: true, steps: true, patienceMs: true, identityOf: true, limits: true };

/** What `limits` may have. */
export const LIMITS: Names<NonNullable<TestActionsOptions<Catalog>["limits"]>> = {
  handlerTimeoutMs: true, turnTimeoutMs: true, tracing: true, idempotencyRetentionSeconds: true, refusalRetentionSeconds: true, maxRefusalsPerHour: true, maxRememberedBytes: true,
  maxRunBytes: true, maxBulkIds: true, maxAsyncBulkIds: true, maxBulkIdsUnderWay: true, bulkTurnTimeoutMs: true, bulkConcurrency: true, sliceMs: true,
};

/** Options of a call. */
export interface TestCallOptions {
  readonly idempotencyKey?: string | undefined;
  /** The `etag` of a preview: does it only if all that the preview saw is still so. */
  readonly ifMatch?: string | undefined;
}

/** Options of a bulk call. */
export interface TestBulkOptions {
  /** Default: `each`. */
  readonly mode?: BulkMode | undefined;
  readonly idempotencyKey?: string | undefined;
  /** True: a workflow works on them. Default false. */
  readonly async?: boolean | undefined;
}
