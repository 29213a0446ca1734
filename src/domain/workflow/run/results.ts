import type { Json } from "../../json.ts";
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

/** A page of a run's results in their order; `after` is what the page before has answered as `next`. */
export async function listResults(store: RecordStore, runId: string, { after, limit }: PageRequest): Promise<ResultPage> {
  const prefix = `${runId}/`;
  const page = await store.list(RESULTS, { after: prefix + (after ?? ""), limit: limit + 1 });
  const own = page.records.filter(({ id }) => id.startsWith(prefix));
  const shown = own.slice(0, limit);
  const results = shown.map(({ value }): Json => value["value"] ?? null);
  return { results, next: own.length > limit ? (shown.at(-1)?.id.slice(prefix.length) ?? null) : null };
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
