import type { Json } from "../../domain/json.ts";
import type { RecordPage, RecordStore } from "../../domain/ports.ts";
import type { ResultPage, RunPage, RunQuery, WorkflowRun } from "../../domain/workflow/port.ts";
import { starterKey } from "../../domain/workflow/starter.ts";
import { RESULTS, RUNS, toRun, toRunState, type RunState } from "./run-record.ts";

/** Does a run of this ID wait for its turn in this process? */
export type IsPending = (id: string) => boolean;

/** How many runs one call looks at; a page may be short of its limit for it, and `next` then goes on. */
const MAX_SCANNED = 10_000;
const SCAN_PAGE = 500;

export async function findRun(store: RecordStore, id: string, isPending: IsPending): Promise<WorkflowRun | undefined> {
  const [record] = await store.read(RUNS, [id]);
  const state = toRunState(record?.value);
  return state === undefined ? undefined : shown(id, state, isPending);
}

/** Newest first. */
export async function listRuns(store: RecordStore, query: RunQuery, isPending: IsPending): Promise<RunPage> {
  const runs: WorkflowRun[] = [];
  let after = query.after;
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += SCAN_PAGE) {
    const page: RecordPage = await store.list(RUNS, { limit: SCAN_PAGE, order: "descending", ...(after === undefined ? {} : { after }) });
    for (const [index, { id, value }] of page.records.entries()) {
      const state = toRunState(value);
      if (state === undefined || (query.startedBy !== undefined && starterKey(state.startedBy) !== query.startedBy)) continue;
      const found = shown(id, state, isPending);
      if (query.status !== undefined && found.status !== query.status) continue;
      runs.push(found);
      const last = page.next === null && index === page.records.length - 1;
      if (runs.length === query.limit) return { runs, next: last ? null : id };
    }
    if (page.next === null) return { runs, next: null };
    after = page.next;
  }
  return { runs, next: after ?? null };
}

/** In the order of their indexes; `after` is the number of the last one seen. */
export async function listResults(store: RecordStore, runId: string, { after, limit }: { readonly after?: string; readonly limit: number }): Promise<ResultPage> {
  const prefix = `${runId}/`;
  const page = await store.list(RESULTS, { after: prefix + (after ?? ""), limit: limit + 1 });
  const own = page.records.filter(({ id }) => id.startsWith(prefix));
  const shownNow = own.slice(0, limit);
  const results = shownNow.map(({ value }): Json => value["value"] ?? null);
  return { results, next: own.length > limit ? (shownNow.at(-1)?.id.slice(prefix.length) ?? null) : null };
}

function shown(id: string, state: RunState, isPending: IsPending): WorkflowRun {
  const found = toRun(id, state);
  return found.status === "created" && isPending(id) ? { ...found, status: "pending" } : found;
}
