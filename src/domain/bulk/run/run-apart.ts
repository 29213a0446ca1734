import type { Execution } from "../../execution/attempt.ts";
import { SingleExecution } from "../../execution/execute.ts";
import type { Answers } from "../../execution/idempotency.ts";
import { isSuccess, type Outcome } from "../../execution/answer/outcome.ts";
import { inTime } from "../../execution/time/in-time.ts";
import { transact } from "../../execution/transact.ts";
import type { HeldTurns, TurnTarget } from "../../execution/turns/turns.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { Breath } from "../../execution/time/breath.ts";
import { isPromiseLike } from "../../maybe-promise.ts";
import { Ahead } from "./ahead.ts";
import { Acting } from "../call/acting.ts";
import { executionOf, isNobody, itemOf, NO_SUBJECT, subjectIdOf, tell, type Batch } from "../call/batch.ts";
import type { BulkPorts } from "../call/bulk-call.ts";
import { countUp, succeeded, type BulkItem, type BulkOutcome } from "../bulk-outcome.ts";
import { Group } from "./group.ts";
import { NOT_TRIED, Patience } from "./patience.ts";

/** The most items that one commit keeps. */
const MOST_TOGETHER = 128;

/**
 * Items that are independent of each other; in mode `stop` in their order up to the first failure. Those that wait for nothing are
 * kept together, by one commit for many; those that wait go on alone, a few at once. Fails only when all have stopped.
 */
export async function runApart(ports: BulkPorts, batch: Batch): Promise<readonly BulkItem[]> {
  const apart = new Apart(ports, batch, true);
  await apart.run();
  return apart.done;
}

/** The same for a caller who is told of the items and wants to know how many they were: none is kept. */
export async function runTold(ports: BulkPorts, batch: Batch): Promise<BulkOutcome> {
  const apart = new Apart(ports, batch, false);
  await apart.run();
  return { kind: "bulk", ...countUp(apart.counts), items: [] };
}

class Apart {
  readonly #ports: BulkPorts;
  readonly #batch: Batch;
  readonly #ahead: Ahead;
  readonly #acting: Acting;
  readonly #isInOrder: boolean;
  readonly #mostUnderWay: number;
  readonly done: BulkItem[] = [];
  /** Of those that are done, kept or not. */
  readonly counts = { total: 0, succeeded: 0, skipped: 0 };
  readonly #keepsItems: boolean;
  readonly #failures: unknown[] = [];
  #together: number;
  /** What the items write in common, as far as that was in anybody's way. */
  #shared: readonly TurnTarget[] = [];
  #next = 0;
  /** Those before it that must be done again. */
  readonly #again: number[] = [];
  #underWay = 0;
  #wake: () => void = () => undefined;
  /** In mode `stop`: an item has failed. */
  #isStopped = false;
  readonly #patience: Patience;

  constructor(ports: BulkPorts, batch: Batch, keepsItems: boolean) {
    this.#ports = ports;
    this.#batch = batch;
    this.#keepsItems = keepsItems;
    this.#acting = new Acting(ports, batch.call);
    this.#patience = new Patience(batch.call);
    this.#ahead = new Ahead(ports, batch);
    this.#isInOrder = batch.input.mode === "stop";
    this.#mostUnderWay = this.#isInOrder ? 1 : ports.bulkConcurrency;
    this.#together = this.#most;
  }

  async run(): Promise<void> {
    try {
      while (this.#goesOn) await (this.#underWay < this.#mostUnderWay ? this.#runSome() : this.#untilOneEnds());
    } catch (error) {
      this.#failures.push(error);
    }
    while (this.#underWay > 0) await this.#untilOneEnds();
    if (this.#failures.length > 0) throw this.#failures[0];
    const left = this.#isStopped ? "skipped" : NOT_TRIED;
    for (; this.#index < this.#count; this.#advance()) await this.#finish([itemOf(this.#batch, this.#index, left)]);
  }

  get #count(): number {
    return this.#batch.input.ids.length;
  }

  /** Whoever wants one item at a time gets a commit for each. */
  get #most(): number {
    return this.#ports.bulkConcurrency === 1 ? 1 : MOST_TOGETHER;
  }

  get #goesOn(): boolean {
    return this.#failures.length === 0 && !this.#isStopped && !this.#patience.isOver && this.#index < this.#count;
  }

  /** The items that come next: those that must be done again, then those that were not done yet. */
  get #index(): number {
    return this.#again[0] ?? this.#next;
  }

  #advance(): void {
    if (this.#again.shift() === undefined) this.#next++;
  }

  async #runSome(): Promise<void> {
    const asking = this.#acting.now(true);
    if (isPromiseLike(asking)) await asking;
    const group = new Group(this.#ports, this.#batch, await this.#takeShared());
    await this.#reach();
    const { contended, keeping } = await this.#runGroup(group);
    const { waiting } = group;
    if (waiting !== null) this.#launch(waiting.index, () => group.end(waiting));
    await this.#finishGroup(group, await keeping);
    if (contended !== null) this.#launch(contended, () => this.#runAlone(contended));
  }

