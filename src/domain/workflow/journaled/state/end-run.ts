import type { Json, JsonObject, PendingCommit, RunNews, WorkflowHost } from "../../../index.ts";
import { RUNS, toJsonObject, toRunId, type UnitOfWork } from "../../engine-parts.ts";
import { putNewState } from "./alarm.ts";
import { entryId, STEPS } from "./entry.ts";
import type { LeaseTerms } from "./lease.ts";
import { createRunState, fromRunState, OPEN_RUNS, type RunState } from "./run-state.ts";

/** How a run ends. */
export type RunEnd =
  | { readonly status: "completed"; readonly result: Json | undefined }
  | { readonly status: "failed" | "cancelled"; readonly error: string }
  | { readonly status: "continued"; readonly input: JsonObject };

/** The run that is to be ended. */
export interface EndingRun {
  readonly id: string;
  /** As the store has it. */
  readonly state: RunState;
  /** The keys of its journal, which goes with it. */
  readonly keys: readonly string[];
}

/** A run that was recorded. */
export interface NewRun {
  readonly id: string;
  readonly state: RunState;
}

/** What ends a run. */
export interface EndPorts {
  readonly host: WorkflowHost;
  readonly terms: LeaseTerms;
  readonly retentionMs: number;
  /** As {@link RunPorts} has it. */
  enlist?(commit: Pick<PendingCommit, "put">, id: string, why: "start" | "wake"): void;
}

/** Adds the end to the commit: what is left is the run's state, for as long as it is kept. Answers the run that goes on in its place. */
export async function endRun(ports: EndPorts, { id, state, keys }: EndingRun, end: RunEnd, unit: UnitOfWork): Promise<NewRun | null> {
  const { host, terms, retentionMs } = ports;
  const now = host.clock();
  const at = new Date(now).toISOString();
  const next = end.status === "continued" ? { id: toRunId(now, host.newId()), state: createRunState(state, terms, now) } : null;
  const ended: RunState = { ...state, status: end.status, updatedAt: at, wakeAt: null, lease: null, alarmAt: null, inbox: [], ...outcomeOf(end, next) };
  unit.put(RUNS, id, fromRunState(ended), now + retentionMs);
  await unit.get(OPEN_RUNS, id);
  unit.delete(OPEN_RUNS, id);
  await unit.getMany(STEPS, keys.map((key) => entryId(id, key)));
  for (const key of keys) unit.delete(STEPS, entryId(id, key));
  if (next !== null && end.status === "continued") addRun(ports, unit, next, end.input);
  return next;
}

/** Tells whoever follows runs that one has ended, and that another goes on in its place. */
export function tellOfEnd({ tracing }: WorkflowHost, news: RunNews, next: NewRun | null): void {
  tracing.run?.(news);
  if (next !== null) tracing.run?.({ ...news, workflowId: next.id, status: "started" });
}

/** Adds a run that begins to a commit. */
export function addRun({ terms, enlist }: Pick<EndPorts, "terms" | "enlist">, commit: Pick<PendingCommit, "put">, { id, state }: NewRun, input: JsonObject): void {
  putNewState(terms, commit, id, state);
  commit.put(OPEN_RUNS, id, toJsonObject({ input }));
  enlist?.(commit, id, "start");
}

function outcomeOf(end: RunEnd, next: NewRun | null): { readonly result?: Json; readonly error?: string } {
  if (next !== null) return { result: { workflow_id: next.id } };
  if (end.status === "completed") return end.result === undefined ? {} : { result: end.result };
  return end.status === "continued" ? {} : { error: end.error };
}
