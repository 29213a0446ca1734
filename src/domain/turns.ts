import { run, settle, type MaybePromise, type Steps } from "./steps.ts";

/** Turns that are held; give them back with `release()`, once. */
export interface HeldTurns {
  /** Takes these as well, if every one of them that is not held already is free at this moment. */
  extend(keys: readonly string[]): boolean;
  release(): void;
}

/**
 * Who comes first is served first: one turn for each key at a time, within this process. It keeps
 * executions that write to one record from failing each other; what makes them safe is the version
 * in the commit.
 */
export class Turns {
  /** A key that is held, and who waits for it. */
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Takes the turns, waiting where need be; in sorted order, so that no two wait for each other. */
  take(keys: readonly string[]): MaybePromise<HeldTurns> {
    return run(this.#takeInOrder(keys.length > 1 ? [...new Set(keys)].sort() : keys));
  }

  *#takeInOrder(keys: readonly string[]): Steps<HeldTurns> {
    for (const key of keys) {
      const queue = this.#waiting.get(key);
      if (queue === undefined) this.#waiting.set(key, []);
      else yield* settle(new Promise<void>((resolve) => queue.push(resolve)));
    }
    return this.#held(new Set(keys));
  }

  #held(keys: Set<string>): HeldTurns {
    return {
      extend: (more) => {
        if (more.some((key) => !keys.has(key) && this.#waiting.has(key))) return false;
        for (const key of more) {
          if (keys.has(key)) continue;
          keys.add(key);
          this.#waiting.set(key, []);
        }
        return true;
      },
      release: () => {
        for (const key of keys) this.#pass(key);
      },
    };
  }

  /** Hands the turn on, or frees the key when nobody waits. */
  #pass(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next === undefined) this.#waiting.delete(key);
    else next();
  }
}
