import type { AccessTokens } from "../tokens/access-token.ts";
import type { AuthenticateClient } from "../clients/client-authentication.ts";
import type { Client } from "../clients/client-record.ts";
import { findRefreshToken, isBacked, toUserGrant } from "../grants/grant-record.ts";
import { digestOf } from "../hashing.ts";
import { invalidClient, oauthJson } from "../oauth-error.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { readBodyParameters, requireParameter } from "../request-parameters.ts";
import type { Endpoint } from "./router.ts";
import { formatScope } from "../tokens/scope.ts";
import { assessStanding } from "../tokens/standing.ts";
import type { UserRegistry } from "../users/user-registry.ts";

/** Options of {@link createIntrospectionEndpoint}. */
export interface IntrospectionOptions {
  readonly authenticateClient: AuthenticateClient;
  readonly store: OAuthStore;
  readonly tokens: AccessTokens;
  readonly users: UserRegistry;
  readonly issuer: string;
  readonly resource: string;
}

const INACTIVE = { active: false } as const;

/**
 * `POST /oauth/introspect` (RFC 7662), for confidential clients: the owner of the token, or one that is
 * registered as the resource server. Everybody else, and every token that does not count,
 * is told `{"active":false}` and nothing more.
 */
export function createIntrospectionEndpoint(options: IntrospectionOptions): Endpoint {
  return async (guarded) => {
    const parameters = await readBodyParameters(guarded);
    const client = await options.authenticateClient(guarded, parameters);
    if (client.type === "public") throw invalidClient();
    const token = requireParameter(parameters, "token");
    return oauthJson(200, (await describeAccessToken(options, client, token)) ?? (await describeRefreshToken(options, client, token)) ?? INACTIVE);
  };
}

async function describeAccessToken({ tokens, store, issuer, resource }: IntrospectionOptions, client: Client, token: string): Promise<object | undefined> {
  const claims = tokens.verify(token);
  if (claims === undefined) return undefined;
  const { identity } = await assessStanding(store, claims);
  if (identity === undefined || (claims.client_id !== client.client_id && !client.resource_server)) return undefined;
  const { client_id, sub, sub_kind, exp, iat, jti } = claims;
  return { active: true, scope: formatScope(claims.scope), client_id, sub, sub_kind, aud: resource, iss: issuer, exp, iat, jti, token_type: "Bearer" };
}

/** Only its owner learns anything of a refresh token. */
async function describeRefreshToken({ store, users, issuer }: IntrospectionOptions, client: Client, token: string): Promise<object | undefined> {
  const digest = digestOf(token);
  const found = await findRefreshToken(store, digest);
  if (found?.grant === undefined) return undefined;
  const grant = toUserGrant(found.grant.value);
  if (grant.client_id !== client.client_id || grant.refresh_digest !== digest) return undefined;
  if (!isBacked(grant, client, await users.find(grant.user_id))) return undefined;
  const exp = Math.floor((found.token.expiresAt ?? grant.ends_at) / 1000);
  return { active: true, scope: formatScope(grant.scope), client_id: grant.client_id, sub: `user:${grant.user_id}`, sub_kind: "user", iss: issuer, exp };
}
