import { identityKey } from "../../identity.ts";
import { textLength } from "../../json.ts";
import { isPromiseLike } from "../../maybe-promise.ts";
import { FEW, nextCount, PAGE_LENGTH } from "../../page.ts";
import type { RecordPage, RecordStore, StoredRecord } from "../../ports.ts";
import type { WorkflowHost } from "../host.ts";
import type { RunPage, RunQuery, WorkflowRun } from "../port.ts";
import { RUNS, toRun, toRunRecord } from "./run-record.ts";

/** Does a run of this ID wait for its turn to begin? */
export type IsPending = (id: string) => boolean;

/** How many runs one call looks at; a page may be short of its limit for it, and `next` then goes on. */
const MAX_SCANNED = 10_000;
/** At once, as far as they are not large. */
const SCAN_PAGE = 500;

/** The run as it stands in the store. */
export async function findRun(store: RecordStore, id: string, isPending: IsPending): Promise<WorkflowRun | undefined> {
  const [record] = await store.read(RUNS, [id]);
  return record === undefined ? undefined : show(record, isPending);
}

/** A page of runs, newest first, which ends early where what they came to is large. Others have their turn between the runs that it looks at. */
export async function listRuns({ store, breathe }: Pick<WorkflowHost, "store" | "breathe">, query: RunQuery, isPending: IsPending): Promise<RunPage> {
  const runs: WorkflowRun[] = [];
  let after = query.after;
  let length = 0;
  for (let scanned = 0, count = FEW; scanned < MAX_SCANNED; ) {
    const pausing = breathe?.();
    if (isPromiseLike(pausing)) await pausing;
    const limit = Math.min(count, SCAN_PAGE, MAX_SCANNED - scanned);
    const page: RecordPage = await store.list(RUNS, { limit, order: "descending", ...(after === undefined ? {} : { after }) });
    let read = 0;
    for (const record of page.records) {
      const size = textLength(record.value);
      read += size;
      const run = show(record, isPending);
      if (run === undefined || !isAskedFor(run, query)) continue;
      runs.push(run);
      length += size;
      const isLast = page.next === null && record === page.records.at(-1);
      if (runs.length === query.limit || length >= PAGE_LENGTH) return { runs, next: isLast ? null : run.id };
    }
    if (page.next === null) return { runs, next: null };
    after = page.next;
    // A page may have fewer than it could, and even none.
    scanned += limit;
    count = nextCount(count, PAGE_LENGTH, Math.max(1, read) / limit);
  }
  return { runs, next: after ?? null };
}

function isAskedFor(run: WorkflowRun, { startedBy, status }: RunQuery): boolean {
  return (startedBy === undefined || identityKey(run.startedBy) === startedBy) && (status === undefined || run.status === status);
}

function show({ id, value }: StoredRecord, isPending: IsPending): WorkflowRun | undefined {
  const record = toRunRecord(value);
  if (record === undefined) return undefined;
  const run = toRun(id, record);
  return run.status === "created" && isPending(id) ? { ...run, status: "pending" } : run;
}
