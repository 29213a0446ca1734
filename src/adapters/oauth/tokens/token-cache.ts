/** A bounded cache from whole tokens to what is known of them. */
export interface TokenCache<T> {
  get(token: string): T | undefined;
  set(token: string, entry: T): void;
  delete(token: string): void;
}

/**
 * Two generations of half the size each: what is used moves to the young one, and when that is full
 * the old one goes. So a hit costs one look-up of the string and no bookkeeping, nothing is hashed or
 * parsed, and two tokens can never share an entry (the key is the whole token; fast-jwt CVE-2026-35039).
 */
export function createTokenCache<T>(maxEntries: number): TokenCache<T> {
  const half = Math.max(1, Math.floor(maxEntries / 2));
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  const set = (token: string, entry: T): void => {
    if (young.size >= half && !young.has(token)) {
      old = young;
      young = new Map();
    }
    young.set(token, entry);
  };
  return {
    set,
    get(token) {
      const entry = young.get(token);
      if (entry !== undefined) return entry;
      const aged = old.get(token);
      if (aged !== undefined) set(token, aged);
      return aged;
    },
    delete(token) {
      young.delete(token);
      old.delete(token);
    },
  };
}
