import { toJsonObject, type Json, type JsonObject } from "../../domain/json.ts";
import type { UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import type { WorkflowHost } from "../../domain/workflow/host.ts";
import type { PendingCommit } from "../../domain/workflow/port.ts";
import { stepId } from "./journal.ts";
import { fromRunState, OPEN_RUNS, RUNS, STEPS, toNextRun, toRunId, type RunState } from "./run-record.ts";

/** How a run ends. */
export type RunEnd =
  | { readonly status: "completed"; readonly result: Json | undefined }
  | { readonly status: "failed" | "cancelled"; readonly error: string }
  | { readonly status: "continued"; readonly input: JsonObject };

/** What is to be ended. */
export interface Ending {
  readonly host: WorkflowHost;
  readonly retentionMs: number;
  readonly id: string;
  readonly progress: RunState["progress"];
  /** The journal's keys; it goes with the run. */
  readonly keys: readonly string[];
  /** The state as the store has it; throws when the run is not to be ended by this process. */
  readonly readFresh: (unit: UnitOfWork) => Promise<RunState>;
}

/** The run that goes on in its place. */
export interface NextRun {
  readonly id: string;
  readonly state: RunState;
}

/** Adds the end to the commit: what is left is the run's state, for as long as it is kept. */
export async function endRun({ host, retentionMs, id, progress, keys, readFresh }: Ending, end: RunEnd, unit: UnitOfWork): Promise<{ readonly started: NextRun | null }> {
  const fresh = await readFresh(unit);
  const now = host.clock();
  const at = new Date(now).toISOString();
  const { wakeAt: _wakeAt, lease: _lease, inbox: _inbox, ...rest } = fresh;
  const next = end.status === "continued" ? { id: toRunId(now, host.newId()), state: toNextRun(fresh, at) } : null;
  const state: RunState = { ...rest, progress, status: end.status, updatedAt: at, wakeAt: null, lease: null, inbox: [], ...outcomeOf(end, next) };
  unit.put(RUNS, id, fromRunState(state), now + retentionMs);
  await unit.get(OPEN_RUNS, id);
  unit.delete(OPEN_RUNS, id);
  await unit.getMany(STEPS, keys.map((key) => stepId(id, key)));
  for (const key of keys) unit.delete(STEPS, stepId(id, key));
  if (next !== null && end.status === "continued") addRun(unit, next.id, next.state, end.input);
  return { started: next };
}

/** Adds a run that begins to a commit. */
export function addRun(commit: Pick<PendingCommit, "put">, id: string, state: RunState, input: JsonObject): void {
  commit.put(RUNS, id, fromRunState(state));
  commit.put(OPEN_RUNS, id, toJsonObject({ input }));
}

function outcomeOf(end: RunEnd, next: NextRun | null): { readonly result?: Json; readonly error?: string } {
  if (next !== null) return { result: { workflow_id: next.id } };
  if (end.status === "completed") return end.result === undefined ? {} : { result: end.result };
  return end.status === "continued" ? {} : { error: end.error };
}
