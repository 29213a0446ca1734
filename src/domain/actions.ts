import { followAudit, readAudit, type AuditFollowQuery, type AuditQuery } from "./audit/audit-query.ts";
import type { TrailFeed } from "./audit/follow-trail.ts";
import { Refusals } from "./audit/refusals.ts";
import { Breath } from "./execution/time/breath.ts";
import { checkWhole, requireMethods, requireObject, requireTracing } from "./check-option.ts";
import { bulk } from "./bulk/bulk.ts";
import type { BulkCall } from "./bulk/call/bulk-call.ts";
import { BulkPlaces } from "./bulk/call/bulk-places.ts";
import { Floor } from "./bulk/run/floor.ts";
import { DEFAULT_MAX_ASYNC_BULK_IDS } from "./bulk/call/bulk-input.ts";
import type { BulkOutcome } from "./bulk/bulk-outcome.ts";
import type { Catalog } from "./catalog/catalog.ts";
import { describeAction, summarizeAction, type ActionDescription, type ActionSummary } from "./catalog/describe.ts";
import { Deadlines } from "./execution/time/deadlines.ts";
import { tellCausesOnce, type Asking, type ExecutionPorts } from "./execution/execution-ports.ts";
import { execute, type ExecuteCall } from "./execution/execute.ts";
import { GuardedStore } from "./execution/guarded-store.ts";
import type { Identity } from "./identity.ts";
import type { Failed, Outcome } from "./execution/answer/outcome.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { Page } from "./page.ts";
import type { Clock, Digest, NewAbortController, NewId, Observe, RecordStore, Timer } from "./ports.ts";
import { preview, type Preview } from "./execution/preview.ts";
import { Quota } from "./execution/quota.ts";
import { UNTRACED, type Tracing } from "./observation/tracing.ts";
import { Timestamps } from "./execution/time/timestamps.ts";
import { Turns } from "./execution/turns/turns.ts";
import { bulkWorkflow } from "./bulk/asynchronous/bulk-workflow.ts";
import { isSubjectClass } from "./catalog/subject.ts";
import { describeSubject, type SubjectDescription } from "./subjects/describe-subject.ts";
import { createSubjectReader, type SubjectReader } from "./subjects/subject-reader.ts";
import { guardEngine } from "./workflow/guarded-engine.ts";
import { tellFailure } from "./observation/tell-failure.ts";
import { createHost, type CreateWorkflowEngine, type IdentityOf } from "./workflow/host.ts";
import { createWorkflows, type Workflows } from "./workflow/workflows.ts";

