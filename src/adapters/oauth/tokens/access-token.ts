import type { IdentityKind } from "../../../domain/identity.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { Clock, NewId } from "../../../domain/ports.ts";
import { ownClaim } from "../../jwt/claims.ts";
import { signToken } from "../../jwt/signing-key.ts";
import { verifyToken } from "../../jwt/verify.ts";
import type { KeyRing } from "../../jwt/index.ts";
import { formatScope } from "./scope.ts";

/** What an access token of ours says (RFC 9068 section 2.2), checked. */
export interface AccessTokenClaims {
  readonly jti: string;
  readonly client_id: string;
  /** What the token narrows the permissions to; none means no narrowing. */
  readonly scope: readonly string[];
  readonly sub: string;
  readonly sub_kind: IdentityKind;
  /** The client's or user's ID: `sub` without its namespace. */
  readonly subjectId: string;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly iat: number;
  /** What it stands and falls with: the epoch of its client, or the grant of its user. */
  readonly basis: { readonly client_epoch: number } | { readonly grant_id: string };
}

/** Whom a token is for, and what it stands and falls with. */
export interface AccessTokenGrant {
  readonly client_id: string;
  readonly sub_kind: IdentityKind;
  readonly subjectId: string;
  readonly scope: readonly string[];
  readonly basis: AccessTokenClaims["basis"];
  /** The time at which the token must end at the latest, in epoch milliseconds. */
  readonly notAfterMs?: number;
}

/** An answer of the token endpoint, without what only some grants add (RFC 6749 section 5.1). */
export interface IssuedAccessToken {
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly access_token: string;
  readonly scope: string;
}

/** Mints and reads the access tokens of this server. */
export interface AccessTokens {
  issue(grant: AccessTokenGrant): IssuedAccessToken;
  /** The claims of a token that is genuine, in its time and whole; undefined for any other. */
  verify(token: string): AccessTokenClaims | undefined;
  /** From when on the token with this `exp` is refused, in epoch milliseconds. */
  endsAtMs(exp: number): number;
}

/** Options of {@link createAccessTokens}. */
export interface AccessTokensOptions {
  readonly issuer: string;
  /** The resource identifier: every token's `aud`. */
  readonly resource: string;
  readonly signingKeys: KeyRing;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly accessTokenSeconds: number;
}

/** How far the clocks of several servers with one key may be apart. */
const SKEW_SECONDS = 5;
const ID = /^[A-Za-z0-9-]{1,64}$/;
const SUBJECT = /^(client|user):([A-Za-z0-9-]{1,64})$/;

/** Access tokens as RFC 9068 JWTs. */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { issuer, resource, signingKeys, clock, newId, accessTokenSeconds } = options;
  const policy = { issuer, audience: resource, skewSeconds: SKEW_SECONDS };
  return {
    issue(grant) {
      const iat = Math.floor(clock() / 1000);
      const latest = grant.notAfterMs === undefined ? Infinity : Math.floor(grant.notAfterMs / 1000);
      const exp = Math.min(iat + accessTokenSeconds, latest);
      const { client_id, sub_kind, subjectId, basis } = grant;
      const scope = formatScope(grant.scope);
      const claims: JsonObject = { iss: issuer, sub: `${sub_kind}:${subjectId}`, aud: resource, exp, iat, jti: newId(), client_id, scope, sub_kind, ...basis };
      return { token_type: "Bearer", expires_in: exp - iat, access_token: signToken(claims, signingKeys.current()), scope };
    },
    verify(token) {
      const verified = verifyToken(token, signingKeys, policy, clock());
      return verified && toAccessTokenClaims(verified.claims);
    },
    endsAtMs: (exp) => (exp + SKEW_SECONDS) * 1000,
  };
}

/** Checks the claims that are our own; the registered ones have been checked by then. */
function toAccessTokenClaims(claims: Readonly<Record<string, unknown>>): AccessTokenClaims | undefined {
  const claim = (name: string) => ownClaim(claims, name);
  const subject = toSubject(claim("sub"), claim("sub_kind"));
  const [jti, client_id, scope, exp, iat] = [claim("jti"), claim("client_id"), claim("scope"), claim("exp"), claim("iat")];
  if (subject === undefined || !isId(jti) || !isId(client_id) || typeof scope !== "string") return undefined;
  if (typeof exp !== "number" || typeof iat !== "number") return undefined;
  const basis = toBasis(subject.sub_kind, claim("client_epoch"), claim("grant_id"));
  if (basis === undefined || (subject.sub_kind === "client" && subject.subjectId !== client_id)) return undefined;
  return { jti, client_id, scope: scope.split(" ").filter((token) => token !== ""), exp, iat, ...subject, basis };
}

/**
 * The kind is said twice, by `sub_kind` and by the namespace in `sub`, and both must agree. Nothing is
 * guessed: a machine's token whose ID was looked up among users has made apps into people before (CVE-2026-39976).
 */
function toSubject(sub: unknown, sub_kind: unknown): Pick<AccessTokenClaims, "sub" | "sub_kind" | "subjectId"> | undefined {
  const [, kind, subjectId] = (typeof sub === "string" ? SUBJECT.exec(sub) : null) ?? [];
  if (typeof sub !== "string" || subjectId === undefined || kind !== sub_kind) return undefined;
  return { sub, sub_kind: kind === "client" ? "client" : "user", subjectId };
}

function toBasis(kind: IdentityKind, client_epoch: unknown, grant_id: unknown): AccessTokenClaims["basis"] | undefined {
  if (kind === "client") return typeof client_epoch === "number" && grant_id === undefined ? { client_epoch } : undefined;
  return isId(grant_id) && client_epoch === undefined ? { grant_id } : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}
