import { run, settle, type MaybePromise, type Steps } from "../steps.ts";

/** Who waits for each key that is held, first come first. */
type Queues = Map<string, (() => void)[]>;

/**
 * Who comes first is served first: one turn for each key at a time, within this process. It keeps
 * executions that write to one record from failing each other; what makes them safe is the version
 * in the commit.
 */
export class Turns {
  readonly #queues: Queues = new Map();

  /** Takes the turns, waiting where need be; in sorted order, so that no two wait for each other. */
  take(keys: readonly string[]): MaybePromise<HeldTurns> {
    return run(takeInOrder(this.#queues, keys.length > 1 ? [...new Set(keys)].sort() : keys));
  }
}

function* takeInOrder(queues: Queues, keys: readonly string[]): Steps<HeldTurns> {
  for (const key of keys) {
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, []);
    else yield* settle(new Promise<void>((resolve) => queue.push(resolve)));
  }
  return new HeldTurns(queues, keys);
}

/** Turns that are held; give them back with `release()`, once. */
export class HeldTurns {
  readonly #queues: Queues;
  readonly #keys: Set<string>;

  constructor(queues: Queues, keys: readonly string[]) {
    this.#queues = queues;
    this.#keys = new Set(keys);
  }

  /** Takes these as well, if every one of them that is not held already is free at this moment. */
  extend(keys: readonly string[]): boolean {
    const more = keys.filter((key) => !this.#keys.has(key));
    if (more.some((key) => this.#queues.has(key))) return false;
    for (const key of more) {
      this.#keys.add(key);
      this.#queues.set(key, []);
    }
    return true;
  }

  /** Hands each turn on, or frees the key when nobody waits. */
  release(): void {
    for (const key of this.#keys) {
      const next = this.#queues.get(key)?.shift();
      if (next === undefined) this.#queues.delete(key);
      else next();
    }
  }
}