/** Options of {@link createActions}. */
export interface ActionsOptions {
  readonly catalog: Catalog;
  readonly store: RecordStore;
  /** Epoch milliseconds: `Date.now`. */
  readonly clock: Clock;
  /** Random UUIDs: `crypto.randomUUID`. */
  readonly newId: NewId;
  /** Tells requests apart under an idempotency key: SHA-256 of a text. Default: the text itself is kept, up to the size of the request. */
  readonly digest?: Digest;
  /** For deadlines, the turns of others while much is done for one, and the signs of life of a stream: `createNodeTimer({ clock })`. Default: none of these, and an action that hangs or computes for long holds up the others. */
  readonly timer?: Timer;
  /** Makes the `signal` of handlers and steps: `() => new AbortController()`. Default: a handler that asks for its signal fails. */
  readonly newAbortController?: NewAbortController;
  /** How long an execution may wait for the functions of an action that has no `timeoutMs`, in milliseconds: 1 to a day. Default 30,000. */
  readonly handlerTimeoutMs?: number;
  /** How long a call waits for the turn of its subject or its idempotency key, in milliseconds: 1 to a day. Then it is a `conflict`. Default 10,000. */
  readonly turnTimeoutMs?: number;
  /** Told of unforeseen failures with their cause. Default: they are written to stderr. */
  readonly observe?: Observe;
  /** Follows executions, commits and steps: `createTracing()` of `actionport/diagnostics`. Default: nobody does. */
  readonly tracing?: Tracing;
  /** How long an answer is remembered under its idempotency key, in seconds: 1 to a year. Default 86,400 (24 hours). */
  readonly idempotencyRetentionSeconds?: number;
  /** How long an audit entry is kept, in seconds: 1 to 100 years; null audits nothing. Default 7,776,000 (90 days). */
  readonly auditRetentionSeconds?: number | null;
  /** How long the audit entry of a refused call is kept, in seconds: 1 to 100 years. Default 604,800 (7 days), or `auditRetentionSeconds` if that is less. */
  readonly refusalRetentionSeconds?: number;
  /** How many refused calls of one identity the audit trail lists in an hour, 1 to 1,000,000; of those beyond it says how many. Default 100. */
  readonly maxRefusalsPerHour?: number;
  /**
   * What the answers that are remembered for one identity may take, in bytes: so much at once, and as much again in each
   * `idempotencyRetentionSeconds`. An answer counts its JSON and 1,024 more. 1 MiB to 1 PiB. Default 4,294,967,296 (4 GiB),
   * enough for 20 answers of 1,400 bytes a second. Beyond it calls with a new key are `too_many_requests`.
   */
  readonly maxRememberedBytes?: number;
  /**
   * What the workflows that one identity has started may take, in bytes: so much at once, and as much again in 30 days. A run
   * counts its input and 1,024 more, each ID of an asynchronous bulk call 256. 1 MiB to 1 PiB. Default 1,073,741,824 (1 GiB).
   * Beyond it whoever starts one more is answered `too_many_requests`.
   */
  readonly maxRunBytes?: number;
  /** The most subjects of one bulk call, 1 to 1,000,000. Default 10,000. */
  readonly maxBulkIds?: number;
  /** The most subjects of one bulk call with `"async": true`, 1 to 1,000,000. Default 100,000: as many IDs of up to nine digits as a body of 1 MiB holds. */
  readonly maxAsyncBulkIds?: number;
  /**
   * The most subjects of synchronous bulk calls under way at once, 1 to 100,000,000; one identity may have half of them. What is known of
   * each, a kilobyte or two, stays in memory until its call is answered. Calls beyond wait their turn. Default 50,000.
   */
  readonly maxBulkIdsUnderWay?: number;
  /** How long a bulk call waits for that, in milliseconds: 1 to a day. Then it is `unavailable`. Default 120,000. */
  readonly bulkTurnTimeoutMs?: number;
  /** Who runs the workflows that actions start. Default: nobody does, and starting one fails. */
  readonly workflows?: WorkflowOptions;
  /** Items of one bulk call under way at once while the action waits, 1 to 100. Default 8. */
  readonly bulkConcurrency?: number;
  /** For how long bulk calls and large bodies together may keep the event loop before others get their turn, in milliseconds: 1 to 1,000. Default 2. */
  readonly sliceMs?: number;
}

/** How workflows run. */
export interface WorkflowOptions {
  /** `embeddedWorkflows({ … })`, or an adapter to another engine. */
  readonly engine: CreateWorkflowEngine;
  /** Who an identity is by now. Default: it stays as it was when it started the workflow. */
  readonly identityOf?: IdentityOf;
}

/** The actions, ready to be called: every transport calls these and nothing else. */
export interface Actions {
  /**
   * Runs one action. Always answers an Outcome, whatever the caller or the action did. Only a handler that calls an action on a subject whose
   * turn it has gets a TypeError, where that is noticed: before the handler has awaited anything; and plain JavaScript that gives no identity, or an ID that is no text.
   */
  execute(call: ExecuteCall): Promise<Outcome>;
  /** Runs one action on many subjects. */
  bulk(call: BulkCall): Promise<BulkOutcome | Outcome>;
  /** What {@link Actions.execute} would answer now, and what it would change. Nothing is kept. */
  preview(call: ExecuteCall): Promise<Preview>;
  /** How many subjects a bulk call may name; `maxAsyncBulkIds` is null where no engine runs, which refuses `"async": true`. */
  readonly bulkLimits: { readonly maxBulkIds: number; readonly maxAsyncBulkIds: number | null };
  /**
   * To be asked by a transport before each piece of work that takes long, such as reading or writing a large body: undefined when it may
   * go on at once, and it should do so with nothing awaited in between; else it waits for the promise.
   */
  breathe(): MaybePromise<void>;
  /** A page of the audit trail, newest first unless it says otherwise, for an identity that holds `view_audit`. */
  audit(identity: Identity, query?: AuditQuery, asking?: Asking): Promise<Page | Failed>;
  /**
   * The audit trail from one entry on (without `after`, from the first that is kept) in the order of the commits, each entry once and only
   * when it survives a crash; then what comes, until its reader leaves or the workflows are closed. Null: nothing has come for a while.
   */
  followAudit(identity: Identity, query?: AuditFollowQuery, asking?: Asking): Promise<TrailFeed | Failed>;
  /** Subjects to be looked up: those of classes that say who may `read` them. */
  readonly subjects: SubjectReader;
  /** The work that actions have started. */
  readonly workflows: Workflows;
  /** All that a client must know of an action; undefined when no action has that key. */
  describe(key: string): ActionDescription | undefined;
  /** How the subjects of a class look, for whoever describes the actions on them; undefined when there is no such class. */
  describeSubject(name: string): SubjectDescription | undefined;
  /** All actions, in key order. */
  list(): readonly ActionSummary[];
}

