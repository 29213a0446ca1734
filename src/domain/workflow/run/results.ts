import { textLength, type Json } from "../../json.ts";
import { FEW, nextCount, PAGE_LENGTH } from "../../page.ts";
import type { PageRequest, RecordPage, RecordStore, StoredRecord } from "../../ports.ts";
import type { ResultPage } from "../port.ts";

/** Where the answers of {@link Flow.each} are kept, whatever engine a run is on: one record for each index, as `value`. */
export const RESULTS = "actionport.workflow.result";

/** Digits of an index, so that the order of the IDs is that of the indexes. */
const DIGITS = 9;
const PAGE = 200;

/** One result. */
export interface IndexedResult {
  readonly index: number;
  readonly value: Json;
}

/**
 * The ID of a result's record. `call` counts a run's calls of each from 1. The results of the first have no name of
 * their own, since once there could be only one; those of all others come behind them.
 */
export function resultId(runId: string, call: number, index: number): string {
  return `${prefixOf(runId, call)}${toDigits(index)}`;
}

/** All results of one call. */
export async function readResults(store: RecordStore, runId: string, call: number): Promise<readonly IndexedResult[]> {
  const prefix = prefixOf(runId, call);
  const records = await readWhile(store, RESULTS, prefix, (id) => id.startsWith(prefix) && id.length === prefix.length + DIGITS);
  return records.map(({ id, value }) => ({ index: Number(id.slice(prefix.length)), value: value["value"] ?? null }));
}

/** A page of a run's results in their order, which ends early where they are large; `after` is what the page before has answered as `next`. */
export async function listResults(store: RecordStore, runId: string, { after: behind = "", limit }: PageRequest): Promise<ResultPage> {
  const prefix = `${runId}/`;
  const results: Json[] = [];
  let length = 0;
  for (let count = FEW, after = prefix + behind; ; count = nextCount(count, PAGE_LENGTH - length, length / Math.max(1, results.length))) {
    // One more than is wanted says whether there are more.
    const page: RecordPage = await store.list(RESULTS, { after, limit: Math.min(count, limit - results.length + 1) });
    for (const { id, value: { value = null } } of page.records) {
      if (!id.startsWith(prefix)) return { results, next: null };
      if (results.length === limit || length >= PAGE_LENGTH) return { results, next: after.slice(prefix.length) };
      results.push(value);
      length += textLength(value);
      after = id;
    }
    if (page.next === null) return { results, next: null };
  }
}

/** The records of a collection behind an ID, up to the first that does not belong to them. */
export async function readWhile(store: RecordStore, collection: string, after: string, belongs: (id: string) => boolean): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  for (let next: string | null = after; next !== null; ) {
    const page: RecordPage = await store.list(collection, { after: next, limit: PAGE });
    const own = page.records.filter(({ id }) => belongs(id));
    found.push(...own);
    next = own.length === page.records.length ? page.next : null;
  }
  return found;
}

function prefixOf(runId: string, call: number): string {
  return call === 1 ? `${runId}/` : `${runId}/each-${toDigits(call)}/`;
}

function toDigits(count: number): string {
  return String(count).padStart(DIGITS, "0");
}
