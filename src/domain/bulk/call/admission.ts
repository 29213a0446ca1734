import type { Action } from "../../catalog/action.ts";
import { Attempt } from "../../execution/attempt.ts";
import { keepEntryOf } from "../../execution/execute.ts";
import { isSuccess, type Outcome } from "../../execution/answer/outcome.ts";
import { RETURN_KINDS } from "../../execution/answer/result.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { SUBJECTS_A_READ } from "../run/ahead.ts";
import { readAhead } from "../run/executions.ts";
import { executionOf, NO_SUBJECT, type Batch } from "./batch.ts";
import type { BulkPorts } from "./bulk-call.ts";

/** Whether a call may be kept. */
export interface Admission {
  /** Why not; null: it may. */
  readonly refused: Outcome | null;
  /** The permissions that `authorize()` has found where it said yes. */
  readonly permissions: readonly string[];
  /** Adds the entry of the refusal to the trail, for whoever answers with it. */
  readonly tell?: () => Promise<unknown>;
}

/**
 * Before anything is kept for a call: is there one subject at least that its identity may do this to? Whoever may do it to none
 * leaves nothing behind but the entry that says so.
 */
export async function admit(ports: BulkPorts, batch: Batch): Promise<Admission> {
  const action = withoutHandler(batch.action);
  let refused: { readonly attempt: Attempt; readonly outcome: Outcome } | null = null;
  for (let from = 0; from < batch.input.ids.length; from += SUBJECTS_A_READ) {
    const pausing = ports.breath.take();
    if (pausing !== undefined) await pausing;
    for (const attempt of await readAttempts(ports, batch, action, from)) {
      const outcome = await attempt.run();
      if (isSuccess(outcome)) return { refused: null, permissions: attempt.asked.found };
      if (refused === null && !isMissing(outcome)) refused = { attempt, outcome };
    }
  }
  if (refused === null) return { refused: NO_SUBJECT, permissions: [] };
  const { attempt, outcome } = refused;
  return { refused: outcome, permissions: [], ...(outcome.kind === "failed" && { tell: () => keepEntryOf(ports, attempt, outcome, false) }) };
}

/** Those of the next subjects, which are read in one round trip. */
async function readAttempts(ports: BulkPorts, batch: Batch, action: Action, from: number): Promise<readonly Attempt[]> {
  const unit = new UnitOfWork(ports.store);
  const executions = batch.input.ids.slice(from, from + SUBJECTS_A_READ).flatMap((_, at) => executionOf(batch, from + at, batch.call.identity) ?? []);
  await readAhead(ports, executions, unit);
  return executions.map((execution) => new Attempt(ports, { ...execution, action }, unit));
}

/** The action up to where it would begin to act. */
export function withoutHandler(action: Action): Action {
  return { ...action, returns: RETURN_KINDS, validate: () => undefined, preconditions: () => undefined, handle: () => null };
}

function isMissing(outcome: Outcome): boolean {
  return outcome.kind === "failed" && outcome.code === "subject_not_found";
}
