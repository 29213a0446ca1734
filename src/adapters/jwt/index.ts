/** The keys that sign access tokens: from a file that rotates them, or from the operator. What tokens are made and judged by stays inside. */
export { openKeyFile } from "./key-file.ts";
export type { KeyFile, KeyFileOptions } from "./key-file.ts";
export { createFixedKeyRing } from "./key-ring.ts";
export type { KeyRing } from "./key-ring.ts";
export { createSigningKey, parseSigningKeys } from "./signing-key.ts";
export type { SigningAlgorithm, SigningKey } from "./signing-key.ts";
