import type { JsonObject } from "../../../index.ts";
import { createRunRecord, toJsonObject, toRunRecord, type RunRecord } from "../../engine-parts.ts";
import { takeLease, type Lease, type LeaseTerms } from "./lease.ts";

/** What the runs that have not ended were started with; what is not in here is never looked at again. */
export const OPEN_RUNS = "actionport.workflow.open";

/** A signal that nobody has waited for yet. */
export interface Signal {
  /** Counts the run's signals from 1. */
  readonly number: number;
  readonly name: string;
  readonly value: JsonObject;
}

/** A run as this engine keeps it: what is kept of any run, and what this engine works with. */
export interface RunState extends RunRecord {
  readonly lease: Lease | null;
  /** When any process may take the run up that finds it: the end of the lease, or when it is to be woken. Null: only a signal moves it. */
  readonly alarmAt: number | null;
  /** Rises whenever the run is taken, or has another alarm: what was read of it at a lower one is out of date. */
  readonly epoch: number;
  /** Why it is to be cancelled; null: it is not. */
  readonly cancelled: string | null;
  readonly inbox: readonly Signal[];
  /** How many signals it has got. */
  readonly signals: number;
}

/** A run that begins, or that goes on for one that is at its end. Where processes find runs by themselves it is left to the one that has started it for a while. */
export function createRunState(run: Parameters<typeof createRunRecord>[0], terms: LeaseTerms, now: number): RunState {
  const lease = terms.hasAlarms ? takeLease(terms, now) : null;
  const record = createRunRecord(run, new Date(now).toISOString());
  return { ...record, lease, alarmAt: lease?.until ?? null, epoch: 1, cancelled: null, inbox: [], signals: 0 };
}

/** The state in a stored record, or undefined when it is none. */
export function toRunState(value: JsonObject | undefined): RunState | undefined {
  const record = toRunRecord(value);
  if (record === undefined || !isRunState(record)) return undefined;
  // What an earlier release has kept has no alarm.
  return Number.isInteger(record.epoch) ? record : { ...record, alarmAt: null, epoch: 0 };
}

/** What no other engine has put is what {@link fromRunState} made. */
function isRunState(record: RunRecord): record is RunState {
  return "inbox" in record && "lease" in record;
}

export function fromRunState(state: RunState): JsonObject {
  return toJsonObject(state, "a workflow's state");
}
