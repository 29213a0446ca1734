import type { Action } from "../catalog/action.ts";
import { attempt, type AttemptPorts, type Execution } from "./attempt.ts";
import { recordAudit, type AuditUnits } from "../audit/entry.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { StoreUnavailable } from "../errors.ts";
import { fingerprintOf, rememberUnder, type Remembered } from "./idempotency.ts";
import type { Identity } from "../identity.ts";
import { failed, isSuccess, type Failed, type Outcome } from "./outcome.ts";
import type { Clock, NewId, Observe } from "../ports.ts";
import { settle, type Steps } from "../steps.ts";
import { transact, type Transactions } from "./transact.ts";
import { fromStore, recordKey, type UnitOfWork } from "./unit-of-work.ts";
import type { WorkflowStarter } from "../workflow/start.ts";

/** What every call has. */
export interface Call {
  readonly key: string;
  readonly identity: Identity;
  /** Joins what is observed and audited to the request that caused it. */
  readonly requestId?: string | undefined;
  /** With it a repeat of the call gets the same answer and nothing runs. 1 to 255 printable ASCII characters; belongs to the identity. */
  readonly idempotencyKey?: string | undefined;
}

/** One execution that somebody asks for. */
export interface ExecuteCall extends Call {
  /** The subject's ID, as it came. Absent: the call names none. */
  readonly subject?: string | undefined;
  /** The parameters, unchecked. Default: none. */
  readonly params?: unknown;
}

/** What executions run on. */
export interface Engine extends Transactions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly observe: Observe;
  readonly workflows: WorkflowStarter;
  readonly idempotencyRetentionSeconds: number;
  /** Null: nothing is audited. */
  readonly auditRetentionSeconds: number | null;
  /** A fresh ID for an audit entry, greater than those before. */
  readonly newEntryId: NewId;
}

/** One execution: runs the action and commits what it changed, or says why not. */
export function* execute(engine: Engine, call: ExecuteCall): Steps<Outcome> {
  const action = engine.catalog.find(call.key);
  if (action === undefined) return failed("unknown_action");
  const located = locate(action, call.subject);
  if ("kind" in located) return located;
  const execution: Execution = { action, id: located.id, params: call.params ?? {}, identity: call.identity };
  return yield* answering(engine, call, once(engine, call, execution));
}

/** With an idempotency key the call waits for an earlier one of the same key, and may find its answer. */
function once(engine: Engine, call: ExecuteCall, execution: Execution): Steps<Outcome> {
  const { identity, key, subject, params, idempotencyKey } = call;
  if (idempotencyKey === undefined) return perform(engine, call, execution);
  const fingerprint = fingerprintOf({ key, subject, params: params ?? {} });
  const remembered = rememberUnder(identity, idempotencyKey, fingerprint, engine.idempotencyRetentionSeconds);
  return inTurn(engine, remembered.turnKey, perform(engine, call, execution, { remembered }));
}

/** Holds one turn while the steps run. */
export function* inTurn<T>(engine: Engine, turnKey: string, steps: Steps<T>): Steps<T> {
  const held = yield* settle(engine.turns.take([turnKey]));
  try {
    return yield* steps;
  } finally {
    held.release();
  }
}

/** What a batch knows before its items run. */
export interface Prefilled {
  /** Puts what is known into a unit of work that has read nothing yet. */
  fill(unit: UnitOfWork): void;
  /** Drops what is known of the records that this unit changed. */
  forget(unit: UnitOfWork): void;
}

/** What may surround an execution. */
export interface Surroundings {
  readonly known?: Prefilled;
  readonly remembered?: Remembered;
}

/**
 * An execution in a transaction of its own, together with its audit entry and its remembered
 * answer. The first try may use what is known already; later ones read afresh.
 */
