import { identityKey, type Identity } from "../../../domain/identity.ts";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { Clock, Timer } from "../../../domain/ports.ts";
import type { BodyStream } from "../../http/message.ts";
import { Places } from "../../http/places.ts";
import { RequestRefused } from "../../http/request-refused.ts";

/** Options of {@link LastingStreams}. */
export interface LastingStreamsOptions {
  /** Streams that one identity may have open. */
  readonly maxPerIdentity: number;
  readonly clock: Clock;
  /** For asking again while nothing comes; undefined: asked only when something does. */
  readonly timer: Timer | undefined;
}

/** A stream and whoever reads it. */
export interface LastingStreamParts {
  readonly identity: Identity;
  readonly body: BodyStream;
  /** May it still be read, with the same token? Whatever it throws means no. */
  readonly mayRead: () => MaybePromise<boolean>;
  /** How it ends when it may not: as if it were whole, or broken off, for a reader who could not tell that something is missing. */
  readonly ending: "whole" | "broken";
}

/** How long a silent stream goes on before it is asked again who reads it. */
const ASK_AGAIN_MS = 60_000;
const END = { done: true, value: undefined } as const;
const BROKEN = new RequestRefused({ status: 401, code: "unauthenticated", message: "Unauthenticated." });

/** Streams that last for as long as somebody reads them: only so many for each identity, and only while it may read them. */
export class LastingStreams {
  readonly #options: LastingStreamsOptions;
  readonly #places: Places;

  constructor(options: LastingStreamsOptions) {
    this.#options = options;
    this.#places = new Places({ overall: Infinity, perHolder: options.maxPerIdentity });
  }

  /** The stream with that watched over it; undefined when the identity has too many. */
  open(parts: LastingStreamParts): BodyStream | undefined {
    const holder = identityKey(parts.identity);
    if (this.#places.take(holder) !== undefined) return undefined;
    const reading = new Reading(parts, this.#options, () => this.#places.leave(holder));
    return { [Symbol.asyncIterator]: () => reading };
  }
}

/** One reader's way through a stream. */
class Reading implements AsyncIterator<string, undefined> {
  readonly #parts: LastingStreamParts;
  readonly #options: LastingStreamsOptions;
  readonly #leave: () => void;
  readonly #pieces: AsyncIterator<string>;
  #giveUp: (() => void) | undefined;
  #isRefused = false;
  #isOver = false;

  constructor(parts: LastingStreamParts, options: LastingStreamsOptions, leave: () => void) {
    this.#parts = parts;
    this.#options = options;
    this.#leave = leave;
    this.#pieces = parts.body[Symbol.asyncIterator]();
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (this.#isOver) return END;
    if (this.#giveUp === undefined) this.#askLater();
    const piece = await this.#pieces.next();
    if (piece.done !== true && (await this.#isAllowed())) return piece;
    await this.return();
    if (this.#isRefused && this.#parts.ending === "broken") throw BROKEN;
    return END;
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    this.#giveUp?.();
    if (this.#isOver) return END;
    this.#isOver = true;
    this.#leave();
    await this.#pieces.return?.();
    return END;
  }

  async #isAllowed(): Promise<boolean> {
    let allowed = false;
    try {
      allowed = await this.#parts.mayRead();
    } catch {
      // Who cannot be asked about may not read; why that is, whoever was asked has noted.
    }
    if (!allowed) this.#isRefused = true;
    return allowed && !this.#isRefused && !this.#isOver;
  }

  #askLater(): void {
    const { timer, clock } = this.#options;
    this.#giveUp = timer?.(clock() + ASK_AGAIN_MS, () => void this.#askAgain());
  }

  /** Ends what is waited for, so that the reader is told. */
  async #askAgain(): Promise<void> {
    if (await this.#isAllowed()) this.#askLater();
    else await this.#pieces.return?.();
  }
}
