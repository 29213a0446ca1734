import { ActionError } from "../../domain/errors.ts";
import { toJson, toJsonObject, type Json, type JsonObject } from "../../domain/json.ts";
import type { RecordPage, RecordStore, StoredRecord } from "../../domain/ports.ts";
import { STEPS } from "./run-record.ts";

/** What a journal's entry is of; its key begins with it. */
export type EntryKind = "step" | "timer" | "signal" | "each" | "undo";

/** Why a step failed, without its stack. */
export interface StepFailure {
  readonly message: string;
  /** It was an ActionError. */
  readonly refused: boolean;
  readonly code?: string;
  readonly details?: Json;
}

/** What is known of one call of the workflow's code. */
export interface Entry {
  readonly kind: EntryKind;
  /** The order in which the calls were answered; null: not yet. */
  readonly order: number | null;
  readonly failures: number;
  /** When it is due, or is tried again: epoch milliseconds; null: never by itself. */
  readonly at: number | null;
  readonly value?: Json;
  readonly failure?: StepFailure;
}

/** An entry under its key: kind, name and which call of that name it was. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: Entry;
}

/** Answered with this. */
export function answered(kind: EntryKind, order: number, failures: number, value: Json | undefined): Entry {
  return { kind, order, failures, at: null, ...(value === undefined ? {} : { value }) };
}

/** The ID of an entry's record. */
export function stepId(runId: string, key: string): string {
  return `${runId}/${key}`;
}

export function fromEntry(entry: Entry): JsonObject {
  return toJsonObject(entry, "a journal's entry");
}

const PAGE = 200;

/** Reads a run's whole journal. */
export async function readJournal(store: RecordStore, runId: string): Promise<readonly KeyedEntry[]> {
  const entries: KeyedEntry[] = [];
  for (const { id, value } of await readUnder(store, STEPS, runId)) {
    if (isEntry(value)) entries.push({ key: id.slice(runId.length + 1), entry: value });
  }
  return entries;
}

/** All records of a collection that belong to a run. */
export async function readUnder(store: RecordStore, collection: string, runId: string): Promise<readonly StoredRecord[]> {
  const prefix = `${runId}/`;
  const found: StoredRecord[] = [];
  for (let after: string | null = prefix; after !== null; ) {
    const from: string = after;
    const page: RecordPage = await store.list(collection, { after: from, limit: PAGE });
    const own = page.records.filter(({ id }) => id.startsWith(prefix));
    found.push(...own);
    after = own.length === page.records.length ? page.next : null;
  }
  return found;
}

/** Nobody but this engine writes the collection. */
function isEntry(value: JsonObject | Entry): value is Entry {
  return typeof value.kind === "string" && "failures" in value;
}

/** What is kept of an error: what it says, never where. */
export function toFailure(error: unknown): StepFailure {
  if (!(error instanceof ActionError)) return { message: error instanceof Error ? error.message : String(error), refused: false };
  const { message, code, details } = error;
  return { message, refused: true, ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) };
}

/** The error as the workflow's code gets it, the first time and after a restart. */
export function toError({ message, refused, code, details }: StepFailure): Error {
  if (!refused) return new StepFailed(message);
  return new ActionError(message, { ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) });
}

/** What a step answered, as JSON; undefined for nothing. */
export function toValue(result: unknown, name: string): Json | undefined {
  return result === undefined ? undefined : toJson(result, `what "${name}" answered`);
}

/** A step failed for good; says what its last error said. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}
