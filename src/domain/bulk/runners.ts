import type { Action } from "../catalog/action.ts";
import type { Execution } from "../execution/attempt.ts";
import type { BulkCall, BulkEngine } from "./bulk-call.ts";
import type { BulkMode, CheckedBulkInput } from "./bulk-input.ts";
import { succeeded, type BulkItem } from "./bulk-outcome.ts";
import { attemptOnTop, orUnavailable, perform, turnKeys, whenSafe } from "../execution/execute.ts";
import type { RememberedCall } from "../execution/idempotency.ts";
import { failed, isSuccess, type Outcome } from "../execution/outcome.ts";
import type { Prefetched } from "./prefetch.ts";
import { previewOn, type Preview } from "../execution/preview.ts";
import { isPromiseLike, run, settle, type Steps } from "../steps.ts";
import { transact } from "../execution/transact.ts";
import { fromStore, UnitOfWork } from "../execution/unit-of-work.ts";

/** A bulk call whose form and parameters have been checked. */
export interface Batch {
  readonly call: BulkCall;
  readonly action: Action;
  readonly input: CheckedBulkInput;
  readonly known: Prefetched;
  /** What is remembered under the call's idempotency key; null without one. */
  readonly memory: RememberedCall | null;
}

/** So many items run before others get a turn. */
const ITEMS_A_BREATH = 100;

/** Runs the items; they come in the order of completion. */
export type Runner = (engine: BulkEngine, batch: Batch) => Steps<readonly BulkItem[]>;

export const RUNNERS: Readonly<Record<BulkMode, Runner>> = { each: runEach, stop: runInOrder, atomic: runAtomic };

/** Independent items in transactions of their own; while one waits, a few others go on. Fails only when all of them have stopped. */
function* runEach(engine: BulkEngine, batch: Batch): Steps<readonly BulkItem[]> {
  const done: BulkItem[] = [];
  let next = 0;
  const failures: unknown[] = [];
  const worker = function* (): Steps<void> {
    try {
      while (failures.length === 0 && next < batch.input.ids.length) done.push(yield* runItem(engine, batch, next++));
    } catch (error) {
      failures.push(error);
    }
  };
  const workers = Array.from({ length: engine.bulkConcurrency }, () => run(worker())).filter(isPromiseLike);
  if (workers.length > 0) yield* settle(Promise.all(workers));
  if (failures.length > 0) throw failures[0];
  return done;
}

function* runInOrder(engine: BulkEngine, batch: Batch): Steps<readonly BulkItem[]> {
  const done: BulkItem[] = [];
  let goOn = true;
  for (const index of batch.input.ids.keys()) {
    const item = goOn ? yield* runItem(engine, batch, index) : yield* tell(batch, itemOf(batch, index, "skipped"));
    goOn &&= succeeded(item);
    done.push(item);
  }
  return done;
}

/** An item in a transaction of its own; whoever is told of it is told of something that is safe. */
function* runItem(engine: BulkEngine, batch: Batch, index: number): Steps<BulkItem> {
  const steps = performItem(engine, batch, index);
  const outcome = yield* orUnavailable(engine, batch.call, batch.call.onItem === undefined ? steps : whenSafe(engine, steps));
  if (engine.breathe !== null && index % ITEMS_A_BREATH === ITEMS_A_BREATH - 1) yield* settle(engine.breathe());
  return yield* tell(batch, itemOf(batch, index, outcome));
}

function* performItem(engine: BulkEngine, batch: Batch, index: number): Steps<Outcome> {
  const execution = executionOf(batch, index);
  if (execution === null) return failed("subject_not_found");
  const remembered = batch.memory === null ? {} : { remembered: batch.memory.part(String(index)) };
  return yield* perform(engine, batch.call, execution, { known: batch.known.of(execution.id), ...remembered });
}

/** All items in one transaction, each on top of those before it; kept only when none failed. */
function* runAtomic(engine: BulkEngine, batch: Batch): Steps<readonly BulkItem[]> {
  const executions = [...batch.input.ids.keys()].map((index) => executionOf(batch, index));
  const turns = executions.flatMap((execution) => (execution === null ? [] : turnKeys(execution)));
  const done = yield* transact(engine, turns, function* (unit, round) {
    if (round === 0) batch.known.fillAll(unit);
    const together = unit.fork();
    const outcomes: Outcome[] = [];
    for (const execution of executions) outcomes.push(execution === null ? failed("subject_not_found") : yield* attemptOnTop(engine, batch.call, execution, together, unit));
    const kept = outcomes.every(isSuccess);
    if (kept) together.merge();
    const value = outcomes.map((outcome, index) => itemOf(batch, index, !kept && isSuccess(outcome) ? "skipped" : outcome));
    if (batch.memory !== null) yield* batch.memory.end(unit, [], { items: value }, engine.clock());
    return { value, keep: true };
  });
  return yield* tellAll(engine, batch, done === null ? executions.map((_, index) => itemOf(batch, index, failed("conflict"))) : done.value);
}

/** Runs the items for real on top of each other, as any mode would, and keeps nothing. */
export function* runPreview(engine: BulkEngine, batch: Batch): Steps<readonly BulkItem[]> {
  const { mode, ids } = batch.input;
  const unit = new UnitOfWork(engine.store);
  batch.known.fillAll(unit);
  const outcomes: (Preview | "skipped")[] = [];
  let failure = false;
  for (const index of ids.keys()) {
    const execution = executionOf(batch, index);
    const outcome: Preview | "skipped" = failure && mode === "stop" ? "skipped" : execution === null ? failed("subject_not_found") : yield* previewOn(engine, batch.call, execution, unit);
    failure ||= outcome !== "skipped" && !isSuccess(outcome);
    outcomes.push(outcome);
  }
  const nothing = failure && mode === "atomic";
  const items = outcomes.map((outcome, index) => itemOf(batch, index, nothing && outcome !== "skipped" && isSuccess(outcome) ? "skipped" : outcome));
  return yield* tellAll(engine, batch, items);
}

/** Tells of items that are all done; nobody is told of what a crash could still take back. */
export function* tellAll(engine: BulkEngine, { call }: Pick<Batch, "call">, items: readonly BulkItem[]): Steps<readonly BulkItem[]> {
  if (call.onItem === undefined) return items;
  yield* fromStore(() => engine.store.durable());
  for (const item of items) yield* tell({ call }, item);
  return items;
}

function* tell({ call }: Pick<Batch, "call">, item: BulkItem): Steps<BulkItem> {
  if (call.onItem !== undefined) yield* settle(call.onItem(item));
  return item;
}

function executionOf({ action, call, input }: Batch, index: number): Execution | null {
  const id = input.ids[index]?.canonical ?? null;
  return id === null ? null : { action, id, params: input.params, identity: call.identity };
}

function itemOf({ input }: Batch, index: number, outcome: BulkItem["outcome"]): BulkItem {
  return { index, id: input.ids[index]?.given ?? "", outcome };
}
