import { toAddressKey } from "../../http/address-key.ts";
import { digestOf } from "../hashing.ts";
import { AUTHORITY } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { refundUnlessAnswered } from "../throttle.ts";
import { isScryptHash } from "../users/scrypt-hasher.ts";
import type { ScryptHasher } from "../users/scrypt-hasher.ts";
import { toClient } from "./client-record.ts";
import { hashClientSecret } from "./client-secret.ts";
import type { SecretAttempt, VerifySecret } from "./client-secret.ts";

/** Options of {@link createScryptSecretVerifier}. */
export interface ScryptSecretOptions {
  readonly store: OAuthStore;
  readonly hasher: ScryptHasher;
  /** Counts the try as a failure, and answers how to take that back. */
  readonly charge: (attempt: SecretAttempt) => () => void;
}

/**
 * Secrets of clients that were registered when all secrets were kept by scrypt. The first time one is
 * right it is kept as {@link hashClientSecret} says, so this is expensive once for each client.
 */
export function createScryptSecretVerifier({ store, hasher, charge }: ScryptSecretOptions): VerifySecret {
  const verify = async (attempt: SecretAttempt): Promise<boolean> => {
    const refund = charge(attempt);
    const owner = { address: toAddressKey(attempt.remoteAddress), account: digestOf(attempt.clientId) };
    for (const hash of attempt.hashes.filter(isScryptHash)) {
      if (!(await refundUnlessAnswered(refund, () => hasher.matches(attempt.secret, hash, owner)))) continue;
      refund();
      await keepAnew(store, attempt, hash);
      return true;
    }
    return false;
  };
  const underway = new Map<string, Promise<boolean>>();
  /** Calls with the same secret share one computation and one charge: fifty workers that start together pay once. */
  return (attempt) => {
    const key = digestOf(JSON.stringify([attempt.clientId, attempt.secret, attempt.hashes]));
    const answer = underway.get(key) ?? verify(attempt).finally(() => underway.delete(key));
    underway.set(key, answer);
    return answer;
  };
}

async function keepAnew(store: OAuthStore, { clientId, secret }: SecretAttempt, known: string): Promise<void> {
  const hash = hashClientSecret(secret);
  await store.update(AUTHORITY, `client:${clientId}`, (value) => ({
    ...value,
    secrets: toClient(value).secrets.map((kept) => (kept.hash === known ? { ...kept, hash } : kept)),
  }));
}
