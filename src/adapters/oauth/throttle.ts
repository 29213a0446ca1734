import type { Clock } from "../../domain/ports.ts";
import { digestOf } from "./hashing.ts";
import { TooManyAttempts } from "./oauth-error.ts";

/** How many attempts may fail within a window. */
export interface ThrottleLimit {
  /** Failures after which attempts are refused, 1 or more. */
  readonly maxFailures: number;
  /** The time in which as many failures are forgotten again, in milliseconds. */
  readonly windowMs: number;
}

/** Counts failures by key. */
export interface Throttle {
  /**
   * Charges one attempt to each key at once, so that parallel guesses cannot slip past the count, and
   * answers how to take the charge back after a success. Throws the 429 when a key is exhausted.
   */
  charge(attempts: readonly ThrottledAttempt[]): () => void;
}

/** What an attempt is counted under. */
export interface ThrottledAttempt {
  /** Of any length, and whatever a stranger has sent: only a digest of it is kept. */
  readonly key: string;
  readonly limit: ThrottleLimit;
}

interface Bucket {
  level: number;
  updatedMs: number;
}

/** More keys than this are forgotten, the oldest first: an attacker's own, as the address is counted too. */
const MAX_KEYS = 20_000;

/** A throttle that drains as time goes by (a leaky bucket for each key), in the memory of this process. */
export function createThrottle(clock: Clock): Throttle {
  const buckets = new Map<string, Bucket>();

  const drain = (digest: string, limit: ThrottleLimit): Bucket => {
    const now = clock();
    const bucket = buckets.get(digest) ?? { level: 0, updatedMs: now };
    const leaked = (Math.max(0, now - bucket.updatedMs) * limit.maxFailures) / limit.windowMs;
    bucket.level = Math.max(0, bucket.level - leaked);
    bucket.updatedMs = now;
    return bucket;
  };

  const fill = (digest: string, bucket: Bucket): void => {
    bucket.level += 1;
    buckets.delete(digest);
    buckets.set(digest, bucket);
    const oldest = buckets.size > MAX_KEYS ? buckets.keys().next() : undefined;
    if (oldest?.done === false) buckets.delete(oldest.value);
  };

  return {
    charge(attempts) {
      const drained = attempts.map(({ key, limit }) => {
        const digest = digestOf(key);
        return { digest, limit, bucket: drain(digest, limit) };
      });
      const waits = drained.map(({ limit, bucket }) => toWaitMs(bucket, limit));
      const waitMs = Math.max(0, ...waits);
      if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
      for (const { digest, bucket } of drained) fill(digest, bucket);
      return () => {
        for (const { bucket } of drained) bucket.level = Math.max(0, bucket.level - 1);
      };
    },
  };
}

/** Takes the charge back when nobody can say whether the secret was right: whoever overloads the server is not to lock others out by it. */
export async function refundUnlessAnswered<T>(refund: () => void, verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    refund();
    throw error;
  }
}

/** How long until one more attempt fits, in milliseconds. */
function toWaitMs(bucket: Bucket, limit: ThrottleLimit): number {
  const excess = bucket.level + 1 - limit.maxFailures;
  return excess <= 0 ? 0 : (excess * limit.windowMs) / limit.maxFailures;
}
