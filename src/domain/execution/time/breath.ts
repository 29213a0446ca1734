import type { Clock, Timer } from "../../ports.ts";

/** What a {@link Breath} needs from outside. */
export interface BreathOptions {
  readonly clock: Clock;
  /** Lets all that is ready run. Null: nobody can, so nothing is waited for. */
  readonly timer: Timer | null;
  /** For how long the long works together may keep the event loop, in milliseconds. */
  readonly sliceMs: number;
}

/**
 * One for all long works of a server, bulk calls and large bodies: however many there are, together they keep the event loop for a slice
 * of time and then let whatever else is ready run. Who waits goes on in a slice of its own, first come first served.
 */
export class Breath {
  readonly #clock: Clock;
  readonly #timer: Timer | null;
  readonly #sliceMs: number;
  readonly #waiting: (() => void)[] = [];
  /** When long work began in this turn of the event loop; null: none has. */
  #since: number | null = null;

  constructor({ clock, timer, sliceMs }: BreathOptions) {
    this.#clock = clock;
    this.#timer = timer;
    this.#sliceMs = sliceMs;
  }

  /** To be asked before each step of a long work: must it wait for {@link Breath.take} first, since the slice is used up? */
  isDue(): boolean {
    if (this.#timer === null) return false;
    if (this.#since === null) this.#begin(this.#timer);
    return this.#since !== null && this.#clock() - this.#since >= this.#sliceMs;
  }

  /** The same for those who can wait here: undefined when the work may go on at once, else a promise of it. */
  take(): Promise<void> | undefined {
    return this.#timer !== null && this.isDue() ? this.#wait(this.#timer) : undefined;
  }

  /** Before a step that is long and cannot be divided: it has a slice to itself. */
  takeWhole(): Promise<void> | undefined {
    return this.#timer === null ? undefined : this.#wait(this.#timer);
  }

  #wait(timer: Timer): Promise<void> {
    if (this.#since === null) this.#begin(timer);
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  #begin(timer: Timer): void {
    this.#since = this.#clock();
    timer(this.#since, () => this.#turn(timer));
  }

  /** The event loop has been around: the next one in the queue may go on. */
  #turn(timer: Timer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#since = null;
    else {
      this.#begin(timer);
      next();
    }
  }
}
