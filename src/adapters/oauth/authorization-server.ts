import type { Authenticate } from "../../domain/ports.ts";
import { createGuard } from "../http/guard.ts";
import type { HttpHandler } from "../http/message.ts";
import { quietly } from "../http/observation.ts";
import { createAccessTokens } from "./access-token.ts";
import { createAuthenticate } from "./authenticate.ts";
import { createClientAuthentication } from "./client-authentication.ts";
import { createClientRegistry } from "./client-registry.ts";
import type { ClientRegistry } from "./client-registry.ts";
import { createClientCredentialsGrant } from "./grants/client-credentials.ts";
import { renderHttpFailure } from "./oauth-error.ts";
import { createOAuthStore } from "./oauth-store.ts";
import { checkOptions } from "./options.ts";
import type { AuthorizationServerOptions } from "./options.ts";
import { createRouter } from "./router.ts";
import { createScryptHasher } from "./scrypt-hasher.ts";
import { createSecretVerifier } from "./secret-verifier.ts";
import { createThrottle } from "./throttle.ts";
import { createTokenEndpoint } from "./token-endpoint.ts";
import type { GrantEntry } from "./token-endpoint.ts";

/** An OAuth 2 authorization server and the check of its tokens. */
export interface AuthorizationServer {
  /** Serves the paths that begin with `/oauth/` or `/.well-known/`; 404 for what is unknown there. */
  readonly handler: HttpHandler;
  readonly authenticate: Authenticate;
  readonly clients: ClientRegistry;
}

/** Puts the server together. Throws a TypeError that names a wrong option. */
export function createAuthorizationServer(given: AuthorizationServerOptions): AuthorizationServer {
  const options = checkOptions(given);
  const { clock, newId, randomBytes } = options;
  const observe = quietly(options.observe);
  const store = createOAuthStore(options.store, observe);
  const hasher = createScryptHasher({ cost: options.secretCost, randomBytes });
  const clients = createClientRegistry({ store, hasher, clock, newId, randomBytes });
  const secrets = createSecretVerifier({ hasher, throttle: createThrottle(clock), clock, randomBytes });
  const authenticateClient = createClientAuthentication({ clients, secrets, clock, observe });
  const tokens = createAccessTokens(options);

  const grants = new Map<string, GrantEntry>([
    ["client_credentials", {
      grant: createClientCredentialsGrant({ records: options.store, store, tokens, resource: options.resource }),
      mayUse: (client) => client.type === "confidential" && client.grant_types.includes("client_credentials"),
    }],
  ]);

  const routes = new Map([
    ["/oauth/token", new Map([["POST", createTokenEndpoint({ authenticateClient, grants, observe })]])],
  ]);

  const guard = createGuard({ newId, clock, observe, renderFailure: renderHttpFailure, ...(options.cors === undefined ? {} : { cors: options.cors }) });
  return {
    handler: guard(createRouter(routes, store)),
    authenticate: createAuthenticate({ store: options.store, tokens, clock, observe, maxCachedTokens: options.maxCachedTokens }),
    clients,
  };
}
