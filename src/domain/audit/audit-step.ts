import type { ExecutionPorts } from "../execution/execution-ports.ts";
import type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import type { SubjectReference } from "../ports.ts";
import type { StartedBy } from "../workflow/port.ts";
import { Entry } from "./entry.ts";
import { changedSubjects, SHOWS_ANEW } from "./subject-changes.ts";

/** The step of a run, for the audit trail. */
export interface AuditedStep {
  readonly runId: string;
  readonly startedBy: StartedBy;
  /** What started the run. */
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly name: string;
  /** To which trace the run belongs; absent: to none. */
  readonly traceparent?: string | undefined;
}

/** Adds an entry for what a step has changed by itself since a savepoint: as done by whoever started the run, by the action that started it. */
export function auditStep({ auditRetentionSeconds: retentionSeconds, catalog, clock }: ExecutionPorts, step: AuditedStep, unit: UnitOfWork, since: number): void {
  if (retentionSeconds === null) return;
  const changes = changedSubjects(unit.recorded(since), catalog, SHOWS_ANEW);
  if (changes === null) return;
  const { runId, startedBy, action, subject, name, traceparent } = step;
  const outcome = { kind: "step", workflow_id: runId, step: name } as const;
  unit.addEntry(new Entry({ at: clock(), retentionSeconds, requestId: runId, via: "workflow", traceparent, identity: startedBy, action, subject, params: null, outcome, changes }));
}
