import type { Identity } from "../../domain/identity.ts";
import { toJsonObject, type Json, type JsonObject } from "../../domain/json.ts";
import type { SubjectReference } from "../../domain/ports.ts";
import type { StartedBy, WorkflowProgress, WorkflowRun, WorkflowStart } from "../../domain/workflow/port.ts";
import { toStatus, type WorkflowStatus } from "../../domain/workflow/status.ts";

/** What changes of a run: one record for each, kept for a while after its end. */
export const RUNS = "actionport.workflow";
/** What the runs that have not ended were started with; what is not in here is never looked at again. */
export const OPEN_RUNS = "actionport.workflow.open";
/** The journals: one record for each step that has ended or failed, deleted with the run's end. */
export const STEPS = "actionport.workflow.step";
/** What {@link Flow.each} was answered: one record for each index. */
export const RESULTS = "actionport.workflow.result";

/** A signal that nobody has waited for yet. */
export interface Letter {
  /** Counts the run's signals from 1. */
  readonly number: number;
  readonly name: string;
  readonly value: JsonObject;
}

/** Which process works on a run, and until when nobody else may. */
export interface Lease {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** A run as it stands in the store. */
export interface RunState {
  readonly name: string;
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly startedBy: StartedBy;
  readonly status: WorkflowStatus;
  readonly progress: WorkflowProgress | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly wakeAt: number | null;
  readonly lease: Lease | null;
  /** Why it is to be cancelled; null: it is not. */
  readonly cancelled: string | null;
  readonly inbox: readonly Letter[];
  readonly signals: number;
  readonly result?: Json;
  readonly error?: string;
}

/** A run that starts now. */
export function toNewRun(start: WorkflowStart, now: string): RunState {
  const { name, action, subject, identity } = start;
  return { name, action, subject, startedBy: toStartedBy(identity), ...UNTOUCHED, createdAt: now, updatedAt: now };
}

/** A run that goes on for one that is at its end. */
export function toNextRun({ name, action, subject, startedBy }: RunState, now: string): RunState {
  return { name, action, subject, startedBy, ...UNTOUCHED, createdAt: now, updatedAt: now };
}

const UNTOUCHED = { status: "created", progress: null, wakeAt: null, lease: null, cancelled: null, inbox: [], signals: 0 } as const;

function toStartedBy({ kind, issuer, id, name, permissions }: Identity): StartedBy {
  return { kind, issuer, id, name, permissions };
}

/** The state in a stored record, or undefined when it is none. */
export function toRunState(value: JsonObject | undefined): RunState | undefined {
  return value !== undefined && isRunState(value) ? value : undefined;
}

/** Nobody but this engine writes the collection: whatever has a status is what {@link fromRunState} made. */
function isRunState(value: JsonObject | RunState): value is RunState {
  return toStatus(value.status) !== undefined && "startedBy" in value;
}

export function fromRunState(state: RunState): JsonObject {
  return toJsonObject(state, "a workflow's state");
}

/** As the port tells of it. */
export function toRun(id: string, state: RunState): WorkflowRun {
  const { name, action, subject, startedBy, status, progress, createdAt, updatedAt, wakeAt, result, error } = state;
  const end = { ...(result === undefined ? {} : { result }), ...(error === undefined ? {} : { error }) };
  return { id, name, action, subject, startedBy, status, progress, createdAt, updatedAt, wakeAt, ...end };
}

/** IDs in the order of time: a UUID of version 7 (RFC 9562 section 5.7), made from a random one. */
export function toRunId(now: number, random: string): string {
  const time = now.toString(16).padStart(12, "0");
  const version = random[14] === "4" ? `7${random.slice(15)}` : random;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}`;
}
