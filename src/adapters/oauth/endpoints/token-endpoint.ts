import type { Observe } from "../../../domain/ports.ts";
import type { AuthenticateClient } from "../clients/client-authentication.ts";
import type { Grant } from "../grants/grant.ts";
import { OAuthError, oauthJson } from "../oauth-error.ts";
import { readBodyParameters, requireParameter } from "../request-parameters.ts";
import type { Endpoint } from "./router.ts";

/** A grant type's handler and who may use it. */
export interface GrantEntry {
  readonly grant: Grant;
  /** What a client's `grant_types` must name. */
  readonly registeredAs: string;
}

/** Options of {@link createTokenEndpoint}. */
export interface TokenEndpointOptions {
  readonly authenticateClient: AuthenticateClient;
  readonly grants: ReadonlyMap<string, GrantEntry>;
  readonly observe: Observe;
}

/** `POST /oauth/token` (RFC 6749 section 3.2). */
export function createTokenEndpoint({ authenticateClient, grants, observe }: TokenEndpointOptions): Endpoint {
  return async (guarded) => {
    const parameters = await readBodyParameters(guarded);
    const grantType = requireParameter(parameters, "grant_type");
    const entry = grants.get(grantType);
    if (entry === undefined) throw new OAuthError("unsupported_grant_type", "This grant type is not offered.");
    const client = await authenticateClient(guarded, parameters);
    if (!client.grant_types.includes(entry.registeredAs)) throw new OAuthError("unauthorized_client", "This client may not use this grant type.");
    const answer = await entry.grant(client, parameters);
    observe({ event: "oauth.token_issued", requestId: guarded.requestId, client_id: client.client_id, grant_type: grantType });
    return oauthJson(200, answer);
  };
}
