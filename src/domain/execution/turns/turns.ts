import type { MaybePromise } from "../../maybe-promise.ts";
import type { AbortSignalLike } from "../../ports.ts";
import type { DeadlineList } from "../time/deadlines.ts";
import { Turn, type Patience, type TurnHolder, type TurnTarget } from "./turn.ts";

export type { TurnTarget } from "./turn.ts";

/** How many free turns of a collection are left lying before they are swept: to take each away at once costs more. */
const MAX_FREE = 16_384;

interface Lane {
  readonly turns: Map<string, Turn>;
  /** From how many turns on it is swept. */
  sweepAt: number;
}

/**
 * One turn for each target at a time, within this process, first come first served. It keeps executions that write to
 * one record from failing each other; what makes them safe is the version in the commit.
 */
export class Turns {
  readonly #lanes = new Map<string, Lane>();
  readonly #deadlines: DeadlineList | null;

  /** `deadlines`: how long one waits for a turn; null: forever. */
  constructor(deadlines: DeadlineList | null = null) {
    this.#deadlines = deadlines;
  }

  /**
   * Takes the turns, waiting where need be; in one order for all, so that no two wait for each other. Rejects, with none of
   * them taken, when one does not come in time, when the caller has gone, and when it would wait for whoever asks.
   */
  take(targets: readonly TurnTarget[], caller?: AbortSignalLike): MaybePromise<HeldTurns> {
    const held = new HeldTurns(this);
    const ordered = targets.length > 1 ? inOrder(targets) : targets;
    for (let at = 0; at < ordered.length; at++) {
      if (!this.enter(ordered[at], held)) return this.#wait(ordered, at, held, { deadlines: this.#deadlines, caller });
    }
    return held;
  }

  async #wait(ordered: readonly TurnTarget[], from: number, held: HeldTurns, patience: Patience): Promise<HeldTurns> {
    try {
      for (const target of ordered.slice(from)) if (!this.enter(target, held)) await this.#turnOf(target).wait(held, patience);
      return held;
    } catch (error) {
      held.release();
      throw error;
    }
  }

  /** Takes the turn if nobody else has it. */
  enter(target: TurnTarget | undefined, held: HeldTurns): boolean {
    if (target === undefined) return true;
    const turn = this.#turnOf(target);
    if (turn.holder === held) return true;
    if (turn.holder !== null) return false;
    turn.holder = held;
    held.add(turn);
    return true;
  }

  #turnOf(target: TurnTarget): Turn {
    return this.find(target) ?? this.#create(target);
  }

  find({ collection, id }: TurnTarget): Turn | undefined {
    return this.#lanes.get(collection)?.turns.get(id);
  }

  #create(target: TurnTarget): Turn {
    let lane = this.#lanes.get(target.collection);
    if (lane === undefined) this.#lanes.set(target.collection, (lane = { turns: new Map(), sweepAt: MAX_FREE }));
    else if (lane.turns.size >= lane.sweepAt) sweep(lane);
    const turn = new Turn(target);
    lane.turns.set(target.id, turn);
    return turn;
  }
}

/** Turns that are held; give them back with `release()`, once. */
export class HeldTurns implements TurnHolder {
  isInHandler = false;
  readonly #turns: Turns;
  /** Mostly there is one. */
  #first: Turn | null = null;
  #others: Turn[] | null = null;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  add(turn: Turn): void {
    if (this.#first === null) this.#first = turn;
    else if (this.#others === null) this.#others = [turn];
    else this.#others.push(turn);
  }

  /** Takes these as well, if every one of them that is not held already is free at this moment. */
  extend(targets: readonly TurnTarget[]): boolean {
    let missing: TurnTarget[] | null = null;
    for (const target of targets) {
      if (this.#isFirst(target)) continue;
      const holder = this.#turns.find(target)?.holder ?? null;
      if (holder === this) continue;
      if (holder !== null) return false;
      if (missing === null) missing = [target];
      else missing.push(target);
    }
    if (missing !== null) for (const target of missing) void this.#turns.enter(target, this);
    return true;
  }

  /** Mostly it is the only one, and nothing need be looked up. */
  #isFirst({ collection, id }: TurnTarget): boolean {
    return this.#first !== null && this.#first.id === id && this.#first.collection === collection;
  }

  /** Hands on every turn but that with this target, if it is held. */
  releaseAllBut(target: TurnTarget | undefined): void {
    const kept = target === undefined ? undefined : this.#turns.find(target);
    for (const turn of [this.#first, ...(this.#others ?? [])]) if (turn !== null && turn !== kept) turn.handOn();
    this.#first = kept?.holder === this ? kept : null;
    this.#others = null;
  }

  /** Hands each turn on to whoever is next. */
  release(): void {
    if (this.#first !== null) this.#first.handOn();
    if (this.#others !== null) for (const turn of this.#others) turn.handOn();
  }
}

function sweep(lane: Lane): void {
  for (const [id, turn] of lane.turns) if (turn.holder === null) lane.turns.delete(id);
  lane.sweepAt = lane.turns.size + MAX_FREE;
}

/** Each once, in the order of collections and IDs. */
function inOrder(targets: readonly TurnTarget[]): readonly TurnTarget[] {
  const sorted = [...targets].sort((a, b) => compare(a.collection, b.collection) || compare(a.id, b.id));
  return sorted.filter(({ collection, id }, at) => id !== sorted[at - 1]?.id || collection !== sorted[at - 1]?.collection);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
