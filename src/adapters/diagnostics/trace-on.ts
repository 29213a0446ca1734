import type { Channel } from "node:diagnostics_channel";
import { isPromiseLike, type MaybePromise } from "../../domain/maybe-promise.ts";
import type { Trace, Traced } from "../../domain/observation/tracing.ts";

/** The channels of one kind of work, as `diagnostics_channel.tracingChannel` has them. */
export type Channels = Readonly<Record<"start" | "end" | "asyncStart" | "asyncEnd" | "error", Channel>>;

/**
 * Publishes as `TracingChannel.tracePromise` does, or as `traceSync` where the work answers at once, but for two things: what the
 * work answers is never in the message, since that has bodies in it, and the message has its duration.
 */
export function traceOn<M extends Traced>(channels: Channels): Trace<M> {
  return (message, work, ended) => {
    const following = new Following(channels, message, ended);
    // What is bound to `start`, such as the current span, is so for the work and all that it waits for.
    return channels.start.runStores(message, () => following.run(work));
  };
}

class Following<M extends Traced, T> {
  readonly #channels: Channels;
  readonly #message: M;
  readonly #ended: (result: T) => void;
  readonly #startedAt = performance.now();

  constructor(channels: Channels, message: M, ended: (result: T) => void) {
    this.#channels = channels;
    this.#message = message;
    this.#ended = ended;
  }

  run(work: () => MaybePromise<T>): MaybePromise<T> {
    try {
      const answer = work();
      if (isPromiseLike(answer)) return this.#endLater(answer);
      this.#note(answer);
      return answer;
    } catch (error) {
      this.#noteError(error);
      throw error;
    } finally {
      this.#channels.end.publish(this.#message);
    }
  }

  /** An async function begins at once, but by then the answer is on its way. */
  async #endLater(answer: PromiseLike<T>): Promise<T> {
    try {
      const result = await answer;
      this.#note(result);
      return result;
    } catch (error) {
      this.#noteError(error);
      throw error;
    } finally {
      this.#channels.asyncStart.publish(this.#message);
      this.#channels.asyncEnd.publish(this.#message);
    }
  }

  #note(result: T): void {
    this.#ended(result);
    this.#stop();
    if (this.#message.error !== undefined) this.#channels.error.publish(this.#message);
  }

  #noteError(error: unknown): void {
    this.#message.error = error;
    this.#stop();
    this.#channels.error.publish(this.#message);
  }

  #stop(): void {
    this.#message.durationMs = performance.now() - this.#startedAt;
  }
}
