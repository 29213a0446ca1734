import type { Execution } from "../../execution/attempt.ts";
import { inTime, type Patient } from "../../execution/time/in-time.ts";
import { readSubjects } from "../../execution/unit/subjects.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { Failed } from "../../execution/answer/outcome.ts";
import type { Identity } from "../../identity.ts";
import { isPromiseLike } from "../../maybe-promise.ts";
import type { Acting } from "../call/acting.ts";
import { SUBJECTS_A_READ } from "./ahead.ts";
import { executionOf, type Batch } from "../call/batch.ts";
import type { BulkEngine } from "../call/bulk-call.ts";

/** One for each ID, in their order; null where that is none. */
export function executionsOf(batch: Batch, identity: Identity): readonly (Execution | null)[] {
  return batch.input.ids.map((_, index) => executionOf(batch, index, identity));
}

/** What the executions of a batch run in. */
export interface Surroundings {
  readonly engine: BulkEngine;
  readonly acting: Acting;
  readonly unit: UnitOfWork;
}

/** Does something with one after the other on one unit, which reads many subjects in one round trip; others get their turn in between. `who`: acts by now. */
export async function forEachExecution({ engine, acting, unit }: Surroundings, executions: readonly (Execution | null)[], work: (index: number, who: Identity | Failed) => Promise<void>): Promise<void> {
  for (const index of executions.keys()) {
    const pausing = engine.breath.take();
    if (pausing !== undefined) await pausing;
    const isFirst = index % SUBJECTS_A_READ === 0;
    if (isFirst) await readAhead(engine, executions.slice(index, index + SUBJECTS_A_READ), unit);
    const asking = acting.now(isFirst);
    await work(index, isPromiseLike(asking) ? await asking : asking);
  }
}

/** Makes the unit know the subjects of these. */
export async function readAhead(engine: Patient, executions: readonly (Execution | null)[], unit: UnitOfWork): Promise<void> {
  const next = executions.filter((execution) => execution !== null);
  const subject = next[0]?.action.subject ?? null;
  if (subject !== null) await inTime(engine, subject.class, readSubjects(unit, subject, next.flatMap(({ id }) => id ?? [])));
}
