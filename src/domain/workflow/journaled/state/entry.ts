import type { Json, JsonObject, RecordStore } from "../../../index.ts";
import { readWhile, toJsonObject, type Command, type StepFailure } from "../../engine-parts.ts";

/** The journals: one record for each command that was answered, waits or has failed; deleted with the run's end. */
export const STEPS = "actionport.workflow.step";

/** What is known of one command of the workflow's code. */
export interface Entry {
  /** The entry's key begins with it. */
  readonly kind: Command["kind"];
  /** The order in which the commands were answered; null: not yet. */
  readonly order: number | null;
  readonly failures: number;
  /** When it is due, or is tried again: epoch milliseconds; null: never by itself. */
  readonly at: number | null;
  readonly value?: Json;
  readonly failure?: StepFailure;
}

/** An entry under the key of its command. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: Entry;
}

/** Answered with this. */
export function answered(kind: Entry["kind"], order: number, failures: number, value: Json | undefined): Entry {
  return { kind, order, failures, at: null, ...(value === undefined ? {} : { value }) };
}

/** The ID of an entry's record. */
export function entryId(runId: string, key: string): string {
  return `${runId}/${key}`;
}

export function fromEntry(entry: Entry): JsonObject {
  return toJsonObject(entry, "a journal's entry");
}

/** Reads a run's whole journal. */
export async function readEntries(store: RecordStore, runId: string): Promise<readonly KeyedEntry[]> {
  const prefix = entryId(runId, "");
  const records = await readWhile(store, STEPS, prefix, (id) => id.startsWith(prefix));
  return records.flatMap(({ id, value }) => (isEntry(value) ? [{ key: id.slice(prefix.length), entry: value }] : []));
}

/** Nobody but this engine writes the collection. */
function isEntry(value: JsonObject | Entry): value is Entry {
  return typeof value.kind === "string" && "failures" in value;
}
