import type { Action } from "./action.ts";
import { attempt, checkParams, type Execution } from "./attempt.ts";
import { checkBulkInput, type BulkInput, type CheckedBulkInput } from "./bulk-input.ts";
import { answering, attemptPorts, perform, turnKeys, type Call, type Engine } from "./execute.ts";
import { failed, invalidParams, isSuccess, type Failed, type Outcome } from "./outcome.ts";
import { prefetch, type Prefetched } from "./prefetch.ts";
import { isPromiseLike, run, settle, type MaybePromise, type Steps } from "./steps.ts";
import { transact } from "./transact.ts";
import { fromStore, UnitOfWork } from "./unit-of-work.ts";

/** Many executions of one action that somebody asks for. */
export interface BulkCall extends Call {
  /** Checked whole: it may come straight from a wire. */
  readonly input: BulkInput | Readonly<Record<string, unknown>>;
  /** Told of each item as it is done, in that order; the next ones wait for what it answers. */
  readonly onItem?: (item: BulkItem) => MaybePromise<void>;
}

/** What became of one item. `skipped`: it had no effect because another item failed. */
export interface BulkItem {
  readonly index: number;
  /** As it was sent. */
  readonly id: string | number;
  readonly outcome: Outcome | "skipped";
}

/** What a bulk call came to once anything was tried. */
export interface BulkOutcome {
  readonly kind: "bulk";
  readonly outcome: "success" | "partial" | "failed";
  readonly message: string;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  /** One for each ID, in the order given. */
  readonly items: readonly BulkItem[];
}

/** How bulk runs. */
export interface BulkEngine extends Engine {
  readonly maxBulkIds: number;
  /** Items of one `each` call that may be under way at once when the action waits. */
  readonly bulkConcurrency: number;
}

/** A bulk call whose form and parameters have been checked. */
interface Batch {
  readonly call: BulkCall;
  readonly action: Action;
  readonly input: CheckedBulkInput;
  readonly known: Prefetched;
}

/** Runs the action on every subject, or says why nothing was tried. */
export function* bulk(engine: BulkEngine, call: BulkCall): Steps<BulkOutcome | Failed> {
  const action = engine.catalog.find(call.key);
  if (action === undefined) return failed("unknown_action");
  if (action.subject === null) return failed("subject_not_accepted", "This action takes no subject, so there is no bulk call of it.");
  const input = checkBulkInput(call.input, action.subject, engine.maxBulkIds);
  if ("errors" in input) return invalidParams(input.errors);
  return yield* answering(engine, call, runBatch(engine, call, action, input));
}

function* runBatch(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput): Steps<BulkOutcome | Failed> {
  const refused = yield* checkSharedParams(engine, call, action, input.params);
  if (refused !== null) return refused;
  const ids = input.ids.flatMap(({ canonical }) => (canonical === null ? [] : [canonical]));
  const known = yield* prefetch(engine.store, action, ids);
  return summarize(yield* RUNNERS[input.mode](engine, { call, action, input, known }));
}

/** One wrong parameter refuses the whole call, before anything runs. */
function* checkSharedParams(engine: BulkEngine, call: BulkCall, action: Action, params: unknown): Steps<Failed | null> {
  const checked = yield* checkParams(action, params, call.identity, new UnitOfWork(engine.store));
  if (!("kind" in checked)) return null;
  const errors = Object.entries(checked.errors ?? {}).map(([field, sentences]) => [`params.${field}`, sentences] as const);
  return invalidParams(Object.fromEntries(errors));
}

const RUNNERS = { each: runEach, stop: runInOrder, atomic: runAtomic } as const;

/** Independent items; while one waits, a few others go on. */
function* runEach(engine: BulkEngine, batch: Batch): Steps<readonly BulkItem[]> {
  const items: BulkItem[] = [];
  let next = 0;
  const worker = function* (): Steps<void> {
    while (next < batch.input.ids.length) {
      const index = next++;
      items[index] = yield* runItem(engine, batch, index);
    }
  };
  const workers = Array.from({ length: engine.bulkConcurrency }, () => run(worker())).filter(isPromiseLike);
  if (workers.length > 0) yield* settle(Promise.all(workers));
  return items;
}

