import type { Action } from "./action.ts";
import { attempt, type AttemptPorts, type Execution } from "./attempt.ts";
import type { Catalog } from "./catalog.ts";
import { StoreUnavailable } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { failed, isSuccess, type Failed, type Outcome } from "./outcome.ts";
import type { Clock, NewId, Observe } from "./ports.ts";
import type { Steps } from "./steps.ts";
import { transact, type Transactions } from "./transact.ts";
import { fromStore, recordKey, type UnitOfWork } from "./unit-of-work.ts";

/** What every call has. */
export interface Call {
  readonly key: string;
  readonly identity: Identity;
  /** Joins what is observed to the request that caused it. */
  readonly requestId?: string;
}

/** One execution that somebody asks for. */
export interface ExecuteCall extends Call {
  /** The subject's ID, as it came. Absent: the call names none. */
  readonly subject?: string;
  /** The parameters, unchecked. Default: none. */
  readonly params?: unknown;
}

/** What executions run on. */
export interface Engine extends Transactions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly observe: Observe;
}

/** One execution: runs the action and commits what it changed, or says why not. */
export function* execute(engine: Engine, call: ExecuteCall): Steps<Outcome> {
  const action = engine.catalog.find(call.key);
  if (action === undefined) return failed("unknown_action");
  const located = locate(action, call.subject);
  if ("kind" in located) return located;
  const execution: Execution = { action, id: located.id, params: call.params ?? {}, identity: call.identity };
  return yield* answering(engine, call, perform(engine, call, execution));
}

/** What a batch knows before its items run. */
export interface Prefilled {
  /** Puts what is known into a unit of work that has read nothing yet. */
  fill(unit: UnitOfWork): void;
  /** Drops what is known of the records that this unit changed. */
  forget(unit: UnitOfWork): void;
}

/** An execution in a transaction of its own. The first try may use what is known already; later ones read afresh. */
export function* perform(engine: Engine, call: Call, execution: Execution, known?: Prefilled): Steps<Outcome> {
  const done = yield* transact(engine, turnKeys(execution), function* (unit, round) {
    if (round === 0) known?.fill(unit);
    const value = yield* attempt(execution, unit, attemptPorts(engine, call));
    known?.forget(unit);
    return { value, keep: isSuccess(value) };
  });
  return done === null ? failed("conflict") : done.value;
}

/** Waits until what was seen is safe, and turns a store that is out of order into `unavailable`. */
export function* answering<T>(engine: Engine, call: Call, steps: Steps<T>): Steps<T | Failed> {
  try {
    const answer = yield* steps;
    yield* fromStore(() => engine.store.durable());
    return answer;
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
    subjectClass: (name) => engine.catalog.subject(name),
    report: (error) => report(engine, call, "internal_error", error),
  };
}

/** Which records an execution takes turns for from the start: its subject, if it may change it. */
export function turnKeys({ action, id }: Execution): readonly string[] {
  return action.subject === null || id === null || action.effect === "read" ? [] : [recordKey(action.subject.class, id)];
}

/** Whether a subject belongs into the call, and which one is meant. */
function locate(action: Action, subject: string | undefined): { readonly id: string | null } | Failed {
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
