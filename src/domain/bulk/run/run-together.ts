import type { Execution } from "../../execution/attempt.ts";
import { executeOn, turnsOf } from "../../execution/execute.ts";
import { failed, isSuccess, type Failed, type Outcome } from "../../execution/answer/outcome.ts";
import { replayed } from "../../execution/idempotency.ts";
import { transact, type Transaction } from "../../execution/transact.ts";
import type { TurnTarget } from "../../execution/turns/turns.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { Acting, actedBy } from "../call/acting.ts";
import { executionOf, isNobody, itemOf, NO_SUBJECT, tellAll, type Batch } from "../call/batch.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import type { BulkPorts } from "../call/bulk-call.ts";
import { keptOf, type KeptItems } from "../bulk-memory.ts";
import type { BulkItem } from "../bulk-outcome.ts";
import { forEachExecution } from "./executions.ts";
import { handleAllOf } from "./handle-all.ts";

/**
 * All items in one transaction, each on top of those before it: in mode `atomic`, which keeps all or none, and in mode `each` of
 * an action that has a handler for all, which keeps those that succeeded.
 */
export async function runTogether(ports: BulkPorts, batch: Batch): Promise<readonly BulkItem[] | Failed> {
  // To take turns for many is long, too.
  const pausing = batch.input.ids.length > MANY ? ports.breath.takeWhole() : ports.breath.take();
  if (pausing !== undefined) await pausing;
  const done = await transact(ports, new Together(ports, batch));
  if ("kind" in done) return done;
  const resting = ports.breath.take();
  if (resting !== undefined) await resting;
  return tellAll(ports, batch.call, done);
}

class Together implements Transaction<readonly BulkItem[] | Failed> {
  readonly last = null;
  readonly #ports: BulkPorts;
  readonly #batch: Batch;
  /** What `authorize()` has found; null when nothing is to be remembered: the answer was given before, or no item has begun. */
  #permissions: Set<string> | null = null;

  constructor(ports: BulkPorts, batch: Batch) {
    this.#ports = ports;
    this.#batch = batch;
  }

  get turns(): readonly TurnTarget[] {
    const targets: TurnTarget[] = [];
    for (let index = 0; index < this.#count; index++) {
      const execution = this.#executionOf(index);
      if (execution !== null) targets.push(...turnsOf(execution));
    }
    return targets;
  }

  get #count(): number {
    return this.#batch.input.ids.length;
  }

  #executionOf(index: number): Execution | null {
    return executionOf(this.#batch, index, this.#batch.call.identity);
  }

  async work(unit: UnitOfWork): Promise<readonly BulkItem[] | Failed> {
    this.#permissions = null;
    const earlier = (await this.#batch.memory?.recall(unit)) ?? NONE_KEPT;
    if ("kind" in earlier) return earlier;
    if (earlier.size === this.#count) return [...earlier.values()];
    const start = unit.savepoint();
    const permissions = new Set<string>();
    const outcomes = await this.#runAll(unit, permissions, earlier);
    if (outcomes.some((outcome) => isSuccess(outcome) || outcome.kind === "refused")) this.#permissions = permissions;
    const meanwhile = this.#permissions === null ? await this.#findEarlier() : null;
    if (meanwhile !== null) return meanwhile;
    const isKept = this.#batch.input.mode !== "atomic" || outcomes.every(isSuccess);
    if (!isKept) unit.rollback(start);
    return outcomes.map((outcome, index) => itemOf(this.#batch, index, !isKept && isSuccess(outcome) ? "skipped" : outcome));
  }

  /** Where nothing has begun there is no commit that would notice that another process has done it meanwhile, under the same key. */
  async #findEarlier(): Promise<readonly BulkItem[] | Failed | null> {
    const found = (await this.#batch.memory?.find(new UnitOfWork(this.#ports.store))) ?? NONE_KEPT;
    if ("kind" in found) return found;
    return found.size === this.#count ? [...found.values()] : null;
  }

  async #runAll(unit: UnitOfWork, permissions: Set<string>, earlier: KeptItems): Promise<readonly Outcome[]> {
    const left = { count: this.#count, at: (index: number) => (earlier.has(index) ? null : this.#executionOf(index)) };
    const isPrepared = this.#batch.action.bulk.handleAll !== undefined;
    const within = { ports: this.#ports, acting: new Acting(this.#batch.call), unit };
    const prepared = isPrepared ? await handleAllOf(within, left) : null;
    const outcomes: Outcome[] = [];
    await forEachExecution(within, left, async (own, index, who) => {
      const execution = prepared === null ? own : (prepared[index] ?? null);
      const kept = earlier.get(index)?.outcome;
      if (kept !== undefined && kept !== "skipped") return void outcomes.push(replayed(kept));
      if (execution === null) return void outcomes.push(NO_SUBJECT);
      if ("kind" in execution) return void outcomes.push(execution);
      if (isNobody(who)) return void outcomes.push(who);
      const { outcome, found } = await executeOn(this.#ports, actedBy(execution, who), unit);
      outcomes.push(outcome);
      for (const permission of found) permissions.add(permission);
    });
    return outcomes;
  }

  /** The commit of many changes has two slices to itself: one in which it is made, and one for the store. */
  async conclude(worked: readonly BulkItem[] | Failed, unit: UnitOfWork): Promise<readonly BulkItem[] | Failed> {
    if (this.#permissions !== null && !("kind" in worked)) await this.#batch.memory?.keep(unit, this.#batch.input.mode === "atomic" ? worked : keptOf(worked), [...this.#permissions]);
    await this.rest();
    return worked;
  }

  rest(): MaybePromise<void> {
    return this.#count > MANY ? this.#ports.breath.takeWhole() : undefined;
  }

  get caller(): Batch["call"]["signal"] {
    return this.#batch.call.signal;
  }

  contended(): readonly BulkItem[] {
    return this.#batch.input.ids.map((_, index) => itemOf(this.#batch, index, failed("conflict")));
  }
}

/** From so many items on a commit takes longer than a few milliseconds. */
const MANY = 500;
const NONE_KEPT: KeptItems = new Map();
