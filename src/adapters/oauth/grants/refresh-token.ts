import type { Observe } from "../../../domain/ports.ts";
import type { Client } from "../clients/client-record.ts";
import { findRefreshToken, isBacked, revokeGrant, toUserGrant } from "./grant-record.ts";
import { digestOf } from "../hashing.ts";
import { OAuthError } from "../oauth-error.ts";
import { replace } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { requireParameter } from "../request-parameters.ts";
import type { RequestParameters } from "../request-parameters.ts";
import { requireResource } from "../tokens/resource-indicator.ts";
import { parseScope } from "../tokens/scope.ts";
import type { UserRegistry } from "../users/user-registry.ts";
import type { Grant, TokenAnswer } from "./grant.ts";
import { createRefreshToken, toTokenAnswer } from "./user-tokens.ts";
import type { UserTokensOptions } from "./user-tokens.ts";

/** Options of {@link createRefreshTokenGrant}. */
export interface RefreshTokenOptions extends UserTokensOptions {
  readonly store: OAuthStore;
  readonly users: UserRegistry;
  readonly resource: string;
  readonly observe: Observe;
}

/**
 * A refresh token becomes new tokens, and is replaced at every use (RFC 6749 section 6, RFC 9700 section
 * 4.14). The grant's record names the one that counts; whoever shows a replaced one, even a
 * moment later, ends the whole family, since a thief may hold the other one.
 */
export function createRefreshTokenGrant(options: RefreshTokenOptions): Grant {
  const { store, users, resource, observe } = options;

  const endReused = async (grant_id: string, client_id: string): Promise<never> => {
    await revokeGrant(store, grant_id);
    observe({ event: "oauth.refresh_token_reused", grant_id, client_id });
    throw invalidGrant();
  };

  const rotate = async (client: Client, parameters: RequestParameters): Promise<TokenAnswer> => {
    const digest = digestOf(requireParameter(parameters, "refresh_token"));
    const record = (await findRefreshToken(store, digest))?.grant;
    if (record === undefined) throw invalidGrant();
    const grant = toUserGrant(record.value);
    if (grant.client_id !== client.client_id) {
      observe({ event: "oauth.refresh_token_of_another_client", grant_id: grant.grant_id, client_id: client.client_id });
      throw invalidGrant();
    }
    if (grant.refresh_digest !== digest) return endReused(grant.grant_id, client.client_id);
    if (!isBacked(grant, client, await users.find(grant.user_id))) throw invalidGrant();
    requireResource(parameters.resources, resource);
    const scope = narrowScope(grant.scope, parameters.get("scope"));

    const refresh = createRefreshToken(options, grant);
    const rotated = { ...grant, refresh_digest: refresh.digest };
    const committed = await store.commit([replace(record, rotated), refresh.change]);
    // Somebody was faster: the next look finds the token replaced, or the grant gone.
    if (!committed) return rotate(client, parameters);
    return toTokenAnswer(options, rotated, scope, refresh.refresh_token);
  };
  return rotate;
}

/** The scope of the new access token; an empty granted scope means all, so any part of it is narrower. */
function narrowScope(granted: readonly string[], asked: string | undefined): readonly string[] {
  const scope = parseScope(asked);
  if (scope.length === 0) return granted;
  if (granted.length === 0 || scope.every((token) => granted.includes(token))) return scope;
  throw new OAuthError("invalid_scope", "The scope goes beyond what the user has granted.");
}

function invalidGrant(): OAuthError {
  return new OAuthError("invalid_grant", "The refresh token is not valid.");
}