export function* perform(engine: Engine, call: Call, execution: Execution, { known, remembered }: Surroundings = {}): Steps<Outcome> {
  const done = yield* transact(engine, turnKeys(execution), function* (unit, round) {
    const earlier = remembered === undefined ? null : yield* remembered.find(unit);
    if (earlier !== null) return { value: earlier, keep: false };
    if (round === 0) known?.fill(unit);
    const value = yield* attemptOnTop(engine, call, execution, unit);
    known?.forget(unit);
    remembered?.keep(unit, value, engine.clock());
    return { value, keep: true };
  });
  return done === null ? failed("conflict") : done.value;
}

/** An attempt whose changes and audit entry join the unit of work when it succeeds; else the entry alone, where refusals are kept. */
export function* attemptOnTop(engine: Engine, call: Call, execution: Execution, unit: UnitOfWork, refusals: UnitOfWork = unit): Steps<Outcome> {
  const fork = unit.fork();
  const ports = attemptPorts(engine, call);
  const outcome = yield* attempt(execution, fork, ports);
  fork.seal();
  const good = isSuccess(outcome);
  try {
    audit(engine, call, execution, outcome, { into: good ? unit : refusals, changed: good ? fork : null }, ports.now);
  } catch (error) {
    // What is not audited is not done: a title that throws, say, of a subject that the handler changed.
    report(engine, call, "internal_error", error);
    return failed("internal_error");
  }
  if (good) fork.merge();
  return outcome;
}

function audit(engine: Engine, { requestId }: Call, execution: Execution, outcome: Outcome, units: Omit<AuditUnits, "catalog">, now: number): void {
  const { auditRetentionSeconds: retentionSeconds, catalog } = engine;
  if (retentionSeconds === null) return;
  const context = { now, entryId: engine.newEntryId(), retentionSeconds, ...(requestId === undefined ? {} : { requestId }) };
  recordAudit({ ...units, catalog }, execution, outcome, context);
}

/** Waits until what was seen is safe, and turns a store that is out of order into `unavailable`. */
export function answering<T>(engine: Engine, call: Call, steps: Steps<T>): Steps<T | Failed> {
  return orUnavailable(engine, call, whenSafe(engine, steps));
}

/** The answer of the steps, once everything that they saw survives a crash. */
export function* whenSafe<T>(engine: Engine, steps: Steps<T>): Steps<T> {
  const answer = yield* steps;
  yield* fromStore(() => engine.store.durable());
  return answer;
}

/** Turns a store that is out of order into `unavailable`. */
export function* orUnavailable<T>(engine: Engine, call: Call, steps: Steps<T>): Steps<T | Failed> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    report(engine, call, "store_unavailable", error.cause);
    return failed("unavailable");
  }
}

/** The ports of an attempt that starts now. */
export function attemptPorts(engine: Engine, call: Call): AttemptPorts {
  return {
    newId: engine.newId,
    now: engine.clock(),
    workflows: engine.workflows,
    subjectClass(name) {
      return engine.catalog.subject(name);
    },
    report(error) {
      report(engine, call, "internal_error", error);
    },
  };
}

/** Which records an execution takes turns for from the start: its subject, if it may change it. */
export function turnKeys({ action, id }: Execution): readonly string[] {
  return action.subject === null || id === null || action.effect === "read" ? [] : [recordKey(action.subject.class, id)];
}

/** Whether a subject belongs into the call, and which one is meant. */
export function locate(action: Action, subject: string | undefined): { readonly id: string | null } | Failed {
  if (action.subject === null) return subject === undefined ? { id: null } : failed("subject_not_accepted");
  if (subject === undefined) return failed("subject_required");
  const id = action.subject.id.parse(subject);
  return id === undefined ? failed("subject_not_found") : { id: String(id) };
}

function report(engine: Engine, call: Call, event: string, error: unknown): void {
  try {
    engine.observe({ event, action: call.key, error, ...(call.requestId === undefined ? {} : { requestId: call.requestId }) });
  } catch {
    // Observing may never fail the call.
  }
}
