const ALPHABET = /^[A-Za-z0-9_-]*$/;

/** Base64url without padding (RFC 4648 section 5, RFC 7515 section 2). */
export function encodeBase64url(data: Uint8Array | string): string {
  return Buffer.from(data).toString("base64url");
}

/**
 * The bytes, or undefined for anything but the one canonical spelling. Node's decoder alone takes
 * padding, white space, `+/` and stray trailing bits, so one signature would have many texts.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  if (!ALPHABET.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}
