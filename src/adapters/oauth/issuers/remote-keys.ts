import type { Clock, Observe } from "../../../domain/ports.ts";
import { importPublicJwk } from "../../jwt/jwk.ts";
import { createKeyTable } from "../../jwt/verify.ts";
import type { JoseHeader } from "../../jwt/compact.ts";
import type { VerificationKey } from "../../jwt/jwk.ts";
import type { KeyTable } from "../../jwt/verify.ts";
import type { JwksIssuer } from "./external-issuer.ts";
import { fetchJson } from "./fetch-json.ts";
import type { Fetch } from "./fetch-json.ts";

/** The keys an issuer publishes. */
export interface RemoteKeys {
  /** The key that a header selects, undefined when the issuer has none such, `unavailable` when that cannot be told now. */
  find(header: JoseHeader): Promise<VerificationKey | "unavailable" | undefined>;
}

/** Options of {@link createRemoteKeys}. */
export interface RemoteKeysOptions {
  readonly issuer: JwksIssuer;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly observe: Observe;
}

interface KeySet {
  readonly table: KeyTable;
  readonly fetchedMs: number;
}

/** How long a key set counts; after that it is fetched again, and without an answer nothing is let in. */
const MAX_AGE_MS = 10 * 60_000;
/** No more than one fetch in this time, whatever tokens ask for. */
const COOLDOWN_MS = 30_000;
const MAX_KEYS = 100;

/**
 * Fetches at most once in the cooldown, one request in flight for all who wait: a flood of tokens with
 * unknown keys cannot make us a flood of requests. Keys that the issuer withdraws go with the next fetch.
 */
export function createRemoteKeys({ issuer, fetch, clock, observe }: RemoteKeysOptions): RemoteKeys {
  let keySet: KeySet | undefined;
  let lastFetchMs = -Infinity;
  let failed = false;
  let inFlight: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    lastFetchMs = clock();
    try {
      const keys = importKeySet(await fetchJson(fetch, issuer.jwksUri), issuer.algorithms);
      keySet = { table: createKeyTable(keys), fetchedMs: clock() };
      failed = false;
    } catch (error) {
      failed = true;
      observe({ event: "oauth.issuer_unavailable", issuer: issuer.issuer, error });
    }
  };
  const refreshOnce = (): Promise<void> => {
    inFlight ??= refresh().finally(() => {
      inFlight = undefined;
    });
    return inFlight;
  };
  const findFresh = (header: JoseHeader): VerificationKey | undefined => {
    const fresh = keySet !== undefined && clock() - keySet.fetchedMs < MAX_AGE_MS;
    return fresh ? keySet?.table.find(header) : undefined;
  };

  return {
    async find(header) {
      const known = findFresh(header);
      if (known !== undefined) return known;
      if (inFlight !== undefined || clock() - lastFetchMs >= COOLDOWN_MS) await refreshOnce();
      const found = findFresh(header);
      return found === undefined && failed ? "unavailable" : found;
    },
  };
}

/** The keys of a set that are sound; two that share a name are both left out, as nobody can say which is meant. */
function importKeySet(json: Readonly<Record<string, unknown>>, algorithms: readonly string[]): readonly VerificationKey[] {
  const jwks = json["keys"];
  if (!Array.isArray(jwks)) throw new TypeError("the issuer's key set has no keys");
  const keys = jwks.slice(0, MAX_KEYS).flatMap((jwk: unknown) => importPublicJwk(jwk, algorithms) ?? []);
  const sound = keys.filter((key) => key.kid === undefined || keys.filter(({ kid }) => kid === key.kid).length === 1);
  if (sound.length === 0) throw new TypeError("the issuer's key set has no key that may be used");
  return sound;
}
