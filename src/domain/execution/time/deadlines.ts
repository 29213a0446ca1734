import type { Clock, Timer } from "../../ports.ts";

/** What must have ended by a time: an item of a {@link DeadlineList}, linked so that entering and leaving cost next to nothing. */
export abstract class Timed {
  /** Epoch milliseconds. */
  at = 0;
  /** Null outside of a list. */
  previous: Timed | null = null;
  next: Timed | null = null;

  /** Its time is over, and it has left the list. */
  abstract expire(): void;
}

/** All that has the same time to end in. It is in the order of its deadlines as it was entered, so one timer, for the first, is enough. */
export class DeadlineList {
  readonly ms: number;
  readonly #timer: Timer;
  readonly #clock: Clock;
  #first: Timed | null = null;
  #last: Timed | null = null;
  /** When the timer rings; null: none is set. It is left to ring though what it was for has ended: to set one for each would cost more. */
  #ringsAt: number | null = null;
  #giveUp: () => void = () => undefined;

  constructor(ms: number, timer: Timer, clock: Clock) {
    this.ms = ms;
    this.#timer = timer;
    this.#clock = clock;
  }

  /** From now (epoch milliseconds) on it has its time. */
  enter(timed: Timed, now: number = this.#clock()): void {
    timed.at = now + this.ms;
    timed.previous = this.#last;
    if (this.#last === null) this.#first = timed;
    else this.#last.next = timed;
    this.#last = timed;
    if (this.#ringsAt === null) this.#arm(timed.at);
    else if (timed.at < this.#ringsAt - this.ms) this.#followClock(timed.at);
  }

  /** The clock has gone back. What was entered before would have as much more time, and keep what is behind it from ending in its own. */
  #followClock(at: number): void {
    for (let late = this.#last; late !== null && late.at >= at; late = late.previous) late.at = at;
    this.#giveUp();
    this.#arm(this.#first?.at ?? at);
  }

  /** It has ended. To be called once, for what has been entered and did not expire. */
  leave(timed: Timed): void {
    if (timed.previous === null) this.#first = timed.next;
    else timed.previous.next = timed.next;
    if (timed.next === null) this.#last = timed.previous;
    else timed.next.previous = timed.previous;
    timed.previous = null;
    timed.next = null;
  }

  #arm(at: number): void {
    this.#ringsAt = at;
    this.#giveUp = this.#timer(at, () => this.#ring());
  }

  #ring(): void {
    const now = this.#clock();
    for (let first = this.#first; first !== null && first.at <= now; first = this.#first) {
      this.leave(first);
      first.expire();
    }
    this.#ringsAt = null;
    if (this.#first !== null) this.#arm(this.#first.at);
  }
}

/** The lists of deadlines, one for each length of time that is in use. */
export class Deadlines {
  readonly #timer: Timer;
  readonly #clock: Clock;
  readonly #lists = new Map<number, DeadlineList>();

  constructor(timer: Timer, clock: Clock) {
    this.#timer = timer;
    this.#clock = clock;
  }

  /** Of what has so many milliseconds. */
  of(ms: number): DeadlineList {
    let list = this.#lists.get(ms);
    if (list === undefined) this.#lists.set(ms, (list = new DeadlineList(ms, this.#timer, this.#clock)));
    return list;
  }
}
