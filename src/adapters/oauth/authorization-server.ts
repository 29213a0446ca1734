import type { Authenticate } from "../../domain/ports.ts";
import { createGuard } from "../http/guard.ts";
import type { HttpHandler } from "../http/message.ts";
import { quietly } from "../http/observation.ts";
import { createAccessTokens } from "./access-token.ts";
import { OwnTokens } from "./authenticate.ts";
import { createAuthorizeAction, createAuthorizePage } from "./authorize/authorize-endpoint.ts";
import { createCookies } from "./authorize/cookies.ts";
import { renderFailurePage } from "./authorize/page.ts";
import { createPagesRouter } from "./authorize/pages-router.ts";
import { createSessions } from "./authorize/sessions.ts";
import { createTransactions } from "./authorize/transactions.ts";
import { createClientAuthentication } from "./client-authentication.ts";
import { createClientRegistry } from "./client-registry.ts";
import type { ClientRegistry } from "./client-registry.ts";
import { combineAuthenticate } from "./combined-authenticate.ts";
import { createAuthorizationCodeGrant } from "./grants/authorization-code.ts";
import { createClientCredentialsGrant } from "./grants/client-credentials.ts";
import { createRefreshTokenGrant } from "./grants/refresh-token.ts";
import { createIssueToken } from "./issue-token.ts";
import type { IssueToken } from "./issue-token.ts";
import { createExternalTokens } from "./issuers/external-authenticate.ts";
import { createIntrospectionEndpoint } from "./introspection-endpoint.ts";
import { createJwksEndpoint, createResourceMetadata, createServerMetadata, toResourceMetadataUrl, toWellKnownPaths } from "./metadata.ts";
import { renderHttpFailure } from "./oauth-error.ts";
import { createOAuthStore } from "./oauth-store.ts";
import { checkOptions } from "./options.ts";
import type { AuthorizationServerOptions } from "./options.ts";
import { createPasswordVerifier } from "./password-verifier.ts";
import { createRevocationEndpoint } from "./revocation-endpoint.ts";
import { createRoleRegistry } from "./role-registry.ts";
import type { RoleRegistry } from "./role-registry.ts";
import { createRouter } from "./router.ts";
import type { Endpoint } from "./router.ts";
import { createScryptHasher } from "./scrypt-hasher.ts";
import { createSecretVerifier } from "./secret-verifier.ts";
import { createThrottle } from "./throttle.ts";
import { createTokenEndpoint } from "./token-endpoint.ts";
import type { GrantEntry } from "./token-endpoint.ts";
import { createUserRegistry } from "./user-registry.ts";
import type { UserRegistry } from "./user-registry.ts";

/** An OAuth 2 authorization server and the check of its tokens. */
export interface AuthorizationServer {
  /** Serves the paths that begin with `/oauth/` or `/.well-known/`; 404 for what is unknown there. */
  readonly handler: HttpHandler;
  readonly authenticate: Authenticate;
  /** Where the API's own metadata stands: for the `resource_metadata` of its challenges (RFC 9728 section 5.1). */
  readonly resourceMetadataUrl: string;
  readonly clients: ClientRegistry;
  readonly users: UserRegistry;
  readonly roles: RoleRegistry;
  /** For operators: a token to try something with. */
  readonly issueToken: IssueToken;
}

const AUTHORIZE = "/oauth/authorize";

