import { failed, type Failed } from "./answer/outcome.ts";
import type { Clock } from "../ports.ts";

/** What one identity may leave behind, in bytes. */
export interface QuotaLimit {
  /** So much at once, and as much again in each period. */
  readonly maxBytes: number;
  readonly periodMs: number;
  /** What was left behind and how to mend it, as a sentence's beginning; `try again in 7 seconds.` follows. */
  readonly sentence: string;
}

/** Thrown inside a handler for what it may not leave behind on behalf of its caller. */
export class OverQuota extends Error {
  override readonly name = "OverQuota";
  readonly failure: Failed;

  constructor(failure: Failed) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What an identity has left behind; it runs off evenly, all of a full quota in one period. */
interface Level {
  bytes: number;
  at: number;
}

/** Of more identities at once those are forgotten that have left nothing lately, and then the oldest. */
const MAX_IDENTITIES = 10_000;

/** Counts what identities leave behind for others to keep, in the memory of this process: it begins again when the process does. */
export class Quota {
  readonly #limit: QuotaLimit;
  readonly #clock: Clock;
  readonly #levels = new Map<string, Level>();

  constructor(limit: QuotaLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Counts what the identity of this key has left. */
  charge(identityKey: string, bytes: number): void {
    const known = this.#levels.get(identityKey);
    if (known !== undefined) {
      this.#runOff(known);
      known.bytes += bytes;
      return;
    }
    if (this.#levels.size >= MAX_IDENTITIES) this.#makeRoom();
    this.#levels.set(identityKey, { bytes, at: this.#clock() });
  }

  /** Why this identity may leave nothing more just now; null when it may. */
  refusal(identityKey: string): Failed | null {
    const level = this.#levels.get(identityKey);
    if (level === undefined) return null;
    this.#runOff(level);
    const { maxBytes, periodMs, sentence } = this.#limit;
    if (level.bytes < maxBytes) return null;
    const retryAfterSeconds = Math.floor(((level.bytes - maxBytes) * periodMs) / maxBytes / 1000) + 1;
    const wait = retryAfterSeconds === 1 ? "1 second" : `${retryAfterSeconds} seconds`;
    return { ...failed("too_many_requests", `${sentence}, or try again in ${wait}.`), retryAfterSeconds };
  }

  /** The clock may go back: then nothing runs off until it has caught up from there. */
  #runOff(level: Level): void {
    const now = this.#clock();
    const { maxBytes, periodMs } = this.#limit;
    level.bytes = Math.max(0, level.bytes - (Math.max(0, now - level.at) * maxBytes) / periodMs);
    level.at = now;
  }

  #makeRoom(): void {
    for (const [key, level] of this.#levels) {
      this.#runOff(level);
      if (level.bytes === 0) this.#levels.delete(key);
    }
    const oldest = this.#levels.keys().next();
    if (this.#levels.size >= MAX_IDENTITIES && oldest.done === false) this.#levels.delete(oldest.value);
  }
}
