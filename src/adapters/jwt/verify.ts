import { ALGORITHMS } from "./algorithms.ts";
import { checkClaims } from "./claims.ts";
import type { ClaimPolicy, RegisteredClaims } from "./claims.ts";
import { parseCompactJws } from "./compact.ts";
import type { CompactJws, JoseHeader } from "./compact.ts";
import type { VerificationKey } from "./jwk.ts";

/** Finds a trusted key by what a header asks for; undefined when there is none, or more than one fits. */
export interface KeyTable {
  find(header: JoseHeader): VerificationKey | undefined;
}

/** A token that is genuine, in its time, and for us. */
export interface VerifiedToken {
  readonly registered: RegisteredClaims;
  /** All claims; types beyond the registered ones are the caller's to check. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Checks type, key, signature and claims of a JWT; undefined, without a reason, for any that fails. */
export function verifyToken(token: string, keys: KeyTable, policy: ClaimPolicy, nowMs: number): VerifiedToken | undefined {
  const jws = parseCompactJws(token);
  if (jws === undefined || jws.header.typ !== (policy.type ?? "at+jwt").toLowerCase()) return undefined;
  const key = keys.find(jws.header);
  if (key === undefined || !isSignedBy(jws, key)) return undefined;
  const registered = checkClaims(jws.payload, policy, nowMs);
  return registered === undefined ? undefined : { registered, claims: jws.payload };
}

/** A table of fixed keys. A token without `kid` is taken only when exactly one key fits its algorithm. */
export function createKeyTable(keys: Iterable<VerificationKey>): KeyTable {
  const all = [...keys];
  const byKid = new Map(all.flatMap((key) => (key.kid === undefined ? [] : [[key.kid, key]])));
  return {
    find({ kid, alg }) {
      const named = kid === undefined ? all : [byKid.get(kid)];
      const fitting = named.filter((key) => key?.algorithms.has(alg));
      return fitting.length === 1 ? fitting[0] : undefined;
    },
  };
}

function isSignedBy(jws: CompactJws, key: VerificationKey): boolean {
  const algorithm = ALGORITHMS.get(jws.header.alg);
  if (algorithm === undefined || !key.algorithms.has(algorithm.name) || !algorithm.fits(key.key)) return false;
  return algorithm.verify(jws.signed, key.key, jws.signature);
}
