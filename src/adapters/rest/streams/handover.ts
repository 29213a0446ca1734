import type { MaybePromise } from "../../../domain/maybe-promise.ts";

/** A thing that a producer gave, or what it came to at the end. */
export type Given<T, E> = { readonly item: T } | { readonly end: E };

/**
 * Hands items from a producer that pushes to a consumer that pulls: the producer waits until what it gave was taken, one item
 * or those that it gave at once. Once the consumer has closed, the producer waits no more.
 */
export class Handover<T, E> {
  #given: Given<T, E>[] = [];
  /** Told when all that was given is taken. */
  #taken: (() => void)[] = [];
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

  /** Takes what there is, one thing at least; the producer may go on. */
  async next(): Promise<readonly Given<T, E>[]> {
    await this.first();
    const given = this.#given;
    this.#given = [];
    this.#proceed();
    return given;
  }

  /** Takes nothing any more: the producer runs to its end unhindered. */
  close(): void {
    this.#closed = true;
    this.#proceed();
  }

  #proceed(): void {
    const taken = this.#taken;
    this.#taken = [];
    for (const proceed of taken) proceed();
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
