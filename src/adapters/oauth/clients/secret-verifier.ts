import type { OAuthStore } from "../oauth-store.ts";
import { toAddressKey } from "../../http/address-key.ts";
import type { Throttle } from "../throttle.ts";
import { isScryptHash } from "../users/scrypt-hasher.ts";
import type { ScryptHasher } from "../users/scrypt-hasher.ts";
import { isSecretOf } from "./client-secret.ts";
import type { SecretAttempt, VerifySecret } from "./client-secret.ts";
import { createScryptSecretVerifier } from "./scrypt-secret.ts";

/** Options of {@link createSecretVerifier}. */
export interface SecretVerifierOptions {
  readonly store: OAuthStore;
  readonly throttle: Throttle;
  readonly passwordHasher: ScryptHasher;
}

const PER_CLIENT = { maxFailures: 10, windowMs: 5 * 60_000 };
const PER_ADDRESS = { maxFailures: 100, windowMs: 5 * 60_000 };

/**
 * A right secret is let through before anything is counted. It has 256 bits, so nobody has it by guessing, and
 * whoever guesses in a client's name cannot lock the client out.
 */
export function createSecretVerifier({ store, throttle, passwordHasher }: SecretVerifierOptions): VerifySecret {
  const charge = ({ clientId, remoteAddress }: SecretAttempt): (() => void) => {
    const address = toAddressKey(remoteAddress);
    return throttle.charge([
      { key: JSON.stringify([clientId, address]), limit: PER_CLIENT },
      { key: address, limit: PER_ADDRESS },
    ]);
  };
  const verifyScryptSecret = createScryptSecretVerifier({ store, hasher: passwordHasher, charge });
  return async (attempt) => {
    if (isSecretOf(attempt.hashes, attempt.secret)) return true;
    if (attempt.hashes.some(isScryptHash)) return verifyScryptSecret(attempt);
    charge(attempt);
    return false;
  };
}
