import type { Observe } from "../../../domain/ports.ts";
import type { AccessTokens } from "../tokens/access-token.ts";
import type { AuthenticateClient } from "../clients/client-authentication.ts";
import type { Client } from "../clients/client-record.ts";
import { findRefreshToken, revokeGrant, toUserGrant } from "../grants/grant-record.ts";
import { digestOf } from "../hashing.ts";
import { OAuthError, oauthJson } from "../oauth-error.ts";
import { AUTHORITY, create } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { readBodyParameters, requireParameter } from "../request-parameters.ts";
import type { Endpoint } from "./router.ts";

/** Options of {@link createRevocationEndpoint}. */
export interface RevocationOptions {
  readonly authenticateClient: AuthenticateClient;
  readonly store: OAuthStore;
  readonly tokens: AccessTokens;
  readonly observe: Observe;
}

/**
 * `POST /oauth/revoke` (RFC 7009). A refresh token takes its whole grant along; an access token is put
 * on the deny list until it would have ended. The hint is not needed: the two kinds cannot be
 * mistaken for each other. The answer is an empty JSON object, for clients that parse every answer.
 */
export function createRevocationEndpoint({ authenticateClient, store, tokens, observe }: RevocationOptions): Endpoint {
  const revokeRefreshToken = async (client: Client, token: string): Promise<boolean> => {
    const found = await findRefreshToken(store, digestOf(token));
    if (found?.grant === undefined) return found !== undefined;
    const grant = toUserGrant(found.grant.value);
    requireOwner(grant.client_id, client);
    await revokeGrant(store, grant.grant_id);
    observe({ event: "oauth.grant_revoked", grant_id: grant.grant_id, client_id: client.client_id });
    return true;
  };

  const revokeAccessToken = async (client: Client, token: string): Promise<void> => {
    const claims = tokens.verify(token);
    if (claims === undefined) return;
    requireOwner(claims.client_id, client);
    await store.commit([create(AUTHORITY, `revoked:${claims.jti}`, {}, tokens.endsAtMs(claims.exp))]);
    observe({ event: "oauth.token_revoked", jti: claims.jti, client_id: client.client_id });
  };

  return async (guarded) => {
    const parameters = await readBodyParameters(guarded);
    const client = await authenticateClient(guarded, parameters);
    const token = requireParameter(parameters, "token");
    if (!(await revokeRefreshToken(client, token))) await revokeAccessToken(client, token);
    return oauthJson(200, {});
  };
}

function requireOwner(clientId: string, client: Client): void {
  if (clientId !== client.client_id) throw new OAuthError("unauthorized_client", "The token was issued to another client.");
}
