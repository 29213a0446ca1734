import type { PendingCommit } from "../../../index.ts";
import { RUNS } from "../../engine-parts.ts";
import type { LeaseTerms } from "./lease.ts";
import { fromRunState, type RunState } from "./run-state.ts";

/**
 * When runs are to be taken up by whoever finds them: one record for each time that a run was given, its ID beginning with the time,
 * so that those which are due stand first. Nobody reads one to take it back: what is out of date is deleted when it is due.
 */
export const ALARMS = "actionport.workflow.alarm";

/** Digits of a time, so that the order of the IDs is that of the times. */
const DIGITS = 15;

/** An alarm, as its ID tells of it. */
export interface Alarm {
  readonly at: number;
  readonly runId: string;
}

/** The ID of the alarm that a run has; null: it has none. */
export function alarmIdOf(runId: string, { alarmAt, epoch }: Pick<RunState, "alarmAt" | "epoch">): string | null {
  return alarmAt === null ? null : `${String(alarmAt).padStart(DIGITS, "0")}/${runId}/${epoch}`;
}

/** What the ID of an alarm says. */
export function toAlarm(id: string): Alarm {
  const [at = "", runId = ""] = id.split("/");
  return { at: Number(at), runId };
}

/** Adds a run that begins to a commit, with its alarm. */
export function putNewState(terms: LeaseTerms, commit: Pick<PendingCommit, "put">, id: string, state: RunState): void {
  commit.put(RUNS, id, fromRunState(state));
  putAlarm(terms, commit, id, state);
}

/** Adds what a run has become to a commit, with an alarm when it was taken or has another time. Answers it as it is then. */
export function putState(terms: LeaseTerms, commit: Pick<PendingCommit, "put">, id: string, before: RunState, next: RunState): RunState {
  const isSame = before.alarmAt === next.alarmAt && before.lease?.owner === next.lease?.owner;
  const state = isSame ? next : { ...next, epoch: before.epoch + 1 };
  commit.put(RUNS, id, fromRunState(state));
  if (!isSame) putAlarm(terms, commit, id, state);
  return state;
}

function putAlarm({ hasAlarms }: LeaseTerms, commit: Pick<PendingCommit, "put">, id: string, state: RunState): void {
  const alarm = hasAlarms ? alarmIdOf(id, state) : null;
  if (alarm !== null) commit.put(ALARMS, alarm, {});
}
