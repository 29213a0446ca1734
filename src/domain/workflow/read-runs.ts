import { identityKey } from "../identity.ts";
import type { RecordPage, RecordStore } from "../ports.ts";
import type { RunPage, RunQuery, WorkflowRun } from "./port.ts";
import { RUNS, toRun, toRunRecord, type RunRecord } from "./run-record.ts";

/** Does a run of this ID wait for its turn to begin? */
export type IsPending = (id: string) => boolean;

/** How many runs one call looks at; a page may be short of its limit for it, and `next` then goes on. */
const MAX_SCANNED = 10_000;
const SCAN_PAGE = 500;

/** The run as it stands in the store. */
export async function findRun(store: RecordStore, id: string, isPending: IsPending): Promise<WorkflowRun | undefined> {
  const [record] = await store.read(RUNS, [id]);
  const kept = toRunRecord(record?.value);
  return kept === undefined ? undefined : show(id, kept, isPending);
}

/** A page of runs, newest first. */
export async function listRuns(store: RecordStore, query: RunQuery, isPending: IsPending): Promise<RunPage> {
  const runs: WorkflowRun[] = [];
  let after = query.after;
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += SCAN_PAGE) {
    const page: RecordPage = await store.list(RUNS, { limit: SCAN_PAGE, order: "descending", ...(after === undefined ? {} : { after }) });
    for (const [index, { id, value }] of page.records.entries()) {
      const kept = toRunRecord(value);
      if (kept === undefined || (query.startedBy !== undefined && identityKey(kept.startedBy) !== query.startedBy)) continue;
      const found = show(id, kept, isPending);
      if (query.status !== undefined && found.status !== query.status) continue;
      runs.push(found);
      const isLast = page.next === null && index === page.records.length - 1;
      if (runs.length === query.limit) return { runs, next: isLast ? null : id };
    }
    if (page.next === null) return { runs, next: null };
    after = page.next;
  }
  return { runs, next: after ?? null };
}

function show(id: string, record: RunRecord, isPending: IsPending): WorkflowRun {
  const run = toRun(id, record);
  return run.status === "created" && isPending(id) ? { ...run, status: "pending" } : run;
}
