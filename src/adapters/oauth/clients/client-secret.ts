import { digestOf, equalSecrets } from "../hashing.ts";

/** Is this the client's secret? Throws the 429 after too many failures. An unknown client is refused in the same time. */
export type VerifySecret = (attempt: SecretAttempt) => Promise<boolean>;

/** One try. */
export interface SecretAttempt {
  readonly clientId: string;
  readonly secret: string;
  /** What is kept of the client's live secrets; nothing for a client that has none or is unknown. */
  readonly hashes: readonly string[];
  readonly remoteAddress: string | undefined;
}

/** What no secret hashes to: an unknown client is refused by the same comparison. */
const NONE: readonly string[] = ["sha256$"];

/**
 * What is kept of a client's secret. We make it ourselves, of 256 random bits, so nobody can try them
 * all however cheap a try is; scrypt is for what people choose. The prefix keeps it apart from all else that is hashed here.
 */
export function hashClientSecret(secret: string): string {
  return `sha256$${digestOf(`client secret ${secret}`)}`;
}

/** Is it the secret of one of these hashes? Takes as long for one that is not, and for none at all. */
export function isSecretOf(hashes: readonly string[], secret: string): boolean {
  const shown = hashClientSecret(secret);
  let found = false;
  for (const hash of hashes.length === 0 ? NONE : hashes) found = equalSecrets(shown, hash) || found;
  return found;
}
