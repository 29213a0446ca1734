/** Fresh random bytes, fit for secrets. */
export type RandomBytes = (length: number) => Uint8Array;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 62^43 is just over 2^256. */
const SECRET_LENGTH = 43;
/** The greatest multiple of 62 that a byte can hold; bytes from there on would favour some characters. */
const UNBIASED_BELOW = 248;

/** A secret of 256 bits in letters and digits, which no client's way of encoding can change. */
export function createSecret(randomBytes: RandomBytes): string {
  let secret = "";
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      if (byte < UNBIASED_BELOW && secret.length < SECRET_LENGTH) secret += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return secret;
}
