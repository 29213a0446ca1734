import type { Change, Clock } from "../../../domain/ports.ts";
import type { AccessTokens } from "../tokens/access-token.ts";
import { REFRESH_TOKENS } from "./grant-record.ts";
import type { UserGrant } from "./grant-record.ts";
import { digestOf } from "../hashing.ts";
import { create } from "../oauth-store.ts";
import { createSecret } from "../random.ts";
import type { RandomBytes } from "../random.ts";
import type { TokenAnswer } from "./grant.ts";

/** How long refresh tokens live, in milliseconds. */
export interface RefreshLifetimes {
  /** How long a refresh token may stay unused before it ends. */
  readonly idleMs: number;
  /** How long after the user's consent the whole family ends. */
  readonly familyMs: number;
}

/** Options that both grants of users have. */
export interface UserTokensOptions {
  readonly tokens: AccessTokens;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly lifetimes: RefreshLifetimes;
}

/** A fresh refresh token and the change that makes it known. */
export interface FreshRefreshToken {
  readonly refresh_token: string;
  readonly digest: string;
  readonly change: Change;
}

/** An opaque refresh token of 256 bits; only its digest is kept (checklist R8). */
export function createRefreshToken({ clock, randomBytes, lifetimes }: UserTokensOptions, grant: Pick<UserGrant, "grant_id" | "ends_at">): FreshRefreshToken {
  const refresh_token = createSecret(randomBytes);
  const digest = digestOf(refresh_token);
  const expiresAt = Math.min(clock() + lifetimes.idleMs, grant.ends_at);
  return { refresh_token, digest, change: create(REFRESH_TOKENS, digest, { grant_id: grant.grant_id }, expiresAt) };
}

/** The answer once the grant is committed. */
export function toTokenAnswer({ tokens }: UserTokensOptions, grant: UserGrant, scope: readonly string[], refresh_token: string): TokenAnswer {
  const { client_id, user_id, grant_id, ends_at } = grant;
  const access = tokens.issue({ client_id, sub_kind: "user", subjectId: user_id, scope, basis: { grant_id }, notAfterMs: ends_at });
  return { ...access, refresh_token };
}
