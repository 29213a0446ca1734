import type { Execution } from "../../execution/attempt.ts";
import { inTime, type Patient } from "../../execution/time/in-time.ts";
import { readSubjects } from "../../execution/unit/subjects.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { Failed } from "../../execution/answer/outcome.ts";
import type { Identity } from "../../identity.ts";
import { isPromiseLike } from "../../maybe-promise.ts";
import type { Acting } from "../call/acting.ts";
import { SUBJECTS_A_READ } from "./ahead.ts";
import type { BulkPorts } from "../call/bulk-call.ts";

/** The executions of a batch, one for each ID in their order. Each is made when its turn comes: ten thousand would be much to keep. */
export interface Executions {
  readonly count: number;
  /** Null where the ID is none, and where nothing is to be done. */
  at(index: number): Execution | null;
}

/** What the executions of a batch run in. */
export interface Surroundings {
  readonly ports: BulkPorts;
  readonly acting: Acting;
  readonly unit: UnitOfWork;
}

/** Does something with one after the other on one unit, which reads many subjects in one round trip; others get their turn in between. `who`: acts by now. */
export async function forEachExecution({ ports, acting, unit }: Surroundings, executions: Executions, work: (execution: Execution | null, index: number, who: Identity | Failed) => Promise<void>): Promise<void> {
  let next: readonly (Execution | null)[] = [];
  for (let index = 0; index < executions.count; index++) {
    const pausing = ports.breath.take();
    if (pausing !== undefined) await pausing;
    const at = index % SUBJECTS_A_READ;
    if (at === 0) await readAhead(ports, (next = someOf(executions, index)), unit);
    const asking = acting.now(at === 0);
    await work(next[at] ?? null, index, isPromiseLike(asking) ? await asking : asking);
  }
}

function someOf(executions: Executions, from: number): readonly (Execution | null)[] {
  const some: (Execution | null)[] = [];
  for (let index = from; index < Math.min(executions.count, from + SUBJECTS_A_READ); index++) some.push(executions.at(index));
  return some;
}

/** Makes the unit know the subjects of these. */
export async function readAhead(ports: Patient, executions: readonly (Execution | null)[], unit: UnitOfWork): Promise<void> {
  const next = executions.filter((execution) => execution !== null);
  const subject = next[0]?.action.subject ?? null;
  if (subject !== null) await inTime(ports, subject.class, readSubjects(unit, subject, next.flatMap(({ id }) => id ?? [])));
}
