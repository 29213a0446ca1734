import type { JsonObject } from "../json.ts";
import type { Failed } from "../execution/answer/outcome.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { News, type NewsPorts } from "../news.ts";

/** A run as clients see it. */
export interface WorkflowAnswer {
  readonly kind: "run";
  readonly run: JsonObject;
  /** Nothing will change any more. */
  readonly ended: boolean;
}

/** What following takes. */
export interface FollowerPorts extends NewsPorts {
  find(): MaybePromise<WorkflowAnswer | Failed>;
  /** Tells of changes until its answer is called. */
  watch(changed: () => void): () => void;
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
  readonly #news: News;
  readonly #end = () => this.#close();
  #unwatch: (() => void) | null = null;
  #shown = "";

  constructor(ports: FollowerPorts) {
    this.#ports = ports;
    this.#news = new News(ports);
  }

  [Symbol.asyncIterator](): this {
    if (this.#unwatch === null && !this.#news.isOver) {
      this.#unwatch = this.#ports.watch(() => this.#news.come());
      this.#ports.followers.add(this.#end);
    }
    return this;
  }

  async next(): Promise<IteratorResult<WorkflowAnswer | null, undefined>> {
    while (!this.#news.isOver) {
      await this.#news.wait(SILENCE_MS);
      if (this.#news.isOver) break;
      if (!this.#news.take()) return { done: false, value: null };
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

  #close(): void {
    this.#news.end();
    this.#unwatch?.();
    this.#unwatch = null;
    this.#ports.followers.delete(this.#end);
  }
}
