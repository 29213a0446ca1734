import type { Randomness } from "./port.ts";

/** How often a step that fails is tried again, and when. */
export interface RetryPolicy {
  /** How many tries in all, 1 to 1,000. Default 5. */
  readonly maxAttempts?: number;
  /** The pause after the first failure, in milliseconds. Default 1,000. */
  readonly initialDelayMs?: number;
  /** Each pause is so many times the one before. Default 2. */
  readonly factor?: number;
  /** No pause is longer, in milliseconds. Default 300,000 (5 minutes). */
  readonly maxDelayMs?: number;
  /** The share of a pause that is left to chance, 0 to 1, so that many that failed together do not come again together. Default 0.5. */
  readonly jitter?: number;
}

const DEFAULTS: Required<RetryPolicy> = { maxAttempts: 5, initialDelayMs: 1000, factor: 2, maxDelayMs: 300_000, jitter: 0.5 };
const DAY_MS = 86_400_000;
const BOUNDS: readonly (readonly [keyof RetryPolicy, number, number])[] = [
  ["maxAttempts", 1, 1000],
  ["initialDelayMs", 0, 366 * DAY_MS],
  ["factor", 1, 100],
  ["maxDelayMs", 0, 366 * DAY_MS],
  ["jitter", 0, 1],
];

/** The policy with its defaults. Throws a TypeError that names what is out of range. */
export function resolveRetry(policy: RetryPolicy = {}): Required<RetryPolicy> {
  const resolved = { ...DEFAULTS, ...policy };
  for (const [name, least, most] of BOUNDS) {
    if (!(resolved[name] >= least && resolved[name] <= most)) throw new TypeError(`retry.${name} must be from ${least} to ${most}, not ${resolved[name]}`);
  }
  if (!Number.isInteger(resolved.maxAttempts)) throw new TypeError("retry.maxAttempts must be a whole number");
  return resolved;
}

/** The pause after this many failures, in whole milliseconds; null: that was the last try. */
export function delayAfter(failures: number, policy: Required<RetryPolicy>, random: Randomness): number | null {
  if (failures >= policy.maxAttempts) return null;
  const delay = Math.min(policy.maxDelayMs, policy.initialDelayMs * policy.factor ** (failures - 1));
  return Math.round(delay * (1 - policy.jitter * random()));
}
