import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** The SHA-256 under which a random secret (a code, a refresh token, a cookie) is kept and found. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** What only the holder of `secret` can tell about `text`: 256 bits in base64url. */
export function deriveSecret(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}

/** Compares without telling by its time where two texts differ. */
export function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(createHash("sha256").update(one).digest(), createHash("sha256").update(other).digest());
}
