import type { Execution } from "../../execution/attempt.ts";
import { readSubjects } from "../../execution/unit/subjects.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { Identity } from "../../identity.ts";
import { SUBJECTS_A_READ } from "./ahead.ts";
import { executionOf, type Batch } from "../call/batch.ts";
import type { BulkEngine } from "../call/bulk-call.ts";

/** One for each ID, in their order; null where that is none. */
export function executionsOf(batch: Batch, identity: Identity): readonly (Execution | null)[] {
  return batch.input.ids.map((_, index) => executionOf(batch, index, identity));
}

/** Does something with one after the other on one unit, which reads many subjects in one round trip; others get their turn in between. */
export async function forEachExecution(engine: BulkEngine, executions: readonly (Execution | null)[], unit: UnitOfWork, work: (execution: Execution | null, index: number) => Promise<void>): Promise<void> {
  for (const [index, execution] of executions.entries()) {
    const pausing = engine.breath.take();
    if (pausing !== undefined) await pausing;
    if (index % SUBJECTS_A_READ === 0) await readAhead(executions.slice(index, index + SUBJECTS_A_READ), unit);
    await work(execution, index);
  }
}

async function readAhead(executions: readonly (Execution | null)[], unit: UnitOfWork): Promise<void> {
  const next = executions.filter((execution) => execution !== null);
  const subject = next[0]?.action.subject ?? null;
  if (subject !== null) await readSubjects(unit, subject, next.flatMap(({ id }) => id ?? []));
}
