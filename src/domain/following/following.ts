import { News, type NewsPorts } from "./news.ts";

/** What following takes. */
export interface FollowingPorts extends NewsPorts {
  /** Tells of changes until its answer is called. */
  watch(changed: () => void): () => void;
  /** Where whoever closes everything finds how to end this. */
  readonly followers: Set<() => void>;
}

/**
 * What comes, to be read once for as long as its reader likes; null is a sign of life. No generator: one that waits could not be told that
 * its reader has left.
 */
export abstract class Following<T> implements AsyncIterable<T | null>, AsyncIterator<T | null, undefined> {
  protected readonly news: News;
  readonly #ports: FollowingPorts;
  readonly #end = () => this.close();
  #unwatch: (() => void) | null = null;

  constructor(ports: FollowingPorts) {
    this.#ports = ports;
    this.news = new News(ports);
  }

  [Symbol.asyncIterator](): this {
    if (this.#unwatch === null && !this.news.isOver) {
      this.#unwatch = this.#ports.watch(() => this.news.come());
      this.#ports.followers.add(this.#end);
    }
    return this;
  }

  abstract next(): Promise<IteratorResult<T | null, undefined>>;

  async return(): Promise<IteratorResult<T | null, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  protected close(): void {
    this.news.end();
    this.#unwatch?.();
    this.#unwatch = null;
    this.#ports.followers.delete(this.#end);
  }
}
