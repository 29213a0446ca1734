import type { Action } from "../catalog/action.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { FailureCode } from "../errors.ts";
import type { Outcome } from "../execution/answer/outcome.ts";
import type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import type { RecordedChange } from "../execution/unit/work-log.ts";
import type { Identity } from "../identity.ts";
import { tellUnlisted, type Unlisting } from "./audit-unlisted.ts";
import { Entry } from "./entry.ts";
import { changedSubjects, type ChangedSubject, type Shows } from "./subject-changes.ts";

/** An execution that the trail is told of. */
export interface Audited extends Shows {
  readonly ports: Unlisting & { readonly catalog: Catalog; readonly auditRetentionSeconds: number | null };
  readonly execution: { readonly requestId: string | undefined; readonly via: string | undefined; readonly traceparent: string | undefined; readonly params: unknown };
  readonly action: Action;
  readonly id: string | null;
  readonly identity: Identity;
  readonly unit: UnitOfWork;
  /** The parameters when they have passed every check; else undefined. */
  readonly params: unknown;
  /** When it began, in epoch milliseconds. */
  readonly at: number;
  /** What it has changed. */
  changes(): readonly RecordedChange[];
}

/**
 * Adds the entry of an execution to its unit of work, so that the commit of the changes that it tells of keeps it too.
 * Executions that changed nothing, started nothing and were not refused leave none.
 */
export function addEntryOf(attempt: Audited, outcome: Outcome): void {
  const { ports, unit } = attempt;
  if (ports.auditRetentionSeconds === null) return;
  if (wasRefused(outcome)) return addRefusalOf(attempt, outcome);
  const changes = changedSubjects(attempt.changes(), ports.catalog, attempt);
  if (changes !== null || outcome.kind === "workflow") unit.addEntry(toEntry(attempt, outcome, changes, ports.auditRetentionSeconds));
}

/** What was refused has changed nothing: its changes are undone by now. */
function addRefusalOf(attempt: Audited, outcome: Outcome): void {
  const { ports: { refusals }, ports, unit, identity, at } = attempt;
  if (refusals.admit(identity, at)) unit.addRefusal(toEntry(attempt, outcome, null, refusals.retentionSeconds));
  if (refusals.isDue(at)) void tellUnlisted(ports);
}

function toEntry({ at, execution, action, id, identity, params }: Audited, outcome: Outcome, changes: ChangedSubject | null, retentionSeconds: number): Entry {
  return new Entry({
    at,
    retentionSeconds,
    requestId: execution.requestId,
    via: execution.via,
    traceparent: execution.traceparent,
    identity,
    action: action.key,
    subject: action.subject === null || id === null ? null : { class: action.subject.class, id },
    // What nobody has checked may be anything, and of any size.
    params: params === undefined ? null : action.params.forTrail(execution.params, params),
    // The data is in the changes; kept here as well it would stay as long as the entry.
    outcome: outcome.kind === "data" ? outcome.message : outcome,
    changes,
  });
}

/** What is told of a failure: refused by `authorize()`, failed inside `handle()`, or not ended in its time. */
const TOLD: ReadonlySet<FailureCode> = new Set(["forbidden", "internal_error", "unavailable"]);

function wasRefused(outcome: Outcome): boolean {
  return outcome.kind === "refused" || (outcome.kind === "failed" && TOLD.has(outcome.code));
}
