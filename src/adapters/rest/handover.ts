import type { MaybePromise } from "../../domain/maybe-promise.ts";

/** The next thing a producer gave, or what it came to at the end. */
export type Given<T, E> = { readonly item: T } | { readonly end: E };

/**
 * Hands items from a producer that pushes to a consumer that pulls, one at a time: the producer
 * waits until each was taken. Once the consumer has closed, the producer waits no more.
 */
export class Handover<T, E> {
  readonly #taken: (() => void)[] = [];
  readonly #given: Given<T, E>[] = [];
  #wake: (() => void) | null = null;
  #failure: { readonly error: unknown } | null = null;
  #closed = false;

  /** Starts the producer with the function that it gives its items to. */
  constructor(produce: (give: (item: T) => MaybePromise<void>) => MaybePromise<E>) {
    void this.#produce(produce);
  }

  /** Waits for the first thing to be given, and leaves it where it is. */
  async first(): Promise<Given<T, E>> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure.error;
      const [next] = this.#given;
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Takes the next thing; the producer may go on. */
  async next(): Promise<Given<T, E>> {
    const next = await this.first();
    this.#given.shift();
    this.#taken.shift()?.();
    return next;
  }

  /** Takes nothing any more: the producer runs to its end unhindered. */
  close(): void {
    this.#closed = true;
    for (const taken of this.#taken.splice(0)) taken();
  }

  async #produce(produce: (give: (item: T) => MaybePromise<void>) => MaybePromise<E>): Promise<void> {
    try {
      this.#put({ end: await produce((item) => this.#give(item)) });
    } catch (error) {
      this.#failure = { error };
      this.#wake?.();
    }
  }

  #give(item: T): MaybePromise<void> {
    if (this.#closed) return;
    const taken = new Promise<void>((resolve) => this.#taken.push(resolve));
    this.#put({ item });
    return taken;
  }

  #put(given: Given<T, E>): void {
    this.#given.push(given);
    this.#wake?.();
  }
}