  /** The commit has begun when the floor is left, so that the next group finds what it has changed. */
  async #runGroup(group: Group): Promise<{ readonly contended: number | null; readonly keeping: Promise<boolean> }> {
    const { breath, floor } = this.#ports;
    await floor.take();
    try {
      const pausing = breath.take();
      if (pausing !== undefined) await pausing;
      const contended = await this.#fill(group);
      return { contended, keeping: group.keep() };
    } finally {
      floor.leave();
    }
  }

  /** Somebody may hold those for long: then the items go on without them, each for itself. */
  async #takeShared(): Promise<HeldTurns> {
    try {
      return await this.#ports.turns.take(this.#shared);
    } catch {
      this.#shared = [];
      return this.#ports.turns.take([]);
    }
  }

  /** Where the first reading fails nothing has been tried, and the call fails; later on each item says so itself. */
  async #reach(): Promise<void> {
    try {
      const reading = inTime(this.#ports, this.#batch.subject.class, this.#ahead.reach(this.#index));
      if (isPromiseLike(reading)) await reading;
    } catch (error) {
      if (this.counts.total === 0 && this.#underWay === 0) throw error;
    }
  }

  /** Runs the next items in a group, as many as wait for nothing. Answers the first one if its turn is not free. */
  async #fill(group: Group): Promise<number | null> {
    while (group.members.length < this.#together && this.#index < this.#ahead.end) {
      const index = this.#index;
      const asking = this.#acting.atOnce();
      const who = isPromiseLike(asking) ? await asking : asking;
      if (who === null) return null;
      const execution = isNobody(who) ? null : executionOf(this.#batch, index, who);
      const isFree = execution === null || group.takeTurn(execution);
      if (!isFree && group.members.length > 0) return null;
      this.#advance();
      if (!isFree) return index;
      const outcome = execution === null ? group.add(index, isNobody(who) ? who : NO_SUBJECT) : await this.#runIn(group, index, execution);
      if (outcome === null || (this.#isInOrder && !isSuccess(outcome)) || this.#ports.breath.isDue()) return null;
    }
    return null;
  }

  #runIn(group: Group, index: number, execution: Execution): Promise<Outcome | null> {
    if (execution.id !== null) this.#ahead.fill(group.unit, execution.id);
    return group.run(index, execution);
  }

  /** Where others were faster the items are done again on fresh reads, fewer at once; one by one if need be. */
  async #finishGroup(group: Group, isKept: boolean): Promise<void> {
    this.#ahead.forget(group.written);
    this.#together = isKept ? Math.min(this.#most, 2 * this.#together) : Math.max(1, this.#together >> 1);
    if (isKept) return this.#finish(group.members.map(({ index, outcome }) => itemOf(this.#batch, index, outcome)));
    this.#shared = sharedBy(group, this.#batch);
    this.#ahead.expire();
    const [first, ...others] = group.members;
    if (others.length > 0) this.#again.unshift(...group.members.map(({ index }) => index));
    else if (first !== undefined) this.#launch(first.index, () => this.#runAlone(first.index));
  }

  async #runAlone(index: number): Promise<Outcome> {
    const who = await this.#acting.now(true);
    if (isNobody(who)) return who;
    const execution = executionOf(this.#batch, index, who);
    return execution === null ? NO_SUBJECT : transact(this.#ports, new ItemExecution(this.#ports, execution, this.#batch.memory?.item(index) ?? null));
  }

  /** Lets an item go on by itself; one that comes to nothing is done again. */
  #launch(index: number, work: () => Promise<Outcome | null>): void {
    this.#underWay++;
    void this.#follow(index, work);
  }

  async #follow(index: number, work: () => Promise<Outcome | null>): Promise<void> {
    try {
      const outcome = (await work()) ?? (await this.#runAlone(index));
      await this.#finish([itemOf(this.#batch, index, outcome)]);
    } catch (error) {
      this.#failures.push(error);
    } finally {
      this.#underWay--;
      this.#wake();
    }
  }

  #untilOneEnds(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** These are done; nobody is told of what a crash could still take back. */
  async #finish(done: readonly BulkItem[]): Promise<void> {
    const { memory } = this.#batch;
    const items = memory === null ? done : await memory.withEarlier(new UnitOfWork(this.#ports.store), done);
    for (const item of items) this.#note(item);
    this.#patience.note(items);
    if (this.#isInOrder && !items.every(succeeded)) this.#isStopped = true;
    if (this.#batch.call.onItem === undefined) return;
    await this.#ports.store.durable();
    await tell(this.#batch.call, items);
  }

  #note(item: BulkItem): void {
    if (this.#keepsItems) this.done.push(item);
    this.counts.total++;
    if (succeeded(item)) this.counts.succeeded++;
    else if (item.outcome === "skipped") this.counts.skipped++;
  }
}

/** An item alone. Many that waited for one turn could go on at once, so each takes a breath first. */
class ItemExecution extends SingleExecution {
  /** Whoever is told of an item waits for the store itself. */
  override readonly isTold = false;
  readonly #breath: Breath;

  constructor(ports: BulkPorts, execution: Execution, remembered: Answers | null) {
    super(ports, execution, remembered);
    this.#breath = ports.breath;
  }

  override async work(unit: UnitOfWork): Promise<Outcome> {
    const pausing = this.#breath.take();
    if (pausing !== undefined) await pausing;
    return super.work(unit);
  }
}

/** So many records that the items have in common take their turn from the start. */
const MOST_SHARED = 16;

/** What a group has written beside its own subjects: the next one takes turns for that before it begins, or it would do its work in vain too. */
function sharedBy({ members, written }: Group, batch: Batch): readonly TurnTarget[] {
  const own = new Set(members.map(({ index }) => subjectIdOf(batch, index)));
  return written.filter(({ collection, id }) => collection !== batch.subject.class || !own.has(id)).slice(0, MOST_SHARED);
}
