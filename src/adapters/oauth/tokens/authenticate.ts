import type { Authentication, Clock, Observe, RecordStore, StoredRecord } from "../../../domain/ports.ts";
import { isPromiseLike } from "../../../domain/maybe-promise.ts";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { AccessTokenClaims, AccessTokens } from "./access-token.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { assessStanding } from "./standing.ts";
import type { Standing } from "./standing.ts";
import { createTokenCache } from "./token-cache.ts";
import type { TokenCache } from "./token-cache.ts";

/** Options of {@link OwnTokens}. */
export interface AuthenticateOptions {
  readonly records: RecordStore;
  readonly tokens: AccessTokens;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly maxCachedTokens: number;
}

interface CachedToken {
  readonly claims: AccessTokenClaims;
  readonly endsAtMs: number;
  readonly standing: Standing;
  readonly answer: Authentication;
}

type Records = readonly (StoredRecord | undefined)[];

const REFUSED: Authentication = Object.freeze({ authenticated: false, reason: "invalid_token" });
const UNAVAILABLE: Authentication = Object.freeze({ authenticated: false, reason: "unavailable", retryAfterSeconds: 5 });

/**
 * Bearer tokens of this server. Signature and claims are checked once for each token; its time, its
 * revocation and the permissions behind it at every call, by one read. The same Identity object is
 * answered for as long as nothing changed. Synchronous where the store is.
 */
export class OwnTokens {
  readonly #options: AuthenticateOptions;
  readonly #cache: TokenCache<CachedToken>;

  constructor(options: AuthenticateOptions) {
    this.#options = options;
    this.#cache = createTokenCache(options.maxCachedTokens);
  }

  /** What becomes of a token. */
  authenticate(token: string): MaybePromise<Authentication> {
    return this.recall(token) ?? this.#admit(token);
  }

  /** What becomes of a token that is remembered; undefined when it is not. The hot path: nothing is allocated while nothing has changed. */
  recall(token: string): MaybePromise<Authentication> | undefined {
    const cached = this.#cache.get(token);
    if (cached === undefined) return undefined;
    try {
      if (this.#options.clock() >= cached.endsAtMs) return this.#forget(token);
      const records = this.#options.records.read(AUTHORITY, cached.standing.ids);
      return isPromiseLike(records) ? this.#recheckLater(token, cached, records) : this.#recheck(token, cached, records);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #forget(token: string): Authentication {
    this.#cache.delete(token);
    return REFUSED;
  }

  /** A method of its own, so that the hot path above makes no closure. */
  async #recheckLater(token: string, cached: CachedToken, records: PromiseLike<Records>): Promise<Authentication> {
    try {
      return await this.#recheck(token, cached, await records);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #recheck(token: string, cached: CachedToken, records: Records): MaybePromise<Authentication> {
    return isUnchanged(cached.standing, records) ? cached.answer : this.#assess(token, cached.claims);
  }

  #admit(token: string): MaybePromise<Authentication> {
    try {
      const claims = this.#options.tokens.verify(token);
      return claims === undefined ? REFUSED : this.#assess(token, claims);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #assess(token: string, claims: AccessTokenClaims): MaybePromise<Authentication> {
    const standing = assessStanding(this.#options.records, claims);
    if (!isPromiseLike(standing)) return this.#remember(token, claims, standing);
    return standing.then((found) => this.#remember(token, claims, found), (error: unknown) => this.#fail(error));
  }

  #remember(token: string, claims: AccessTokenClaims, standing: Standing): Authentication {
    const { identity } = standing;
    const answer = identity === undefined ? REFUSED : Object.freeze({ authenticated: true as const, identity });
    this.#cache.set(token, { claims, endsAtMs: this.#options.tokens.endsAtMs(claims.exp), standing, answer });
    return answer;
  }

  #fail(error: unknown): Authentication {
    this.#options.observe({ event: "oauth.authentication_failed", error });
    return UNAVAILABLE;
  }
}

function isUnchanged({ versions }: Standing, records: Records): boolean {
  for (let at = 0; at < versions.length; at++) {
    if (records[at]?.version !== versions[at]) return false;
  }
  return true;
}
