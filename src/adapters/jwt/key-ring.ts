import { kindOf } from "../../domain/check-option.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Clock } from "../../domain/ports.ts";
import type { SigningKey } from "./signing-key.ts";
import { createKeyTable } from "./verify.ts";
import type { KeyTable } from "./verify.ts";

/** A signing key and the moment, in epoch milliseconds, from which on it signs. It is published before that. */
export interface DatedKey {
  readonly key: SigningKey;
  readonly signFromMs: number;
}

/** The keys of an issuer at this moment: which one signs, which ones are published and verify. */
export interface KeyRing extends KeyTable {
  /** The key that signs now. */
  current(): SigningKey;
  /** The published keys, newest first, as JWKs with public members only. */
  publicJwks(): readonly JsonObject[];
}

/** Options of {@link createKeyRing}. */
export interface KeyRingOptions {
  /** At least one; asked at every use, so that a rotation shows at once. */
  readonly keys: () => readonly DatedKey[];
  readonly clock: Clock;
  /** How long a replaced key still verifies: the longest life of a token and the skew, in milliseconds. */
  readonly retainMs: number;
}

/**
 * A ring whose state follows from the time alone: the newest key whose time has come signs, and a key
 * goes when its successor has signed for as long as a token can live.
 */
export function createKeyRing(options: KeyRingOptions): KeyRing {
  const live = (): readonly DatedKey[] => liveKeys(options.keys(), options.clock(), options.retainMs);
  return {
    current() {
      const now = options.clock();
      const due = live().find((key) => key.signFromMs <= now) ?? live().at(-1);
      if (due === undefined) throw new TypeError("a key ring needs at least one signing key");
      return due.key;
    },
    publicJwks: () => live().map(({ key }) => key.publicJwk),
    find: (header) => createKeyTable(live().map(({ key }) => key.verification)).find(header),
  };
}

/** A ring of keys that never change; the first signs, the others only verify. */
export function createFixedKeyRing(keys: readonly SigningKey[]): KeyRing {
  if (!Array.isArray(keys)) throw new TypeError(`createFixedKeyRing takes a list of keys, not ${kindOf(keys)}: [createSigningKey()]`);
  const [first] = keys;
  if (first === undefined) throw new TypeError("a key ring needs at least one signing key");
  const table = createKeyTable(keys.map((key) => key.verification));
  const jwks = keys.map((key) => key.publicJwk);
  return { current: () => first, publicJwks: () => jwks, find: (header) => table.find(header) };
}

/** Newest first, without those whose successor has signed for longer than `retainMs`. */
export function liveKeys(keys: readonly DatedKey[], nowMs: number, retainMs: number): readonly DatedKey[] {
  const newestFirst = [...keys].sort((one, other) => other.signFromMs - one.signFromMs);
  return newestFirst.filter((_, index) => {
    const successor = newestFirst[index - 1];
    return successor === undefined || nowMs < successor.signFromMs + retainMs;
  });
}
