/**
 * One group of items at a time runs in the whole server, so that none works on what another is about to change; first come first
 * served. Whoever has it waits for nothing but a breath, so nobody needs to give up waiting for it.
 */
export class Floor {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** Settles when it is the caller's, who then leaves it with {@link Floor.leave}. */
  take(): Promise<void> | undefined {
    if (this.#isTaken) return new Promise((resolve) => void this.#waiting.push(resolve));
    this.#isTaken = true;
    return undefined;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}
