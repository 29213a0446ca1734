import { readAudit, type AuditQuery } from "./audit/audit-query.ts";
import { bulk } from "./bulk/bulk.ts";
import type { BulkCall } from "./bulk/bulk-call.ts";
import type { BulkOutcome } from "./bulk/bulk-outcome.ts";
import type { Catalog } from "./catalog/catalog.ts";
import { describeAction, summarizeAction, type ActionDescription, type ActionSummary } from "./catalog/describe.ts";
import { execute, type Engine, type ExecuteCall } from "./execution/execute.ts";
import type { Identity } from "./identity.ts";
import type { Failed, Outcome } from "./execution/outcome.ts";
import type { Page } from "./page.ts";
import type { Clock, NewId, Observe, RecordStore } from "./ports.ts";
import { preview, type Preview } from "./execution/preview.ts";
import { run, type MaybePromise } from "./steps.ts";
import { Turns } from "./execution/turns.ts";
import { bulkWorkflow } from "./bulk/bulk-workflow.ts";
import { createHost, type CreateWorkflowEngine, type IdentityOf } from "./workflow/host.ts";
import type { Timer } from "./workflow/port.ts";
import { createWorkflows, type Workflows } from "./workflow/workflows.ts";

/** What {@link createActions} takes. */
export interface ActionsOptions {
  readonly catalog: Catalog;
  readonly store: RecordStore;
  /** Epoch milliseconds: `Date.now`. */
  readonly clock: Clock;
  /** Random UUIDs: `crypto.randomUUID`. */
  readonly newId: NewId;
  /** Told of unforeseen failures with their cause. Default: nobody is. */
  readonly observe?: Observe;
  /** How long an answer is remembered under its idempotency key, in seconds: 1 to a year. Default 86,400 (24 hours). */
  readonly idempotencyRetentionSeconds?: number;
  /** How long an audit entry is kept, in seconds: 1 to 100 years; null audits nothing. Default 7,776,000 (90 days). */
  readonly auditRetentionSeconds?: number | null;
  /** The most subjects of one bulk call, 1 to 1,000,000. Default 10,000. */
  readonly maxBulkIds?: number;
  /** The most subjects of one bulk call with `"async": true`, 1 to 1,000,000. Default 100,000. */
  readonly maxAsyncBulkIds?: number;
  /** Who runs the workflows that actions start. Default: nobody does, and starting one fails. */
  readonly workflows?: WorkflowOptions;
  /** Items of one bulk call under way at once while the action waits, 1 to 100. Default 8. */
  readonly bulkConcurrency?: number;
  /**
   * Called after every 100 items of a bulk call, so that a long one does not keep others waiting:
   * in Node `() => new Promise(setImmediate)`. Default: nothing is waited for.
   */
  readonly breathe?: () => MaybePromise<void>;
}

/** How workflows run. */
export interface WorkflowOptions {
  /** `embeddedWorkflows({ … })`, or an adapter to another engine. */
  readonly engine: CreateWorkflowEngine;
  /** For the signs of life of a stream while nothing happens. Default: there are none. */
  readonly timer?: Timer;
  /** Who an identity is by now. Default: it stays as it was when it started the workflow. */
  readonly identityOf?: IdentityOf;
}

/** The actions, ready to be called: every transport calls these and nothing else. */
export interface Actions {
  /** Runs one action. Always answers an Outcome; never throws for what the caller or the action did. */
  execute(call: ExecuteCall): MaybePromise<Outcome>;
  /** Runs one action on many subjects. */
  bulk(call: BulkCall): MaybePromise<BulkOutcome | Outcome>;
  /** What {@link Actions.execute} would answer now, and what it would change. Nothing is kept. */
  preview(call: ExecuteCall): MaybePromise<Preview>;
  /** A page of the audit trail, newest first, for an identity that holds `view_audit`. */
  audit(identity: Identity, query?: AuditQuery): MaybePromise<Page | Failed>;
  /** The work that actions have started. */
  readonly workflows: Workflows;
  /** All that a client must know of an action, or undefined when there is none of that key. */
  describe(key: string): ActionDescription | undefined;
  /** All actions, in key order. */
  list(): readonly ActionSummary[];
}

const DAY = 86_400;
const YEAR = 366 * DAY;

/** Makes the actions of a catalog callable on a store. */
export function createActions(options: ActionsOptions): Actions {
  const { catalog, store, clock, newId, observe = () => undefined } = options;
  const maxBulkIds = checkWhole("maxBulkIds", options.maxBulkIds ?? 10_000, 1_000_000);
  const maxAsyncBulkIds = checkWhole("maxAsyncBulkIds", options.maxAsyncBulkIds ?? 100_000, 1_000_000);
  const bulkConcurrency = checkWhole("bulkConcurrency", options.bulkConcurrency ?? 8, 100);
  const idempotencyRetentionSeconds = checkWhole("idempotencyRetentionSeconds", options.idempotencyRetentionSeconds ?? 86_400, YEAR);
  const audit = options.auditRetentionSeconds === undefined ? 90 * DAY : options.auditRetentionSeconds;
  const auditRetentionSeconds = audit === null ? null : checkWhole("auditRetentionSeconds", audit, 100 * YEAR);
  const newEntryId = createEntryIds(clock, newId);
  const breathe = options.breathe ?? null;
  const retention = { idempotencyRetentionSeconds, auditRetentionSeconds };
  const turns = new Turns();
  const hostOptions = { engine: (): Engine => engine, catalog, builtIn: [bulkWorkflow], identityOf: options.workflows?.identityOf };
  const host = createHost(hostOptions, { store, turns, clock, newId, observe });
  const workflows = { engine: options.workflows?.engine(host) ?? null, find: host.workflow };
  const engine = { catalog, store, clock, newId, observe, maxBulkIds, bulkConcurrency, breathe, newEntryId, ...retention, turns, maxAsyncBulkIds, workflows, timer: options.workflows?.timer ?? null };
  return {
    execute: (call) => run(execute(engine, call)),
    bulk: (call) => run(bulk(engine, call)),
    preview: (call) => run(preview(engine, call)),
    audit: (identity, query = {}) => run(readAudit(engine, identity, query)),
    workflows: createWorkflows(engine),
    describe(key) {
      const action = catalog.find(key);
      return action === undefined ? undefined : describeAction(action, engine, idempotencyRetentionSeconds);
    },
    list: () => catalog.actions.map(summarizeAction),
  };
}

/** IDs in the order of time: milliseconds, a count within this process, and a random part that tells processes apart. */
function createEntryIds(clock: Clock, newId: NewId): NewId {
  const process = newId().slice(0, 8);
  let count = 0;
  return () => `${String(clock()).padStart(15, "0")}-${String(++count).padStart(10, "0")}-${process}`;
}

function checkWhole(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new TypeError(`${name} must be a whole number from 1 to ${max}, not ${value}`);
}