const DAY = 86_400;
const YEAR = 366 * DAY;
const DAY_MS = 1000 * DAY;
const GIB = 2 ** 30;
const MIN_QUOTA_BYTES = 2 ** 20;
const MAX_QUOTA_BYTES = 2 ** 50;

/** Makes the actions of a catalog callable on a store. */
export function createActions(options: ActionsOptions): Actions {
  requireObject("createActions: its options", options, "{ catalog, store, clock, newId }");
  checkPorts(options);
  const { catalog, clock, newId, digest = (text) => text, timer = null, newAbortController = null, tracing = UNTRACED } = options;
  const handlerTimeoutMs = checkWhole("handlerTimeoutMs", options.handlerTimeoutMs ?? 30_000, DAY_MS);
  const turnTimeoutMs = checkWhole("turnTimeoutMs", options.turnTimeoutMs ?? 10_000, DAY_MS);
  const deadlines = timer === null ? null : new Deadlines(timer, clock);
  const maxBulkIds = checkWhole("maxBulkIds", options.maxBulkIds ?? 10_000, 1_000_000);
  const maxAsyncBulkIds = checkWhole("maxAsyncBulkIds", options.maxAsyncBulkIds ?? DEFAULT_MAX_ASYNC_BULK_IDS, 1_000_000);
  const bulkConcurrency = checkWhole("bulkConcurrency", options.bulkConcurrency ?? 8, 100);
  const idempotencyRetentionSeconds = checkWhole("idempotencyRetentionSeconds", options.idempotencyRetentionSeconds ?? 86_400, YEAR);
  const audit = options.auditRetentionSeconds === undefined ? 90 * DAY : options.auditRetentionSeconds;
  const auditRetentionSeconds = audit === null ? null : checkWhole("auditRetentionSeconds", audit, 100 * YEAR);
  const breath = new Breath({ clock, timer, sliceMs: checkWhole("sliceMs", options.sliceMs ?? 2, 1_000) });
  const store = new GuardedStore(options.store, tracing);
  const followers = new Set<() => void>();
  const within = { store, turns: new Turns(deadlines?.of(turnTimeoutMs)), clock, newId, newAbortController, tracing, observe: tellCausesOnce(options.observe ?? tellFailure) };
  const hostOptions = { ports: (): ExecutionPorts => ports, catalog, builtIn: [bulkWorkflow], identityOf: options.workflows?.identityOf };
  const host = createHost(hostOptions, { ...within, breathe: timer === null ? null : () => breath.take() });
  const workflowEngine = options.workflows?.engine(host);
  const runQuota = createRunQuota(options);
  const workflows = { engine: workflowEngine === undefined ? null : guardEngine(workflowEngine, within.observe), find: host.workflow, quota: runQuota, tracing };
  const refusals = createRefusals(options, auditRetentionSeconds, within.observe);
  const answerQuota = createAnswerQuota(options, idempotencyRetentionSeconds);
  const retention = { idempotencyRetentionSeconds, answerQuota, auditRetentionSeconds, refusals };
  const places = createPlaces(options, deadlines);
  const bulkLimits = { maxBulkIds, maxAsyncBulkIds, bulkConcurrency, breath, floor: new Floor(within.store), places };
  const patience = { deadlines, handlerTimeoutMs, newAbortController };
  const ports = { ...within, catalog, digest, timestamps: new Timestamps(), ...patience, ...retention, ...bulkLimits, workflows, timer };
  return {
    execute: (call) => execute(ports, call),
    bulk: (call) => bulk(ports, call),
    preview: (call) => preview(ports, call),
    bulkLimits: { maxBulkIds, maxAsyncBulkIds: workflows.engine === null ? null : maxAsyncBulkIds },
    breathe: () => breath.take(),
    audit: (identity, query = {}, asking = {}) => readAudit(ports, identity, query, asking),
    followAudit: (identity, query = {}, asking = {}) => followAudit(ports, identity, query, { asking, timer, clock, followers, watch: (added) => store.watchTrail(added) }),
    subjects: createSubjectReader(ports),
    workflows: createWorkflows(ports, followers),
    describe(key) {
      const action = catalog.find(key);
      return action === undefined ? undefined : describeAction(action, ports, idempotencyRetentionSeconds);
    },
    describeSubject(name) {
      const subject = catalog.subject(name);
      return subject === null ? undefined : describeSubject(subject, catalog.actions);
    },
    list: () => catalog.actions.map(summarizeAction),
  };
}