/** Puts the server together. Throws a TypeError that names a wrong option. */
export function createAuthorizationServer(given: AuthorizationServerOptions): AuthorizationServer {
  const checked = checkOptions(given);
  const { store: records, clock, newId, randomBytes, issuer, resource, scopes, name, signingKeys } = checked;
  const observe = quietly(checked.observe);
  const store = createOAuthStore(records, observe);
  const throttle = createThrottle(clock);
  const hasher = createScryptHasher({ cost: checked.secretCost, randomBytes });
  const passwordHasher = createScryptHasher({ cost: checked.passwordCost, randomBytes });
  const clients = createClientRegistry({ store, hasher, clock, newId, randomBytes });
  const users = createUserRegistry({ store, hasher: passwordHasher, newId });
  const tokens = createAccessTokens(checked);

  const secrets = createSecretVerifier({ hasher, throttle, clock, randomBytes });
  const authenticateClient = createClientAuthentication({ clients, secrets, clock, observe });
  const lifetimes = { idleMs: checked.refreshIdleSeconds * 1000, familyMs: checked.refreshFamilySeconds * 1000 };
  const userGrants = { store, users, tokens, resource, clock, randomBytes, lifetimes, observe };
  const grants = new Map<string, GrantEntry>([
    ["client_credentials", { grant: createClientCredentialsGrant({ records, store, tokens, resource }), mayUse: (client) => client.grant_types.includes("client_credentials") }],
    ["authorization_code", { grant: createAuthorizationCodeGrant(userGrants), mayUse: (client) => client.grant_types.includes("authorization_code") }],
    ["refresh_token", { grant: createRefreshTokenGrant(userGrants), mayUse: (client) => client.grant_types.includes("authorization_code") }],
  ]);

  const documents = { issuer, resource, scopes, clients, signingKeys };
  const onGet = (endpoint: Endpoint) => new Map([["GET", endpoint]]);
  const onPost = (endpoint: Endpoint) => new Map([["POST", endpoint]]);
  const router = createRouter(
    new Map([
      ["/oauth/token", onPost(createTokenEndpoint({ authenticateClient, grants, observe }))],
      ["/oauth/revoke", onPost(createRevocationEndpoint({ authenticateClient, store, tokens, observe }))],
      ["/oauth/introspect", onPost(createIntrospectionEndpoint({ authenticateClient, records, store, tokens, users, issuer, resource }))],
      ["/oauth/jwks", onGet(createJwksEndpoint(documents))],
      ...toWellKnownPaths("oauth-authorization-server", issuer).map((path) => [path, onGet(createServerMetadata(documents))] as const),
      ...toWellKnownPaths("oauth-protected-resource", resource).map((path) => [path, onGet(createResourceMetadata(documents))] as const),
    ]),
    store,
  );

  const { origin, pathname, protocol } = new URL(issuer);
  const context = {
    store, clients, throttle, clock, newId, randomBytes, observe, issuer, origin, resource, name, scopes,
    sessions: createSessions(store, users, clock, randomBytes, checked.sessionSeconds * 1000),
    transactions: createTransactions(store, clock, newId),
    cookies: createCookies(protocol === "https:"),
    verifyPassword: createPasswordVerifier(users, passwordHasher, throttle),
    formAction: `${pathname === "/" ? "" : pathname}${AUTHORIZE}`,
  };
  const methods = new Map([["GET", createAuthorizePage(context)], ["POST", createAuthorizeAction(context)]]);
  const { maxCachedTokens } = checked;
  const own = new OwnTokens({ store: records, tokens, clock, observe, maxCachedTokens });
  const guard = createGuard({ newId, clock, observe, renderFailure: renderHttpFailure, ...(checked.cors === undefined ? {} : { cors: checked.cors }) });
  const api = guard(router);
  // The pages never speak CORS (checklist A15), so they have a guard of their own.
  const pages = createGuard({ newId, clock, observe, renderFailure: renderFailurePage(name) })(createPagesRouter({ methods, store, issuer, name }));
  return {
    handler: (request) => (isAuthorize(request.target) ? pages(request) : api(request)),
    authenticate: checked.issuers.length === 0 ? (token) => own.authenticate(token) : combineAuthenticate(own, createExternalTokens({ issuers: checked.issuers, fetch: checked.fetch, clock, observe, maxCachedTokens })),
    resourceMetadataUrl: toResourceMetadataUrl(resource),
    clients,
    users,
    roles: createRoleRegistry(store),
    issueToken: createIssueToken({ records, store, clients, users, tokens, clock, newId, accessTokenSeconds: checked.accessTokenSeconds }),
  };
}

function isAuthorize(target: string): boolean {
  return target === AUTHORIZE || target.startsWith(`${AUTHORIZE}?`);
}
