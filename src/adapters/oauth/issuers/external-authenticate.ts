import type { Identity } from "../../../domain/identity.ts";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { Authentication, Clock, Observe } from "../../../domain/ports.ts";
import { includesAudience, isNumericDate, ownClaim } from "../../jwt/claims.ts";
import { MAX_TOKEN_LENGTH, parseCompactJws } from "../../jwt/compact.ts";
import { createKeyTable, verifyToken } from "../../jwt/verify.ts";
import { createTokenCache } from "../tokens/token-cache.ts";
import { toExternalIdentity } from "./check-identity.ts";
import type { ExternalIssuer, IntrospectionIssuer, JwksIssuer } from "./external-issuer.ts";
import { fetchJson } from "./fetch-json.ts";
import type { Fetch } from "./fetch-json.ts";
import { createRemoteKeys } from "./remote-keys.ts";

/** The check of foreign tokens. */
export interface ExternalTokens {
  /** Is this token the matter of one of the configured issuers, by what it says of itself? */
  covers(token: string): boolean;
  authenticate(token: string): MaybePromise<Authentication>;
}

/** Options of {@link createExternalTokens}. */
export interface ExternalTokensOptions {
  readonly issuers: readonly ExternalIssuer[];
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly maxCachedTokens: number;
}

/** An outcome and how long it may be remembered, in epoch milliseconds. */
interface Judgement {
  readonly answer: Authentication;
  readonly untilMs: number;
}

type Judge = (token: string) => Promise<Judgement>;

const REFUSED: Authentication = Object.freeze({ authenticated: false, reason: "invalid_token" });
const UNAVAILABLE: Authentication = Object.freeze({ authenticated: false, reason: "unavailable", retryAfterSeconds: 30 });
const SKEW_SECONDS = 30;
/** An accepted token is looked at again after a minute, so a withdrawn key or a revocation counts soon. */
const REMEMBER_MS = 60_000;
/** A refused opaque token is not asked about again at once. */
const REMEMBER_REFUSAL_MS = 10_000;
/** Introspections under way; beyond that the answer is 503. */
const MAX_UNDERWAY = 100;

/**
 * Tokens of other issuers. The unverified `iss` only picks an entry of the configured table, by exact
 * text; keys, algorithms, audience and the identity rule are that entry's own.
 */
export function createExternalTokens(options: ExternalTokensOptions): ExternalTokens {
  const { issuers, clock } = options;
  const judges = new Map<string, Judge>(issuers.map((issuer) => [issuer.issuer, "jwksUri" in issuer ? judgeByKeys(issuer, options) : judgeByAsking(issuer, options)]));
  const opaque = issuers.find((issuer) => "opaque" in issuer && issuer.opaque === true)?.issuer;
  const cache = createTokenCache<Judgement>(options.maxCachedTokens);
  const underway = new Map<string, Promise<Authentication>>();

  const findJudge = (token: string): Judge | undefined => {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const iss = unverifiedIssuer(token) ?? (token.includes(".") ? undefined : opaque);
    return iss === undefined ? undefined : judges.get(iss);
  };

  const judgeOnce = (judge: Judge, token: string): Promise<Authentication> => {
    const shared = underway.get(token);
    if (shared !== undefined) return shared;
    if (underway.size >= MAX_UNDERWAY) return Promise.resolve(UNAVAILABLE);
    const started = judge(token).then((judgement) => {
      if (judgement.untilMs > clock()) cache.set(token, judgement);
      return judgement.answer;
    });
    underway.set(token, started);
    return started.finally(() => underway.delete(token));
  };

  return {
    covers: (token) => cache.get(token) !== undefined || findJudge(token) !== undefined,
    authenticate(token) {
      const known = cache.get(token);
      if (known !== undefined && clock() < known.untilMs) return known.answer;
      const judge = findJudge(token);
      return judge === undefined ? REFUSED : judgeOnce(judge, token);
    },
  };
}

function judgeByKeys(issuer: JwksIssuer, { fetch, clock, observe }: ExternalTokensOptions): Judge {
  const keys = createRemoteKeys({ issuer, fetch, clock, observe });
  const policy = { issuer: issuer.issuer, audience: issuer.audience, skewSeconds: SKEW_SECONDS, ...(issuer.type === undefined ? {} : { type: issuer.type }) };
  return async (token) => {
    const header = parseCompactJws(token)?.header;
    if (header === undefined || !issuer.algorithms.includes(header.alg)) return refused();
    const key = await keys.find(header);
    if (key === "unavailable") return { answer: UNAVAILABLE, untilMs: 0 };
    const verified = key && verifyToken(token, createKeyTable([key]), policy, clock());
    if (verified === undefined) return refused();
    return accept(toExternalIdentity(issuer, verified.claims, observe), (verified.registered.exp + SKEW_SECONDS) * 1000, clock());
  };
}

function judgeByAsking(issuer: IntrospectionIssuer, { fetch, clock, observe }: ExternalTokensOptions): Judge {
  const { url, client_id, client_secret } = issuer.introspection;
  const credentials = [client_id, client_secret].map((half) => encodeURIComponent(half)).join(":");
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  return async (token) => {
    try {
      const claims = await fetchJson(fetch, url, { body: `token=${encodeURIComponent(token)}&token_type_hint=access_token`, authorization });
      const exp = ownClaim(claims, "exp");
      if (!isActive(claims, issuer) || !isNumericDate(exp) || clock() >= exp * 1000) return { answer: REFUSED, untilMs: clock() + REMEMBER_REFUSAL_MS };
      return accept(toExternalIdentity(issuer, claims, observe), exp * 1000, clock());
    } catch (error) {
      observe({ event: "oauth.issuer_unavailable", issuer: issuer.issuer, error });
      return { answer: UNAVAILABLE, untilMs: 0 };
    }
  };
}

/** Only the boolean true is active; the audience must be ours and the issuer, if it is said, the one that was asked. */
function isActive(claims: Readonly<Record<string, unknown>>, issuer: IntrospectionIssuer): boolean {
  const iss = ownClaim(claims, "iss");
  return ownClaim(claims, "active") === true && includesAudience(ownClaim(claims, "aud"), issuer.audience) && (iss === undefined || iss === issuer.issuer);
}

function accept(identity: Identity | undefined, endsAtMs: number, nowMs: number): Judgement {
  if (identity === undefined) return refused();
  return { answer: Object.freeze({ authenticated: true, identity }), untilMs: Math.min(endsAtMs, nowMs + REMEMBER_MS) };
}

function refused(): Judgement {
  return { answer: REFUSED, untilMs: 0 };
}

/** What a token claims of its origin; good for nothing but picking from a table. */
function unverifiedIssuer(token: string): string | undefined {
  const jws = token.includes(".") ? parseCompactJws(token) : undefined;
  const iss = jws && ownClaim(jws.payload, "iss");
  return typeof iss === "string" ? iss : undefined;
}
