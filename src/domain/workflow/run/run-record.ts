import type { Identity } from "../../identity.ts";
import type { JsonObject } from "../../json.ts";
import type { StartedBy, WorkflowRun } from "../port.ts";
import { toStatus } from "../status.ts";

/** Where runs are kept, whatever engine they run on: one record for each, until a while after its end. */
export const RUNS = "actionport.workflow";

/** What is kept of a run under its ID. An engine may keep more beside it in the same record. */
export interface RunRecord extends Omit<WorkflowRun, "id"> {
  /** To which trace the run belongs, so that what it does after a restart still does. Absent: to none. */
  readonly traceparent?: string;
}

/** A run that begins. */
export function createRunRecord(run: Pick<RunRecord, "name" | "action" | "subject" | "startedBy"> & { readonly traceparent?: string | undefined }, at: string): RunRecord {
  const { name, action, subject, startedBy, traceparent } = run;
  const record = { name, action, subject, startedBy, status: "created", progress: null, createdAt: at, updatedAt: at, wakeAt: null } as const;
  return traceparent === undefined ? record : { ...record, traceparent };
}

/** What is kept of whoever starts a run. */
export function toStartedBy({ kind, issuer, id, name, permissions, clientId }: Identity): StartedBy {
  return { kind, issuer, id, name, permissions, ...(clientId === undefined ? {} : { clientId }) };
}

/** What is kept in a record, or undefined when it is no run. */
export function toRunRecord(value: JsonObject | undefined): RunRecord | undefined {
  return value !== undefined && isRunRecord(value) ? value : undefined;
}

/** Nobody but engines writes the collection: whatever has a status is what one of them has put. */
function isRunRecord(value: JsonObject | RunRecord): value is RunRecord {
  return toStatus(value.status) !== undefined && "startedBy" in value;
}

/** As the port tells of it. */
export function toRun(id: string, record: RunRecord): WorkflowRun {
  const { name, action, subject, startedBy, status, progress, createdAt, updatedAt, wakeAt, result, error } = record;
  const end = { ...(result === undefined ? {} : { result }), ...(error === undefined ? {} : { error }) };
  return { id, name, action, subject, startedBy, status, progress, createdAt, updatedAt, wakeAt, ...end };
}

/** IDs in the order of time: a UUID of version 7 (RFC 9562 section 5.7), made from a random one. */
export function toRunId(now: number, random: string): string {
  const time = now.toString(16).padStart(12, "0");
  const version = random[14] === "4" ? `7${random.slice(15)}` : random;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}`;
}
