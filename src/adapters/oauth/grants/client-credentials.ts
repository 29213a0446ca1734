import type { AccessTokens } from "../tokens/access-token.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { holdPermissions } from "../users/permissions.ts";
import { requireResource } from "../tokens/resource-indicator.ts";
import { parseScope, requireWithin } from "../tokens/scope.ts";
import type { Grant } from "./grant.ts";

/** Options of {@link createClientCredentialsGrant}. */
export interface ClientCredentialsOptions {
  readonly store: OAuthStore;
  readonly tokens: AccessTokens;
  readonly resource: string;
}

/** An app acting as itself, with its own permissions (RFC 6749 section 4.4). There is never a refresh token. */
export function createClientCredentialsGrant({ store, tokens, resource }: ClientCredentialsOptions): Grant {
  return async (client, parameters) => {
    requireResource(parameters.resources, resource);
    const scope = parseScope(parameters.get("scope"));
    const { permissions } = await holdPermissions(store, client);
    requireWithin(scope, permissions);
    return tokens.issue({ client_id: client.client_id, sub_kind: "client", subjectId: client.client_id, scope, basis: { client_epoch: client.epoch } });
  };
}
