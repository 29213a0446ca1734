import type { Authenticate } from "../../domain/ports.ts";
import { createGuard } from "../http/guard.ts";
import type { HttpHandler } from "../http/message.ts";
import { shieldObserver } from "../../domain/observation/shield-observer.ts";
import { createAccessTokens } from "./tokens/access-token.ts";
import { createApiHandler } from "./endpoints/api-routes.ts";
import { OwnTokens } from "./tokens/authenticate.ts";
import { createPagesHandler } from "./authorize/pages-handler.ts";
import { createClientRegistry } from "./clients/client-registry.ts";
import type { ClientRegistry } from "./clients/client-registry.ts";
import { combineAuthenticate } from "./issuers/combined-authenticate.ts";
import { createIssueToken } from "./grants/issue-token.ts";
import type { IssueToken } from "./grants/issue-token.ts";
import { createExternalTokens } from "./issuers/external-authenticate.ts";
import { toResourceMetadataUrl } from "./endpoints/metadata.ts";
import { createOAuthStore } from "./oauth-store.ts";
import { checkOptions } from "./options.ts";
import type { AuthorizationServerOptions } from "./options.ts";
import { createRoleRegistry } from "./users/role-registry.ts";
import type { RoleRegistry } from "./users/role-registry.ts";
import { createScryptHasher } from "./users/scrypt-hasher.ts";
import type { ServerParts } from "./server-parts.ts";
import { createThrottle } from "./throttle.ts";
import { createUserRegistry } from "./users/user-registry.ts";
import type { UserRegistry } from "./users/user-registry.ts";

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
export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const parts = createParts(options);
  const api = createApiHandler(parts);
  const pages = createPagesHandler(parts, AUTHORIZE);
  return {
    handler: (request) => (isAuthorize(request.target) ? pages(request) : api(request)),
    authenticate: createAuthenticate(parts),
    resourceMetadataUrl: toResourceMetadataUrl(parts.resource),
    clients: parts.clients,
    users: parts.users,
    roles: createRoleRegistry(parts.store),
    issueToken: createIssueToken(parts),
  };
}

function createParts(given: AuthorizationServerOptions): ServerParts {
  const { store: records, observe: tell, ...options } = checkOptions(given);
  const { clock, newId, randomBytes, tracing } = options;
  const observe = shieldObserver(tell);
  const store = createOAuthStore(records, observe);
  const passwordHasher = createScryptHasher({ cost: options.passwordCost, randomBytes });
  return {
    ...options,
    records,
    store,
    observe,
    passwordHasher,
    throttle: createThrottle(clock),
    clients: createClientRegistry({ store, clock, newId, randomBytes }),
    users: createUserRegistry({ store, hasher: passwordHasher, newId }),
    tokens: createAccessTokens(options),
    lifetimes: { idleMs: options.refreshIdleSeconds * 1000, familyMs: options.refreshFamilySeconds * 1000 },
    createGuard: (render, cors) => createGuard({ newId, clock, observe, tracing, renderFailure: render, ...(cors === undefined ? {} : { cors }) }),
  };
}

function createAuthenticate(parts: ServerParts): Authenticate {
  const own = new OwnTokens(parts);
  return parts.issuers.length === 0 ? (token) => own.authenticate(token) : combineAuthenticate(own, createExternalTokens(parts));
}

function isAuthorize(target: string): boolean {
  return target === AUTHORIZE || target.startsWith(`${AUTHORIZE}?`);
}
