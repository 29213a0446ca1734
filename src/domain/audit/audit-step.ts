import { AUDIT } from "./entry.ts";
import { subjectChanges } from "../execution/changes.ts";
import type { Engine } from "../execution/execute.ts";
import type { JsonObject } from "../json.ts";
import type { RecordedChange, UnitOfWork } from "../execution/unit-of-work.ts";
import type { StartedBy, WorkflowSubject } from "../workflow/port.ts";

/** The step of a run, for the audit trail. */
export interface AuditedStep {
  readonly runId: string;
  readonly startedBy: StartedBy;
  /** What started the run. */
  readonly action: string;
  readonly subject: WorkflowSubject | null;
  readonly name: string;
}

/** Adds an entry for what a step has changed by itself: as done by whoever started the run, by the action that started it. */
export function auditStep(engine: Engine, step: AuditedStep, changed: readonly RecordedChange[], into: UnitOfWork): void {
  const { auditRetentionSeconds: retentionSeconds, catalog } = engine;
  if (retentionSeconds === null || changed.length === 0) return;
  const changes = subjectChanges({ recorded: () => changed.values() }, catalog);
  if (changes.length === 0) return;
  const { runId, startedBy, action, subject, name } = step;
  const now = engine.clock();
  const id = engine.newEntryId();
  const entry: JsonObject = Object.freeze({
    id,
    when: new Date(now).toISOString(),
    request_id: runId,
    identity: Object.freeze({ kind: startedBy.kind, id: startedBy.id, name: startedBy.name, issuer: startedBy.issuer }),
    action,
    subject: subject === null ? null : Object.freeze({ class: subject.class, id: subject.id }),
    params: null,
    outcome: Object.freeze({ success: true, workflow_id: runId, step: name }),
    changes,
  });
  into.put(AUDIT, id, entry, now + retentionSeconds * 1000);
}

/** Tells what a step changes by itself from what the actions change that it performs, which have entries of their own. */
export class OwnChanges {
  readonly #unit: UnitOfWork;
  #begun = false;
  readonly #known = new Map<string, JsonObject | undefined>();

  constructor(unit: UnitOfWork) {
    this.#unit = unit;
  }

  /** From here on the step may change something by itself; what only performs actions, however many, is not looked at. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.take();
  }

  /** What has changed since it was last asked; from now on that is known. */
  take(): readonly RecordedChange[] {
    if (!this.#begun) return [];
    const taken: RecordedChange[] = [];
    for (const change of this.#unit.recorded()) {
      const key = `${change.collection}\n${change.id}`;
      const before = this.#known.has(key) ? this.#known.get(key) : change.before;
      if (before !== change.after) taken.push({ ...change, before });
      this.#known.set(key, change.after);
    }
    return taken;
  }
}
