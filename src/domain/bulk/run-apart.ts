import { SingleExecution } from "../execution/execute.ts";
import { failed, type Outcome } from "../execution/outcome.ts";
import { transact } from "../execution/transact.ts";
import type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import { executionOf, itemOf, type Batch } from "./batch.ts";
import type { BulkEngine } from "./bulk-call.ts";
import { succeeded, type BulkItem } from "./bulk-outcome.ts";

/** So many items run before others get a turn. */
const ITEMS_A_BREATH = 100;

/** Independent items in transactions of their own, a few at once; they come in the order of completion. Fails only when all have stopped. */
export async function runEach(engine: BulkEngine, batch: Batch): Promise<readonly BulkItem[]> {
  const done: BulkItem[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async () => {
    try {
      while (failures.length === 0 && next < batch.input.ids.length) done.push(await runItem(engine, batch, next++));
    } catch (error) {
      failures.push(error);
    }
  };
  const workers: Promise<void>[] = [];
  while (workers.length < engine.bulkConcurrency && next < batch.input.ids.length) {
    workers.push(work());
    await letWork();
  }
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  return done;
}

/** Long enough for an item that waits for nothing, so that a batch of such items runs in order and another begins only while one waits. */
async function letWork(): Promise<void> {
  for (let turn = 0; turn < 32; turn++) await undefined;
}

/** One after the other; the first failure ends it. */
export async function runInOrder(engine: BulkEngine, batch: Batch): Promise<readonly BulkItem[]> {
  const done: BulkItem[] = [];
  let goesOn = true;
  for (const index of batch.input.ids.keys()) {
    const item = goesOn ? await runItem(engine, batch, index) : await tell(batch, itemOf(batch, index, "skipped"));
    goesOn &&= succeeded(item);
    done.push(item);
  }
  return done;
}

async function runItem(engine: BulkEngine, batch: Batch, index: number): Promise<BulkItem> {
  const outcome = await performItem(engine, batch, index);
  if (engine.breathe !== null && index % ITEMS_A_BREATH === ITEMS_A_BREATH - 1) await engine.breathe();
  return tell(batch, itemOf(batch, index, outcome));
}

async function performItem(engine: BulkEngine, batch: Batch, index: number): Promise<Outcome> {
  const execution = executionOf(batch, index);
  return execution === null ? failed("subject_not_found") : transact(engine, new ItemExecution(engine, execution, batch.memory?.item(index) ?? null, batch));
}

/** The first try uses what was read for the whole batch, later ones read afresh. */
class ItemExecution extends SingleExecution {
  override readonly isTold: boolean;
  readonly #batch: Batch;
  #isFirst = true;

  constructor(engine: BulkEngine, execution: ConstructorParameters<typeof SingleExecution>[1], remembered: ConstructorParameters<typeof SingleExecution>[2], batch: Batch) {
    super(engine, execution, remembered);
    this.#batch = batch;
    this.isTold = batch.call.onItem !== undefined;
  }

  override work(unit: UnitOfWork): Promise<Outcome> {
    if (this.#isFirst && this.execution.id !== null) this.#batch.known.fill(unit, this.execution.id);
    this.#isFirst = false;
    return super.work(unit);
  }

  override conclude(worked: Outcome, unit: UnitOfWork): Outcome {
    const outcome = super.conclude(worked, unit);
    this.#batch.known.forget(unit.recorded());
    return outcome;
  }
}

async function tell({ call }: Batch, item: BulkItem): Promise<BulkItem> {
  await call.onItem?.(item);
  return item;
}
