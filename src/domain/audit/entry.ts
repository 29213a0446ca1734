import type { Execution } from "../execution/attempt.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { subjectChanges } from "../execution/changes.ts";
import { isJsonObject, isObject, toJson, type JsonObject } from "../json.ts";
import type { Outcome } from "../execution/outcome.ts";
import type { UnitOfWork } from "../execution/unit-of-work.ts";

/** The records of what was done and what was refused. */
export const AUDIT = "actionport.audit";

/** What an entry says beside what the execution itself knows. */
export interface AuditContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly requestId?: string;
  /** Unique, and greater than those of earlier entries. */
  readonly entryId: string;
  readonly retentionSeconds: number;
}

/** Parameters larger than this, as JSON text, are left out of the entry: it must not cost more than the call. */
const MAX_PARAMS_LENGTH = 65_536;

/** Where the entry goes, and what it tells of. */
export interface AuditUnits {
  readonly into: UnitOfWork;
  /** What the execution changed; null when none of it is kept. */
  readonly changed: UnitOfWork | null;
  readonly catalog: Catalog;
}

/**
 * Adds the entry to the unit of work, so that it is kept by the same commit as the changes it
 * tells of. Executions that changed nothing, started nothing and were not refused leave none.
 */
export function recordAudit(units: AuditUnits, execution: Execution, outcome: Outcome, context: AuditContext): void {
  const changes = units.changed === null ? [] : subjectChanges(units.changed, units.catalog);
  if (changes.length === 0 && !wasRefused(outcome) && outcome.kind !== "workflow") return;
  const { action, id, identity } = execution;
  // Made of frozen parts only, so that the store need not copy it.
  const entry: JsonObject = Object.freeze({
    id: context.entryId,
    when: new Date(context.now).toISOString(),
    request_id: context.requestId ?? null,
    identity: Object.freeze({ kind: identity.kind, id: identity.id, name: identity.name, issuer: identity.issuer }),
    action: action.key,
    subject: action.subject === null ? null : Object.freeze({ class: action.subject.class, id }),
    params: maskedParams(execution),
    outcome: toEntryOutcome(outcome),
    changes,
  });
  units.into.put(AUDIT, context.entryId, entry, context.now + context.retentionSeconds * 1000);
}

/** Refused by `authorize()`, or failed inside `handle()`. */
function wasRefused(outcome: Outcome): boolean {
  if (outcome.kind === "refused") return true;
  return outcome.kind === "failed" && (outcome.code === "forbidden" || outcome.code === "internal_error");
}

function toEntryOutcome(outcome: Outcome): JsonObject {
  switch (outcome.kind) {
    case "data":
    case "message":
      return Object.freeze({ success: true, message: outcome.message });
    case "workflow":
      return Object.freeze({ success: true, workflow_id: outcome.workflow_id });
    case "nothing":
      return Object.freeze({ success: true });
    case "refused":
    case "failed":
      return Object.freeze({ success: false, message: outcome.message, ...(outcome.code === undefined ? {} : { code: outcome.code }) });
  }
}

/** Declared fields only, secrets masked: a refused call's body may hold anything. */
function maskedParams({ action, params }: Execution): JsonObject | null {
  const masked = action.params.mask(params);
  if (!isObject(masked)) return null;
  const declared = Object.entries(masked).filter(([name]) => action.params.names.includes(name));
  try {
    const json = toJson(Object.fromEntries(declared));
    return JSON.stringify(json).length > MAX_PARAMS_LENGTH || !isJsonObject(json) ? null : json;
  } catch {
    return null;
  }
}
