import { createHmac } from "node:crypto";
import type { Clock } from "../../../domain/ports.ts";
import type { RandomBytes } from "../random.ts";
import type { ScryptHasher } from "../users/scrypt-hasher.ts";
import { toAddressKey } from "../throttle.ts";
import type { Throttle } from "../throttle.ts";

/** Checks client secrets: rarely by scrypt, mostly by remembering what was right a moment ago. */
export interface SecretVerifier {
  /**
   * Is this the client's secret, one of these live hashes? Throws the 429 after too many failures and
   * the 503 under too much load. An unknown client has no hashes, and is refused in the same time.
   */
  verify(attempt: SecretAttempt): Promise<boolean>;
}

/** One try. */
export interface SecretAttempt {
  readonly clientId: string;
  readonly secret: string;
  readonly hashes: readonly string[];
  readonly remoteAddress: string | undefined;
}

/** What {@link createSecretVerifier} needs. */
export interface SecretVerifierOptions {
  readonly hasher: ScryptHasher;
  readonly throttle: Throttle;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

const REMEMBERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 1000;
const PER_CLIENT = { maxFailures: 10, windowMs: 5 * 60_000 };
const PER_ADDRESS = { maxFailures: 100, windowMs: 5 * 60_000 };

/**
 * The memo holds the hash that a secret matched, under an HMAC of id and secret with a key of this
 * process: nothing in it can be used elsewhere. It counts only while that hash is among the live
 * ones, so a secret that was replaced, expired or whose client is gone is forgotten at once.
 */
export function createSecretVerifier({ hasher, throttle, clock, randomBytes }: SecretVerifierOptions): SecretVerifier {
  const processKey = randomBytes(32);
  const remembered = new Map<string, { readonly hash: string; readonly untilMs: number }>();
  const underway = new Map<string, Promise<string | undefined>>();

  const remember = (memoKey: string, hash: string): void => {
    remembered.delete(memoKey);
    remembered.set(memoKey, { hash, untilMs: clock() + REMEMBERED_MS });
    const oldest = remembered.size > MAX_REMEMBERED ? remembered.keys().next() : undefined;
    if (oldest?.done === false) remembered.delete(oldest.value);
  };

  const check = async (memoKey: string, { clientId, secret, hashes, remoteAddress }: SecretAttempt): Promise<string | undefined> => {
    const address = toAddressKey(remoteAddress);
    const attempts = [
      { key: JSON.stringify([clientId, address]), limit: PER_CLIENT },
      { key: address, limit: PER_ADDRESS },
    ];
    const refund = throttle.charge(attempts);
    const match = await hasher.findMatch(secret, hashes);
    if (match === undefined) return undefined;
    refund();
    remember(memoKey, match);
    return match;
  };

  /** Calls with the same id and secret share one computation: fifty workers that start together pay once. */
  const checkOnce = (memoKey: string, attempt: SecretAttempt): Promise<string | undefined> => {
    const shared = underway.get(memoKey);
    if (shared !== undefined) return shared;
    const started = check(memoKey, attempt).finally(() => underway.delete(memoKey));
    underway.set(memoKey, started);
    return started;
  };

  return {
    async verify(attempt) {
      const memoKey = createHmac("sha256", processKey).update(JSON.stringify([attempt.clientId, attempt.secret])).digest("base64");
      const memo = remembered.get(memoKey);
      if (memo !== undefined && clock() < memo.untilMs && attempt.hashes.includes(memo.hash)) return true;
      const match = await checkOnce(memoKey, attempt);
      return match !== undefined && attempt.hashes.includes(match);
    },
  };
}
