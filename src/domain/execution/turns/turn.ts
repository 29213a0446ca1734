import { CallerGone, NestedCall, TurnTimedOut } from "../../errors.ts";
import type { AbortSignalLike } from "../../ports.ts";
import { Timed, type DeadlineList } from "../time/deadlines.ts";

/** What turns are taken for: a record, or anything else that has a name in a collection. */
export interface TurnTarget {
  readonly collection: string;
  readonly id: string;
}

/** Who has a turn. */
export interface TurnHolder {
  /** A handler that runs on these turns is calling something at this very moment. */
  isInHandler: boolean;
  /** Notes a turn that this is the holder of. */
  add(turn: Turn): void;
}

/** How one waits for a turn. */
export interface Patience {
  /** Null: forever. */
  readonly deadlines: DeadlineList | null;
  /** Whoever waits gives up when it is aborted. */
  readonly caller: AbortSignalLike | undefined;
}

/** Whose turn it is with one target. A free one stays until it is swept away with others. */
export class Turn {
  readonly collection: string;
  readonly id: string;
  holder: TurnHolder | null = null;
  /** Who waits, first come first. */
  first: WaitingForTurn | null = null;
  last: WaitingForTurn | null = null;

  constructor({ collection, id }: TurnTarget) {
    this.collection = collection;
    this.id = id;
  }

  /** Settles when the turn is the holder's. Throws when the one that has it is waiting for this very call: it would be forever. */
  wait(holder: TurnHolder, patience: Patience): Promise<void> {
    if (this.holder?.isInHandler === true) throw new NestedCall(this);
    return new WaitingForTurn(this, holder, patience).begin();
  }

  /** Hands the turn on to whoever is next. */
  handOn(): void {
    const next = this.first;
    this.holder = next?.holder ?? null;
    next?.proceed();
  }
}

/** One that waits for a turn; giving up costs the same however many wait. */
class WaitingForTurn extends Timed {
  readonly holder: TurnHolder;
  readonly #turn: Turn;
  readonly #patience: Patience;
  #ahead: WaitingForTurn | null = null;
  #behind: WaitingForTurn | null = null;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(turn: Turn, holder: TurnHolder, patience: Patience) {
    super();
    this.#turn = turn;
    this.holder = holder;
    this.#patience = patience;
  }

  begin(): Promise<void> {
    const { deadlines, caller } = this.#patience;
    if (caller?.aborted === true) return Promise.reject(new CallerGone());
    this.#join(this.#turn);
    deadlines?.enter(this);
    caller?.addEventListener("abort", this.#onCallerGone);
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The turn is this one's. */
  proceed(): void {
    this.#patience.deadlines?.leave(this);
    this.#leave();
    this.holder.add(this.#turn);
    this.#resolve();
  }

  override expire(): void {
    this.#leave();
    this.#reject(new TurnTimedOut(this.#turn, this.#patience.deadlines?.ms ?? 0));
  }

  readonly #onCallerGone = (): void => {
    this.#patience.deadlines?.leave(this);
    this.#leave();
    this.#reject(new CallerGone());
  };

  #join(turn: Turn): void {
    this.#ahead = turn.last;
    if (this.#ahead === null) turn.first = this;
    else this.#ahead.#behind = this;
    turn.last = this;
  }

  #leave(): void {
    this.#patience.caller?.removeEventListener("abort", this.#onCallerGone);
    if (this.#ahead === null) this.#turn.first = this.#behind;
    else this.#ahead.#behind = this.#behind;
    if (this.#behind === null) this.#turn.last = this.#ahead;
    else this.#behind.#ahead = this.#ahead;
  }
}
