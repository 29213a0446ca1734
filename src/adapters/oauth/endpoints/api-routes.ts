import type { HttpHandler } from "../../http/message.ts";
import { createClientAuthentication } from "../clients/client-authentication.ts";
import type { AuthenticateClient } from "../clients/client-authentication.ts";
import { createAuthorizationCodeGrant } from "../grants/authorization-code.ts";
import { createClientCredentialsGrant } from "../grants/client-credentials.ts";
import { createRefreshTokenGrant } from "../grants/refresh-token.ts";
import { createIntrospectionEndpoint } from "./introspection-endpoint.ts";
import { createJwksEndpoint, createResourceMetadata, createServerMetadata, toWellKnownPaths } from "./metadata.ts";
import { renderHttpFailure } from "../oauth-error.ts";
import { createRevocationEndpoint } from "./revocation-endpoint.ts";
import { createRouter } from "./router.ts";
import type { Endpoint, Routes } from "./router.ts";
import { createSecretVerifier } from "../clients/secret-verifier.ts";
import type { ServerParts } from "../server-parts.ts";
import { createTokenEndpoint } from "./token-endpoint.ts";
import type { GrantEntry } from "./token-endpoint.ts";

/** Everything that programs call: the endpoints that take credentials and the published documents. */
export function createApiHandler(parts: ServerParts): HttpHandler {
  const authenticateClient = createClientAuthentication({ ...parts, verifySecret: createSecretVerifier(parts) });
  const routes: Routes = new Map([...createCredentialRoutes(parts, authenticateClient), ...createDocumentRoutes(parts)]);
  return parts.createGuard(renderHttpFailure, parts.cors)(createRouter(routes, parts.store));
}

function createCredentialRoutes(parts: ServerParts, authenticateClient: AuthenticateClient): Routes {
  const context = { ...parts, authenticateClient };
  const onPost = (endpoint: Endpoint) => new Map([["POST", endpoint]]);
  return new Map([
    ["/oauth/token", onPost(createTokenEndpoint({ ...context, grants: createGrants(parts) }))],
    ["/oauth/revoke", onPost(createRevocationEndpoint(context))],
    ["/oauth/introspect", onPost(createIntrospectionEndpoint(context))],
  ]);
}

/** The grant types, and which a client must be registered for; a refresh token comes with every code. */
function createGrants(parts: ServerParts): ReadonlyMap<string, GrantEntry> {
  return new Map([
    ["client_credentials", { grant: createClientCredentialsGrant(parts), registeredAs: "client_credentials" }],
    ["authorization_code", { grant: createAuthorizationCodeGrant(parts), registeredAs: "authorization_code" }],
    ["refresh_token", { grant: createRefreshTokenGrant(parts), registeredAs: "authorization_code" }],
  ]);
}

function createDocumentRoutes(parts: ServerParts): Routes {
  const onGet = (endpoint: Endpoint) => new Map([["GET", endpoint]]);
  return new Map([
    ["/oauth/jwks", onGet(createJwksEndpoint(parts))],
    ...toWellKnownPaths("oauth-authorization-server", parts.issuer).map((path) => [path, onGet(createServerMetadata(parts))] as const),
    ...toWellKnownPaths("oauth-protected-resource", parts.resource).map((path) => [path, onGet(createResourceMetadata(parts))] as const),
  ]);
}