function createPlaces({ maxBulkIdsUnderWay = 50_000, bulkTurnTimeoutMs = 120_000 }: ActionsOptions, deadlines: Deadlines | null): BulkPlaces {
  const timeoutMs = checkWhole("bulkTurnTimeoutMs", bulkTurnTimeoutMs, DAY_MS);
  return new BulkPlaces(checkWhole("maxBulkIdsUnderWay", maxBulkIdsUnderWay, 100_000_000), deadlines?.of(timeoutMs) ?? null);
}

function createAnswerQuota({ clock, maxRememberedBytes = 4 * GIB }: ActionsOptions, retentionSeconds: number): Quota {
  const maxBytes = checkWhole("maxRememberedBytes", maxRememberedBytes, MAX_QUOTA_BYTES, MIN_QUOTA_BYTES);
  const sentence = "So much is remembered of this identity's calls with an Idempotency-Key that its quota is used up. Send fewer of them, or smaller ones";
  return new Quota({ maxBytes, periodMs: retentionSeconds * 1000, sentence }, clock);
}

function createRunQuota({ clock, maxRunBytes = GIB }: ActionsOptions): Quota {
  const maxBytes = checkWhole("maxRunBytes", maxRunBytes, MAX_QUOTA_BYTES, MIN_QUOTA_BYTES);
  const sentence = "The workflows that this identity has started have used up its quota. Start fewer of them, or smaller ones";
  return new Quota({ maxBytes, periodMs: 30 * DAY * 1000, sentence }, clock);
}

function createRefusals(options: ActionsOptions, auditRetentionSeconds: number | null, observe: Observe): Refusals {
  const seconds = options.refusalRetentionSeconds ?? Math.min(7 * DAY, auditRetentionSeconds ?? 7 * DAY);
  const retentionSeconds = checkWhole("refusalRetentionSeconds", seconds, 100 * YEAR);
  return new Refusals(retentionSeconds, checkWhole("maxRefusalsPerHour", options.maxRefusalsPerHour ?? 100, 1_000_000), observe);
}

const STORE_METHODS = ["read", "list", "commit", "trail", "durable"] as const;

/** Asks each port once, so that a wrong one is found when the application starts and not when somebody calls. */
function checkPorts({ catalog, store, clock, newId, observe, timer, digest, newAbortController, workflows, tracing }: ActionsOptions): void {
  requireTracing(tracing, ["execution", "commit", "step", "run"]);
  if (typeof catalog !== "object" || catalog === null || typeof catalog.workflow !== "function") throw new TypeError("catalog must be made by createCatalog()");
  // Errors, results and classes are known by what made them: a refusal of the other copy would be a server error here.
  if (!catalog.subjects.every(isSubjectClass)) throw new TypeError('catalog was made by another copy of actionport: npm ls actionport shows two, or one was required and one imported, where "type": "module" in package.json helps');
  if (typeof store !== "object" || store === null || !STORE_METHODS.every((name) => typeof store[name] === "function")) {
    throw new TypeError("store must be a RecordStore, which has read, list, commit, trail and durable: await openFileStore({ … }), or createMemoryStore({ clock })");
  }
  for (const [name, port] of Object.entries({ observe, timer, digest, newAbortController })) {
    if (port !== undefined && port !== null && typeof port !== "function") throw new TypeError(`${name} must be a function, not ${typeof port}`);
  }
  if (workflows !== undefined) requireMethods("workflows", workflows, ["engine"], "{ engine: embeddedWorkflows({ timer, random: Math.random }) }");
  if (typeof clock !== "function" || !Number.isFinite(clock())) throw new TypeError("clock must be a function that answers epoch milliseconds: Date.now");
  if (typeof newId !== "function" || typeof newId() !== "string") throw new TypeError("newId must be a function that answers a fresh ID: crypto.randomUUID");
}
