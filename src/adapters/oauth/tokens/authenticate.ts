import type { Authentication, Clock, Observe, RecordStore, StoredRecord } from "../../../domain/ports.ts";
import { isPromiseLike, run } from "../../../domain/steps.ts";
import type { MaybePromise, Steps } from "../../../domain/steps.ts";
import type { AccessTokenClaims, AccessTokens } from "./access-token.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { assessStanding } from "./standing.ts";
import type { Standing } from "./standing.ts";
import { createTokenCache } from "./token-cache.ts";
import type { TokenCache } from "./token-cache.ts";

/** What {@link OwnTokens} needs. */
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
    const known = this.recall(token);
    if (known !== undefined) return known;
    try {
      return this.#settled(this.#admit(token));
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** What becomes of a token that is remembered; undefined when it is not. The hot path: nothing is allocated while nothing has changed. */
  recall(token: string): MaybePromise<Authentication> | undefined {
    const cached = this.#cache.get(token);
    if (cached === undefined) return undefined;
    try {
      return this.#settled(this.#recheck(token, cached));
    } catch (error) {
      return this.#fail(error);
    }
  }

  #recheck(token: string, cached: CachedToken): MaybePromise<Authentication> {
    if (this.#options.clock() >= cached.endsAtMs) {
      this.#cache.delete(token);
      return REFUSED;
    }
    const records = this.#options.records.read(AUTHORITY, cached.standing.ids);
    return isPromiseLike(records)
      ? records.then((settled) => this.#compare(token, cached, settled))
      : this.#compare(token, cached, records);
  }

  #compare(token: string, cached: CachedToken, records: readonly (StoredRecord | undefined)[]): MaybePromise<Authentication> {
    return isUnchanged(cached.standing, records) ? cached.answer : run(this.#assess(token, cached.claims));
  }

  #admit(token: string): MaybePromise<Authentication> {
    const claims = this.#options.tokens.verify(token);
    return claims === undefined ? REFUSED : run(this.#assess(token, claims));
  }

  *#assess(token: string, claims: AccessTokenClaims): Steps<Authentication> {
    const { records, tokens } = this.#options;
    const standing = yield* assessStanding(records, claims);
    const { identity } = standing;
    const answer = identity === undefined ? REFUSED : Object.freeze({ authenticated: true as const, identity });
    this.#cache.set(token, { claims, endsAtMs: tokens.endsAtMs(claims.exp), standing, answer });
    return answer;
  }

  #settled(answer: MaybePromise<Authentication>): MaybePromise<Authentication> {
    return isPromiseLike(answer) ? answer.then(undefined, (error: unknown) => this.#fail(error)) : answer;
  }

  #fail(error: unknown): Authentication {
    this.#options.observe({ event: "oauth.authentication_failed", error });
    return UNAVAILABLE;
  }
}

function isUnchanged({ versions }: Standing, records: readonly (StoredRecord | undefined)[]): boolean {
  for (let at = 0; at < versions.length; at++) {
    if (records[at]?.version !== versions[at]) return false;
  }
  return true;
}
