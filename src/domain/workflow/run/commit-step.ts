import { CommitTooLarge, Contended, TimedOut } from "../../errors.ts";
import { transact, type LastTurn } from "../../execution/transact.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import { traceStep } from "./trace-step.ts";
import type { WorkflowHost } from "../host.ts";
import type { Timer } from "../../ports.ts";
import { FinalFailure } from "./step-failure.ts";
import type { StepTry } from "./step-scope.ts";
import { toFailedTry, tryStep, type FailedTry, type Tried } from "./try-step.ts";

/** What an engine adds to the commit of a step. */
export interface StepMark<M> {
  /** Taken behind the step's work, so that the mark is made alone; null: nothing is. */
  readonly last: LastTurn | null;
  /** Adds what the engine keeps of the try, and answers it; again when others were faster. */
  add(tried: Tried, unit: UnitOfWork): MaybePromise<M>;
}

/** What a try came to, and what the engine has kept of it. */
export interface Committed<M> {
  readonly tried: Tried;
  readonly mark: M;
}

/**
 * Tries a step once: what it changed and the engine's mark are one commit. A failure is a value, and its mark is committed
 * without the changes. Throws when the store does not answer, or others kept changing what the step is based on.
 */
export async function commitStep<M>(host: WorkflowHost, timer: Timer, step: StepTry, mark: StepMark<M>): Promise<Committed<M>> {
  const trace = host.tracing.step;
  return trace === null ? tryAndCommit(host, timer, step, mark) : traceStep(trace, step, (followed) => tryAndCommit(host, timer, followed, mark));
}

async function tryAndCommit<M>(host: WorkflowHost, timer: Timer, step: StepTry, mark: StepMark<M>): Promise<Committed<M>> {
  const { runId, startedBy, performs } = step;
  let latest: UnitOfWork | null = null;
  let earlier: Tried | null = null;
  const work = async (unit: UnitOfWork): Promise<Tried> => {
    if (earlier !== null) return earlier;
    latest = unit;
    const tried = await tryStep(host, timer, step, unit);
    // An effect outside must not happen again only because another branch of the run was at its commit.
    if (unit.isUntouched && unit.savepoint() === 0) earlier = tried;
    return tried;
  };
  const conclude = async (tried: Tried, unit: UnitOfWork): Promise<Committed<M>> => ({ tried, mark: await mark.add(tried, unit) });
  try {
    const turns = performs === null ? [] : host.turnsOf({ runId, startedBy, ...performs });
    return await transact<Committed<M>, Tried>(host, { turns, last: mark.last, work, conclude });
  } catch (error) {
    const failed = error instanceof Contended ? await whyContended(host, step, latest) : toFailureOf(step, error);
    if (failed === null) throw error;
    return transact<Committed<M>, Tried>(host, { turns: [], last: mark.last, work: (unit) => failInstead(failed, latest, unit), conclude });
  }
}

/** The failure in a unit of its own. Of the unit that is given up the entries stay: actions that the step performed were refused. */
function failInstead(failed: FailedTry, dropped: UnitOfWork | null, unit: UnitOfWork): FailedTry {
  dropped?.rollback(0);
  for (const entry of dropped?.toCommit()?.entries ?? []) unit.addRefusal(entry);
  return failed;
}

/** The failure of a step that no try can commit, since it makes what there is; null when others were only faster. */
async function whyContended({ store }: WorkflowHost, { name }: StepTry, unit: UnitOfWork | null): Promise<FailedTry | null> {
  for (const { collection, id } of unit?.made() ?? []) {
    const [there] = await store.read(collection, [id]);
    if (there !== undefined) return toFailedTry(new FinalFailure(`The step "${name}" has put ${collection} ${id}, which is there already, without having read it; get it first.`));
  }
  return null;
}

/** The failure that an error stands for when the step's unit cannot be committed; null when it says nothing of the step. */
function toFailureOf({ name }: StepTry, error: unknown): FailedTry | null {
  if (error instanceof TimedOut) return toFailedTry(error);
  if (!(error instanceof CommitTooLarge)) return null;
  return toFailedTry(new FinalFailure(`What the step "${name}" would store is more than one commit can hold. Do it in smaller steps.`, { cause: error }));
}