function* runInOrder(engine: BulkEngine, batch: Batch): Steps<readonly BulkItem[]> {
  const items: BulkItem[] = [];
  let failure = false;
  for (const index of batch.input.ids.keys()) {
    const item: BulkItem = failure ? skipped(batch, index) : yield* runItem(engine, batch, index);
    if (failure) yield* tell(batch, item);
    failure ||= item.outcome !== "skipped" && !isSuccess(item.outcome);
    items.push(item);
  }
  return items;
}

/** An item in a transaction of its own. */
function* runItem(engine: BulkEngine, batch: Batch, index: number): Steps<BulkItem> {
  const execution = executionOf(batch, index);
  const outcome = execution === null ? failed("subject_not_found") : yield* perform(engine, batch.call, execution, batch.known.of(execution.id));
  const item = { index, id: givenId(batch, index), outcome };
  if (batch.call.onItem !== undefined) yield* fromStore(() => engine.store.durable());
  yield* tell(batch, item);
  return item;
}

/** All items in one transaction, each on top of those before it; kept only when none failed. */
function* runAtomic(engine: BulkEngine, batch: Batch): Steps<readonly BulkItem[]> {
  const executions = [...batch.input.ids.keys()].map((index) => executionOf(batch, index));
  const turns = executions.flatMap((execution) => (execution === null ? [] : turnKeys(execution)));
  const done = yield* transact(engine, turns, function* (unit, round) {
    if (round === 0) batch.known.fillAll(unit);
    const value: Outcome[] = [];
    for (const execution of executions) value.push(yield* attemptOnTop(engine, batch.call, execution, unit));
    return { value, keep: value.every(isSuccess) };
  });
  const outcomes = done === null ? executions.map(() => failed("conflict")) : done.value;
  const kept = outcomes.every(isSuccess);
  if (kept && batch.call.onItem !== undefined) yield* fromStore(() => engine.store.durable());
  const items: BulkItem[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const item = !kept && isSuccess(outcome) ? skipped(batch, index) : { index, id: givenId(batch, index), outcome };
    yield* tell(batch, item);
    items.push(item);
  }
  return items;
}

function* attemptOnTop(engine: BulkEngine, call: BulkCall, execution: Execution | null, unit: UnitOfWork): Steps<Outcome> {
  if (execution === null) return failed("subject_not_found");
  const fork = unit.fork();
  const outcome = yield* attempt(execution, fork, attemptPorts(engine, call));
  fork.seal();
  if (isSuccess(outcome)) fork.merge();
  return outcome;
}

function executionOf({ action, call, input }: Batch, index: number): Execution | null {
  const id = input.ids[index]?.canonical ?? null;
  return id === null ? null : { action, id, params: input.params, identity: call.identity };
}

function givenId(batch: Batch, index: number): string | number {
  return batch.input.ids[index]?.given ?? "";
}

function skipped(batch: Batch, index: number): BulkItem {
  return { index, id: givenId(batch, index), outcome: "skipped" };
}

function* tell(batch: Batch, item: BulkItem): Steps<void> {
  if (batch.call.onItem !== undefined) yield* settle(batch.call.onItem(item));
}

function summarize(items: readonly BulkItem[]): BulkOutcome {
  const total = items.length;
  const skippedItems = items.filter((item) => item.outcome === "skipped").length;
  const succeeded = items.filter((item) => item.outcome !== "skipped" && isSuccess(item.outcome)).length;
  return {
    kind: "bulk",
    outcome: succeeded === total ? "success" : succeeded === 0 ? "failed" : "partial",
    message: `${succeeded} of ${total} succeeded.`,
    total,
    succeeded,
    failed: total - succeeded - skippedItems,
    skipped: skippedItems,
    items,
  };
}
