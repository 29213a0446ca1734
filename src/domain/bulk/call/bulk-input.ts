import type { Breath } from "../../execution/time/breath.ts";
import type { FieldErrors } from "../../errors.ts";
import { isObject } from "../../json.ts";
import type { Action } from "../../catalog/action.ts";
import type { SubjectClass } from "../../catalog/subject.ts";
import type { SubjectId } from "../../catalog/subject-id.ts";

/** How the items of a bulk call hang together. */
export const BULK_MODES = ["each", "stop", "atomic"] as const;

/** One of {@link BULK_MODES}. */
export type BulkMode = (typeof BULK_MODES)[number];

/** What a bulk call says. */
export interface BulkInput {
  /** 1 to the catalog's maximum; strings or integers, no subject twice. */
  readonly ids: readonly (string | number)[];
  /** Given to every execution. Default: none. */
  readonly params?: unknown;
  /** Default: `each`. */
  readonly mode?: BulkMode;
  /** True: nothing is kept, and each success says what it would have changed. Default false. */
  readonly preview?: boolean;
  /** True: the answer is a workflow that works on them, and up to `maxAsyncBulkIds` may be named. Default false. */
  readonly async?: boolean;
}

/** A bulk call that is well formed. */
export interface CheckedBulkInput {
  /** As they were sent, and nothing more of each: many calls wait for their turn, and have a collector of garbage copy what they hold. */
  readonly ids: readonly (string | number)[];
  readonly params: unknown;
  readonly mode: BulkMode;
  readonly preview: boolean;
  readonly async: boolean;
}

/** How many subjects a bulk call may name. */
export interface BulkLimits {
  readonly maxBulkIds: number;
  /** With `"async": true`, unless the mode is `atomic`: that is one commit. */
  readonly maxAsyncBulkIds: number;
}

/** Unless `createActions` is told otherwise. */
export const DEFAULT_MAX_ASYNC_BULK_IDS = 100_000;

/** An action may take fewer at once than the server does. */
export function limitsOf({ bulk: { maxIds } }: Action, { maxBulkIds, maxAsyncBulkIds }: BulkLimits): BulkLimits {
  return { maxBulkIds: maxIds === null ? maxBulkIds : Math.min(maxIds, maxBulkIds), maxAsyncBulkIds };
}

/** So many faults are told and no more, so that a hostile list cannot make a long answer. */
const MAX_FAULTS = 100;

/** Notes a fault of a field. */
type Fault = (field: string, sentence: string) => void;

const FIELDS: ReadonlySet<string> = new Set(["ids", "params", "mode", "preview", "async"]);

/** So many IDs are checked before others may have their turn: a fraction of a millisecond. */
const IDS_AT_A_TIME = 256;

/** Checks what a bulk call says, all of it: the faults by field, or the call. */
export async function checkBulkInput(input: unknown, subject: SubjectClass, limits: BulkLimits, breath: Breath): Promise<CheckedBulkInput | { readonly errors: FieldErrors }> {
  const { fault, errors } = collectFaults();
  const given = isObject(input) ? input : {};
  for (const field of Object.keys(given)) if (!FIELDS.has(field)) fault(field, `Is not a known field. Known are: ${[...FIELDS].join(", ")}.`);
  const { params = {}, mode: asked = "each", preview = false, async = false } = given;
  const maxIds = async === true && asked !== "atomic" ? limits.maxAsyncBulkIds : limits.maxBulkIds;
  const ids = await checkIds(given["ids"], subject, maxIds, fault, breath);
  if (!isObject(params)) fault("params", "Must be an object.");
  const mode = BULK_MODES.find((known) => known === asked);
  if (mode === undefined) fault("mode", `Must be one of ${BULK_MODES.join(", ")}.`);
  if (typeof preview !== "boolean") fault("preview", "Must be true or false.");
  if (typeof async !== "boolean") fault("async", "Must be true or false.");
  else if (async && preview === true) fault("async", "Must be false for a preview, which changes nothing and is answered at once.");
  return errors.size > 0 || mode === undefined ? { errors: Object.fromEntries(errors) } : { ids, params, mode, preview: preview === true, async: async === true };
}

function collectFaults(): { readonly fault: Fault; readonly errors: ReadonlyMap<string, readonly string[]> } {
  const errors = new Map<string, string[]>();
  let count = 0;
  const fault: Fault = (field, sentence) => {
    if (++count > MAX_FAULTS) return;
    const sentences = errors.get(field);
    if (sentences === undefined) errors.set(field, [sentence]);
    else sentences.push(sentence);
  };
  return { fault, errors };
}

async function checkIds(ids: unknown, subject: SubjectClass, maxIds: number, fault: Fault, breath: Breath): Promise<CheckedBulkInput["ids"]> {
  if (!Array.isArray(ids)) {
    fault("ids", "Must be a list of subject IDs.");
    return [];
  }
  if (ids.length === 0) fault("ids", "Must name at least one subject.");
  if (ids.length > maxIds) {
    fault("ids", `Must name at most ${maxIds} subjects.`);
    return [];
  }
  const checked: (string | number)[] = [];
  const seen = { subjects: new Set<SubjectId>(), others: new Set<string | number>() };
  for (const [index, id] of ids.entries()) {
    const pausing = index % IDS_AT_A_TIME === 0 ? breath.take() : undefined;
    if (pausing !== undefined) await pausing;
    if (!isId(id, index, fault)) continue;
    refuseRepeat(id, subject, seen, fault);
    checked.push(id);
  }
  return checked;
}

/** Can it be an ID of any class? */
function isId(id: unknown, index: number, fault: Fault): id is string | number {
  if (typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id))) return true;
  fault(`ids.${index}`, "Must be a string or an integer up to 9007199254740991.");
  return false;
}

/** What was named so far: subjects by the ID that they have, and what is none of the class as it was sent. */
interface Seen {
  readonly subjects: Set<SubjectId>;
  readonly others: Set<string | number>;
}

function refuseRepeat(id: string | number, subject: SubjectClass, { subjects, others }: Seen, fault: Fault): void {
  const canonical = subject.id.parse(String(id));
  if (canonical === undefined ? others.has(id) : subjects.has(canonical)) fault("ids", `Must not name the subject ${short(id)} twice.`);
  if (canonical === undefined) others.add(id);
  else subjects.add(canonical);
}

function short(id: string | number): string {
  const text = String(id);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
