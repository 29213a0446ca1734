import { TimedOut } from "../../errors.ts";
import { Attempt, type Execution } from "../../execution/attempt.ts";
import { keepEntryOf, toFailed, turnsOf } from "../../execution/execute.ts";
import { failed, isSuccess, type Failed, type Outcome } from "../../execution/answer/outcome.ts";
import { replayed } from "../../execution/idempotency.ts";
import { transact, type Transaction } from "../../execution/transact.ts";
import type { TurnTarget } from "../../execution/turns/turns.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { Acting, actedBy } from "../call/acting.ts";
import { withoutHandler } from "../call/admission.ts";
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
    const again = this.#isAtomic && earlier.size > 0 ? await this.#failAgain(unit, earlier) : null;
    if (again !== null) return again;
    const start = unit.savepoint();
    const permissions = new Set<string>();
    const outcomes = await this.#runAll(unit, permissions, this.#isAtomic ? NONE_KEPT : earlier);
    if ("kind" in outcomes) {
      unit.rollback(start);
      return outcomes;
    }
    if (outcomes.some((outcome) => isSuccess(outcome) || outcome.kind === "refused")) this.#permissions = permissions;
    const meanwhile = this.#permissions === null ? await this.#findEarlier() : null;
    if (meanwhile !== null) return meanwhile;
    const isKept = !this.#isAtomic || outcomes.every(isSuccess);
    if (!isKept) unit.rollback(start);
    return outcomes.map((outcome, index) => itemOf(this.#batch, index, !isKept && isSuccess(outcome) ? "skipped" : outcome));
  }

  get #isAtomic(): boolean {
    return this.#batch.input.mode === "atomic";
  }

  /** What an all-or-none call came to the last time, if one of those that failed then would not even begin by now; null when it is worth a try. */
  async #failAgain(unit: UnitOfWork, earlier: KeptItems): Promise<readonly BulkItem[] | null> {
    const failures = new Map<number, Outcome>();
    const action = withoutHandler(this.#batch.action);
    const failed = { count: this.#count, at: (index: number) => (earlier.has(index) ? null : this.#executionOf(index)) };
    await forEachExecution({ ports: this.#ports, acting: new Acting(this.#ports, this.#batch.call), unit }, failed, async (execution, index, who) => {
      if (earlier.has(index)) return;
      const outcome = execution === null ? NO_SUBJECT : isNobody(who) ? who : await new Attempt(this.#ports, { ...actedBy(execution, who), action }, unit).run();
      if (!isSuccess(outcome)) failures.set(index, outcome);
    });
    if (failures.size === 0) return null;
    return this.#batch.input.ids.map((_, index) => ({ ...itemOf(this.#batch, index, failures.get(index) ?? earlier.get(index)?.outcome ?? "skipped"), replayed: true }));
  }

  /** Where nothing has begun there is no commit that would notice that another process has done it meanwhile, under the same key. */
  async #findEarlier(): Promise<readonly BulkItem[] | Failed | null> {
    const found = (await this.#batch.memory?.find(new UnitOfWork(this.#ports.store))) ?? NONE_KEPT;
    if ("kind" in found) return found;
    return found.size === this.#count ? [...found.values()] : null;
  }

  async #runAll(unit: UnitOfWork, permissions: Set<string>, earlier: KeptItems): Promise<readonly Outcome[] | Failed> {
    const left = { count: this.#count, at: (index: number) => (earlier.has(index) ? null : this.#executionOf(index)) };
    const isPrepared = this.#batch.action.bulk.handleAll !== undefined;
    const within = { ports: this.#ports, acting: new Acting(this.#ports, this.#batch.call), unit };
    const prepared = isPrepared ? await handleAllOf(within, left) : null;
    const outcomes: Outcome[] = [];
    let over: Failed | null = null;
    await forEachExecution(within, left, async (own, index, who) => {
      const execution = prepared === null ? own : (prepared[index] ?? null);
      if (over !== null) return;
      const kept = earlier.get(index)?.outcome;
      if (kept !== undefined && kept !== "skipped") return void outcomes.push(replayed(kept));
      if (execution === null) return void outcomes.push(NO_SUBJECT);
      if ("kind" in execution) return void outcomes.push(execution);
      if (isNobody(who)) return void outcomes.push(who);
      const attempt = new Attempt(this.#ports, actedBy(execution, who), unit);
      const outcome = await this.#outcomeOf(attempt);
      outcomes.push(outcome);
      for (const permission of attempt.asked.found) permissions.add(permission);
      // Nothing is kept any more, and each of the others could take as long.
      if (this.#isAtomic && outcome.kind === "failed" && outcome.code === "unavailable") over = outcome;
    });
    return over ?? outcomes;
  }

  /** What does not end in its time has an entry all the same. */
  async #outcomeOf(attempt: Attempt): Promise<Outcome> {
    try {
      return attempt.conclude(await attempt.run());
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      return keepEntryOf(this.#ports, attempt, toFailed(this.#ports, this.#batch.call, error), false);
    }
  }

  /** The commit of many changes has two slices to itself: one in which it is made, and one for the store. */
  async conclude(worked: readonly BulkItem[] | Failed, unit: UnitOfWork): Promise<readonly BulkItem[] | Failed> {
    if (this.#permissions !== null && !("kind" in worked)) await this.#batch.memory?.keep(unit, this.#isAtomic ? worked.filter(({ outcome }) => !hasFailed(outcome)) : keptOf(worked), [...this.#permissions]);
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

function hasFailed(outcome: BulkItem["outcome"]): boolean {
  return outcome !== "skipped" && outcome.kind === "failed";
}

/** From so many items on a commit takes longer than a few milliseconds. */
const MANY = 500;
const NONE_KEPT: KeptItems = new Map();
