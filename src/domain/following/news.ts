import type { Clock, Timer } from "../ports.ts";

/** The clock and the timer of {@link News}. */
export interface NewsPorts {
  /** Null: only news ends a wait. */
  readonly timer: Timer | null;
  readonly clock: Clock;
}

/** Tells one who waits that there is something new, so that nothing that comes between two waits is missed. */
export class News {
  readonly #ports: NewsPorts;
  #isThere = true;
  #isOver = false;
  #wake: (() => void) | null = null;

  constructor(ports: NewsPorts) {
    this.#ports = ports;
  }

  /** No more will come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  come(): void {
    this.#isThere = true;
    this.#wake?.();
  }

  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  /** Is there any? It is taken. */
  take(): boolean {
    const isThere = this.#isThere;
    this.#isThere = false;
    return isThere;
  }

  /** Waits until there is any, until it is over, or for so many milliseconds. */
  async wait(ms: number): Promise<void> {
    if (this.#isThere || this.#isOver) return;
    const { timer, clock } = this.#ports;
    let giveUp: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (timer !== null) giveUp = timer(clock() + ms, resolve);
    });
    giveUp();
    this.#wake = null;
  }
}
