import { CommitTooLarge, TimedOut } from "../../errors.ts";
import { Attempt, type Execution } from "../../execution/attempt.ts";
import { keepEntryOf, toFailed, turnsOf } from "../../execution/execute.ts";
import { isSuccess, type Failed, type Outcome } from "../../execution/answer/outcome.ts";
import { commitUnit, type Committing, type End } from "../../execution/transact.ts";
import type { HeldTurns } from "../../execution/turns/turns.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { NOTHING, type RecordedChange } from "../../execution/unit/work-log.ts";
import { isPromiseLike } from "../../maybe-promise.ts";
import type { Batch } from "../call/batch.ts";
import type { BulkPorts } from "../call/bulk-call.ts";

/** An item that has run; what it changed may still have to be committed. */
interface Member {
  readonly index: number;
  readonly outcome: Outcome;
  /** Does its answer stand on what the commit keeps? */
  readonly needsCommit: boolean;
}

/** An item whose handler waits for something. */
interface Waiting {
  readonly index: number;
  readonly execution: Execution;
  readonly outcome: Promise<Outcome>;
  /** The unit's savepoint before it began. */
  readonly since: number;
}

/** A group has no last turn, and is small. */
const ALONE: Committing = { last: null };

/** For so many microtasks an item may go on and still count as one that waits for nothing. */
const PATIENCE = 32;

/**
 * Items that run one after the other on one unit of work, each on top of those before it, and are kept by one commit. One that
 * waits holds up nobody: what was done before it is committed at once, and it goes on alone.
 */
export class Group {
  readonly unit: UnitOfWork;
  readonly #ports: BulkPorts;
  readonly #batch: Batch;
  readonly #held: HeldTurns;
  #members: Member[] = [];
  #waiting: Waiting | null = null;
  /** Settles when what was before the waiting item is committed: is it? */
  #base: Promise<boolean> = Promise.resolve(true);
  #written: readonly RecordedChange[] = NOTHING;

  constructor(ports: BulkPorts, batch: Batch, held: HeldTurns) {
    this.#ports = ports;
    this.#batch = batch;
    this.#held = held;
    this.unit = new UnitOfWork(ports.store, held);
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** What has been written, once it is committed. */
  get written(): readonly RecordedChange[] {
    return this.#written;
  }

  /** The item that goes on alone. */
  get waiting(): Waiting | null {
    return this.#waiting;
  }

  /** Notes an item that needed no execution. */
  add(index: number, outcome: Outcome): Outcome {
    this.#members.push({ index, outcome, needsCommit: false });
    return outcome;
  }

  /** Takes the turn that an execution needs, if it is free at this moment. */
  takeTurn(execution: Execution): boolean {
    return this.#held.extend(turnsOf(execution));
  }

  /** Runs an item. Null when it waits: then it is the last one. */
  async run(index: number, execution: Execution): Promise<Outcome | null> {
    const since = this.unit.savepoint();
    const running = this.#attempt(index, execution, since);
    let outcome: Outcome | null = null;
    void running.then((settled) => (outcome = settled), () => undefined);
    for (let turn = 0; turn < PATIENCE && outcome === null; turn++) await undefined;
    if (outcome === null) this.#waiting = { index, execution, outcome: running, since };
    else this.#members.push({ index, outcome, needsCommit: isSuccess(outcome) || this.unit.savepoint() !== since });
    return outcome;
  }

  async #attempt(index: number, execution: Execution, since: number): Promise<Outcome> {
    const answers = this.#batch.memory?.item(index) ?? null;
    const attempt = new Attempt(this.#ports, execution, this.unit);
    try {
      const earlier = answers === null ? null : await answers.recall(this.unit);
      return earlier ?? attempt.conclude(await attempt.run(), answers);
    } catch (error) {
      this.unit.rollback(since);
      const outcome = this.#toFailed(error);
      return error instanceof TimedOut ? keepEntryOf(this.#ports, attempt, outcome, false) : outcome;
    }
  }

  /** Commits what all but the waiting item have done. False when others were faster, or it is too much for one commit: then nothing of it is kept. */
  async keep(): Promise<boolean> {
    const committing = this.#commit();
    this.#base = committing.then((end) => end === "committed", () => false);
    try {
      return (await committing) === "committed";
    } catch (error) {
      if (error instanceof CommitTooLarge && this.#members.length > 1) return false;
      const outcome = this.#toFailed(error);
      this.#members = this.#members.map((member) => (member.needsCommit ? { ...member, outcome } : member));
      return true;
    }
  }

  async #commit(): Promise<End> {
    const { unit } = this;
    const waiting = this.#waiting;
    this.#written = unit.recorded();
    try {
      const committing = commitUnit(this.#ports.store, unit, this.#held, ALONE, waiting?.since);
      return isPromiseLike(committing) ? await committing : committing;
    } finally {
      if (waiting === null) this.#held.release();
      else this.#held.releaseAllBut(turnsOf(waiting.execution)[0]);
    }
  }

  /** Waits for the item that waits, and commits what it has done. Null when it must be done again, on fresh reads. */
  async end({ outcome: running }: Waiting): Promise<Outcome | null> {
    try {
      const outcome = await running;
      if (!(await this.#base)) return null;
      const end = await commitUnit(this.#ports.store, this.unit, this.#held, ALONE);
      return end === "committed" ? outcome : null;
    } catch (error) {
      return this.#toFailed(error);
    } finally {
      this.#held.release();
    }
  }

  #toFailed(error: unknown): Failed {
    return toFailed(this.#ports, this.#batch.call, error);
  }
}
