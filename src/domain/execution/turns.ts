import type { MaybePromise } from "../maybe-promise.ts";

/** What turns are taken for: a record, or anything else that has a name in a collection. */
export interface TurnTarget {
  readonly collection: string;
  readonly id: string;
}

/** Whose turn it is with one target. A free one stays until it is swept away with others. */
class Turn {
  readonly collection: string;
  readonly id: string;
  holder: HeldTurns | null = null;
  /** Who waits, first come first. Null as long as nobody ever did. */
  waiting: Waiting[] | null = null;

  constructor({ collection, id }: TurnTarget) {
    this.collection = collection;
    this.id = id;
  }
}

interface Waiting {
  readonly held: HeldTurns;
  readonly proceed: () => void;
}

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

  /** Takes the turns, waiting where need be; in one order for all, so that no two wait for each other. */
  take(targets: readonly TurnTarget[]): MaybePromise<HeldTurns> {
    const held = new HeldTurns(this);
    const ordered = targets.length > 1 ? inOrder(targets) : targets;
    for (let at = 0; at < ordered.length; at++) {
      const waiting = this.enter(ordered[at], held);
      if (waiting !== null) return this.#takeRest(waiting, ordered, at + 1, held);
    }
    return held;
  }

  async #takeRest(first: Promise<void>, ordered: readonly TurnTarget[], from: number, held: HeldTurns): Promise<HeldTurns> {
    await first;
    for (let at = from; at < ordered.length; at++) await this.enter(ordered[at], held);
    return held;
  }

  /** Takes the turn, or answers a promise of it when somebody has it. */
  enter(target: TurnTarget | undefined, held: HeldTurns): Promise<void> | null {
    if (target === undefined) return null;
    const turn = this.find(target) ?? this.#create(target);
    if (turn.holder === held) return null;
    if (turn.holder !== null) return new Promise((resolve) => (turn.waiting ??= []).push({ held, proceed: () => resolve(void held.add(turn)) }));
    turn.holder = held;
    return held.add(turn);
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
export class HeldTurns {
  readonly #turns: Turns;
  /** Mostly there is one. */
  #first: Turn | null = null;
  #others: Turn[] | null = null;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Notes a turn that this is the holder of. */
  add(turn: Turn): null {
    if (this.#first === null) this.#first = turn;
    else if (this.#others === null) this.#others = [turn];
    else this.#others.push(turn);
    return null;
  }

  /** Takes these as well, if every one of them that is not held already is free at this moment. */
  extend(targets: readonly TurnTarget[]): boolean {
    for (const target of targets) if (!this.#isFirst(target) && !this.#isFreeOrHeld(target)) return false;
    for (const target of targets) if (!this.#isFirst(target)) void this.#turns.enter(target, this);
    return true;
  }

  /** Mostly it is the only one, and nothing need be looked up. */
  #isFirst({ collection, id }: TurnTarget): boolean {
    return this.#first !== null && this.#first.id === id && this.#first.collection === collection;
  }

  /** Hands on every turn but that with this target, if it is held. */
  releaseAllBut(target: TurnTarget | undefined): void {
    const kept = target === undefined ? undefined : this.#turns.find(target);
    for (const turn of [this.#first, ...(this.#others ?? [])]) if (turn !== null && turn !== kept) handOn(turn);
    this.#first = kept?.holder === this ? kept : null;
    this.#others = null;
  }

  #isFreeOrHeld(target: TurnTarget): boolean {
    const holder = this.#turns.find(target)?.holder ?? null;
    return holder === null || holder === this;
  }

  /** Hands each turn on to whoever is next. */
  release(): void {
    if (this.#first !== null) handOn(this.#first);
    if (this.#others !== null) for (const turn of this.#others) handOn(turn);
  }
}

function handOn(turn: Turn): void {
  const next = turn.waiting?.shift();
  turn.holder = next?.held ?? null;
  next?.proceed();
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
