import type { Execution } from "../execution/attempt.ts";
import { executeOn, turnsOf } from "../execution/execute.ts";
import { failed, isSuccess, type Failed, type Outcome } from "../execution/outcome.ts";
import { previewOn, type Preview } from "../execution/preview.ts";
import { transact, type Transaction } from "../execution/transact.ts";
import type { TurnTarget } from "../execution/turns.ts";
import { readSubjects } from "../execution/unit/subjects.ts";
import { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import type { Identity } from "../identity.ts";
import { SUBJECTS_A_READ } from "./ahead.ts";
import { executionOf, itemOf, NO_SUBJECT, tellAll, type Batch } from "./batch.ts";
import type { BulkEngine } from "./bulk-call.ts";
import type { BulkItem } from "./bulk-outcome.ts";

/** All items in one transaction, each on top of those before it; kept only when none failed. */
export async function runAtomic(engine: BulkEngine, batch: Batch): Promise<readonly BulkItem[] | Failed> {
  const done = await transact(engine, new AtomicBatch(engine, batch));
  return "kind" in done ? done : tellAll(engine, batch.call, done);
}

class AtomicBatch implements Transaction<readonly BulkItem[] | Failed> {
  readonly turns: readonly TurnTarget[];
  readonly last = null;
  readonly #engine: BulkEngine;
  readonly #batch: Batch;
  readonly #executions: readonly (Execution | null)[];
  /** What `authorize()` has found; null when nothing is to be remembered: the answer was given before, or no item has begun. */
  #permissions: Set<string> | null = null;

  constructor(engine: BulkEngine, batch: Batch) {
    this.#engine = engine;
    this.#batch = batch;
    this.#executions = executionsOf(batch, batch.call.identity);
    this.turns = this.#executions.flatMap((execution) => (execution === null ? [] : turnsOf(execution)));
  }

  async work(unit: UnitOfWork): Promise<readonly BulkItem[] | Failed> {
    this.#permissions = null;
    const earlier = (await this.#batch.memory?.recall(unit)) ?? null;
    if (earlier !== null) return "kind" in earlier ? earlier : [...earlier.values()];
    const start = unit.savepoint();
    const permissions = new Set<string>();
    const outcomes = await this.#runAll(unit, permissions);
    if (outcomes.some((outcome) => isSuccess(outcome) || outcome.kind === "refused")) this.#permissions = permissions;
    const isKept = outcomes.every(isSuccess);
    if (!isKept) unit.rollback(start);
    return outcomes.map((outcome, index) => itemOf(this.#batch, index, !isKept && isSuccess(outcome) ? "skipped" : outcome));
  }

  async #runAll(unit: UnitOfWork, permissions: Set<string>): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    await forEachExecution(this.#engine, this.#batch, this.#executions, unit, async (execution) => {
      const { outcome, found } = execution === null ? NOTHING_DONE : await executeOn(this.#engine, execution, unit);
      outcomes.push(outcome);
      for (const permission of found) permissions.add(permission);
    });
    return outcomes;
  }

  conclude(worked: readonly BulkItem[] | Failed, unit: UnitOfWork): readonly BulkItem[] | Failed {
    if (this.#permissions !== null && !("kind" in worked)) this.#batch.memory?.keep(unit, worked, [...this.#permissions]);
    return worked;
  }

  get caller(): Batch["call"]["signal"] {
    return this.#batch.call.signal;
  }

  contended(): readonly BulkItem[] {
    return this.#executions.map((_, index) => itemOf(this.#batch, index, failed("conflict")));
  }
}

const NOTHING_DONE = { outcome: NO_SUBJECT, found: [] };

function executionsOf(batch: Batch, identity: Identity): readonly (Execution | null)[] {
  return batch.input.ids.map((_, index) => executionOf(batch, index, identity));
}

/** Runs them one after the other on one unit, which reads many subjects in one round trip; others get their turn in between. */
async function forEachExecution(engine: BulkEngine, { subject }: Batch, executions: readonly (Execution | null)[], unit: UnitOfWork, run: (execution: Execution | null, index: number) => Promise<void>): Promise<void> {
  for (const [index, execution] of executions.entries()) {
    const pausing = engine.breath.take();
    if (pausing !== undefined) await pausing;
    if (index % SUBJECTS_A_READ === 0) await readSubjects(unit, subject, executions.slice(index, index + SUBJECTS_A_READ).flatMap((next) => next?.id ?? []));
    await run(execution, index);
  }
}

/** Runs the items for real on top of each other, as any mode would, and keeps nothing. */
export async function runPreview(engine: BulkEngine, batch: Batch): Promise<readonly BulkItem[]> {
  const { mode } = batch.input;
  const unit = new UnitOfWork(engine.store);
  const outcomes: (Preview | "skipped")[] = [];
  let hasFailed = false;
  await forEachExecution(engine, batch, executionsOf(batch, batch.call.identity), unit, async (execution) => {
    const outcome: Preview | "skipped" = hasFailed && mode === "stop" ? "skipped" : execution === null ? NO_SUBJECT : await previewOn(engine, execution, unit);
    hasFailed ||= outcome !== "skipped" && !isSuccess(outcome);
    outcomes.push(outcome);
  });
  const isNothing = hasFailed && mode === "atomic";
  const items = outcomes.map((outcome, index) => itemOf(batch, index, isNothing && outcome !== "skipped" && isSuccess(outcome) ? "skipped" : outcome));
  return tellAll(engine, batch.call, items);
}
