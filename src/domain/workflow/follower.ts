import type { JsonObject } from "../json.ts";
import type { Failed } from "../execution/answer/outcome.ts";
import type { Clock, Timer } from "../ports.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** A run as clients see it. */
export interface WorkflowAnswer {
  readonly kind: "run";
  readonly run: JsonObject;
  /** Nothing will change any more. */
  readonly ended: boolean;
}

/** What following takes. */
export interface FollowerPorts {
  find(): MaybePromise<WorkflowAnswer | Failed>;
  /** Tells of changes until its answer is called. */
  watch(changed: () => void): () => void;
  /** Null: there are no signs of life. */
  readonly timer: Timer | null;
  readonly clock: Clock;
  /** Where whoever closes everything finds how to end this. */
  readonly followers: Set<() => void>;
}

/** How long it is silent at most. */
const SILENCE_MS = 15_000;

/**
 * A run's states as they change, to be read once. Whoever is slow sees the latest, not everything in between. No generator: one
 * that waits could not be told that its reader has left.
 */
export class Follower implements AsyncIterable<WorkflowAnswer | null>, AsyncIterator<WorkflowAnswer | null, undefined> {
  readonly #ports: FollowerPorts;
  readonly #end = () => this.#close();
  #unwatch: (() => void) | null = null;
  #changed = true;
  #closed = false;
  #shown = "";
  #wake: (() => void) | null = null;

  constructor(ports: FollowerPorts) {
    this.#ports = ports;
  }

  [Symbol.asyncIterator](): this {
    if (this.#unwatch === null && !this.#closed) {
      this.#unwatch = this.#ports.watch(() => this.#notice());
      this.#ports.followers.add(this.#end);
    }
    return this;
  }

  async next(): Promise<IteratorResult<WorkflowAnswer | null, undefined>> {
    while (!this.#closed) {
      if (!this.#changed && !(await this.#wait())) return { done: false, value: null };
      if (this.#closed) break;
      this.#changed = false;
      const answer = await this.#ports.find();
      if (answer.kind === "failed") break;
      const text = JSON.stringify(answer.run);
      if (answer.ended) this.#close();
      if (text === this.#shown) continue;
      this.#shown = text;
      return { done: false, value: answer };
    }
    return this.return();
  }

  async return(): Promise<IteratorResult<WorkflowAnswer | null, undefined>> {
    this.#close();
    return { done: true, value: undefined };
  }

  #notice(): void {
    this.#changed = true;
    this.#wake?.();
  }

  #close(): void {
    this.#closed = true;
    this.#unwatch?.();
    this.#unwatch = null;
    this.#ports.followers.delete(this.#end);
    this.#wake?.();
  }

  /** True when something is there, false when it is time for a sign of life. */
  async #wait(): Promise<boolean> {
    const { timer, clock } = this.#ports;
    let giveUp: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (timer !== null) giveUp = timer(clock() + SILENCE_MS, resolve);
    });
    giveUp();
    this.#wake = null;
    return this.#changed || this.#closed;
  }
}
