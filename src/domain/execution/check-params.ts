import type { Action } from "../catalog/action.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import type { Identity } from "../identity.ts";
import type { FieldErrors } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import type { ParsedParams, PendingReference } from "../params/index.ts";
import { invalidParams, type Failed } from "./answer/outcome.ts";
import { asRecord } from "./answer/result.ts";
import { readSubjects } from "./unit/subjects.ts";
import type { UnitOfWork } from "./unit/unit-of-work.ts";

/** Whose parameters are checked, and where the records that they refer to are read. */
export interface ParamsOf {
  readonly action: Action;
  readonly identity: Identity;
  readonly unit: UnitOfWork;
}

/** Parameters as their declaration takes them. */
type TakenParams = Extract<ParsedParams<unknown>, { readonly ok: true }>;

/** Parameters that passed every check, or what is wrong with them. */
export type CheckedParams = TakenParams | Failed;

/** Checks parameters: by schema, by reference, between each other. */
export function checkParams(of: ParamsOf, input: unknown): MaybePromise<CheckedParams> {
  const parsing = of.action.params.parse(input);
  return isPromiseLike(parsing) ? parsing.then((parsed) => checkParsed(of, parsed)) : checkParsed(of, parsing);
}

function checkParsed(of: ParamsOf, parsed: ParsedParams<unknown>): MaybePromise<CheckedParams> {
  if (!parsed.ok) return invalidParams(parsed.errors);
  return parsed.references.length === 0 ? validate(of.action, parsed) : checkReferences(of, parsed);
}

async function checkReferences(of: ParamsOf, taken: TakenParams): Promise<CheckedParams> {
  const errors = await resolveReferences(taken.references, of);
  return errors === null ? validate(of.action, taken) : invalidParams(errors);
}

function validate(action: Action, taken: TakenParams): CheckedParams {
  const faults: unknown = action.validate(taken.value);
  if (faults === undefined) return taken;
  if (!areFaults(faults)) throw new TypeError(`action "${action.key}": validate() must answer undefined or faults at once, { field: ["Must be …"] }, not ${isPromiseLike(faults) ? "a promise; what takes its time belongs into preconditions()" : "anything else"}`);
  return Object.keys(faults).length === 0 ? taken : invalidParams(faults);
}

/** What is none would let everything pass: the names in a promise, or in `false`, are none at all. */
function areFaults(faults: unknown): faults is FieldErrors {
  return isObject(faults) && !isPromiseLike(faults) && Object.values(faults).every((sentences) => Array.isArray(sentences) && sentences.every((sentence) => typeof sentence === "string"));
}

/** Puts the records in their places, one read for each class; what is missing or invisible is a fault of its field. */
async function resolveReferences(references: readonly PendingReference[], { identity, unit }: ParamsOf): Promise<Record<string, string[]> | null> {
  const errors = new Map<string, string[]>();
  for (const subject of new Set(references.map((reference) => reference.subject))) {
    const pending = references.filter((reference) => reference.subject === subject);
    const values = await readSubjects(unit, subject, pending.map((reference) => String(reference.id)));
    pending.forEach((reference, index) => {
      const record = visibleRecord(subject, values[index], identity);
      if (record === undefined) errors.set(reference.path, [`There is no ${subject.param} with the ID ${reference.id}.`]);
      else reference.resolve(record);
    });
  }
  return errors.size === 0 ? null : Object.fromEntries(errors);
}

function visibleRecord(subject: SubjectClass, value: JsonObject | undefined, identity: Identity): ReturnType<typeof asRecord> | undefined {
  if (value === undefined) return undefined;
  const record = asRecord(value);
  return subject.visible({ identity, record }) === true ? record : undefined;
}
