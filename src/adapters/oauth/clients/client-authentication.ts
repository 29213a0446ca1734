import type { Clock, Observe } from "../../../domain/ports.ts";
import type { GuardedRequest } from "../../http/guard.ts";
import { isBasicScheme, parseBasicCredentials } from "./basic-credentials.ts";
import { liveSecrets } from "./client-record.ts";
import type { Client } from "./client-record.ts";
import type { ClientRegistry } from "./client-registry.ts";
import { OAuthError, invalidClient } from "../oauth-error.ts";
import type { RequestParameters } from "../request-parameters.ts";
import type { VerifySecret } from "./client-secret.ts";

/** Finds out which client is asking, by Basic, by body, or by its mere id if it is public (RFC 6749 section 2.3). */
export type AuthenticateClient = (guarded: GuardedRequest, parameters: RequestParameters) => Promise<Client>;

/** Options of {@link createClientAuthentication}. */
export interface ClientAuthenticationOptions {
  readonly clients: ClientRegistry;
  readonly verifySecret: VerifySecret;
  readonly clock: Clock;
  readonly observe: Observe;
}

interface Claimed {
  readonly clientId: string;
  /** Undefined when none was sent. */
  readonly secret: string | undefined;
}

/** Throws the same invalid_client whatever the cause; malformed or contradicting credentials are invalid_request. */
export function createClientAuthentication(options: ClientAuthenticationOptions): AuthenticateClient {
  const { clients, verifySecret, clock, observe } = options;
  return async (guarded, parameters) => {
    const claimed = readCredentials(guarded.headers.get("authorization"), parameters);
    const client = await clients.find(claimed.clientId);
    const authenticated = claimed.secret === undefined ? client?.type === "public" : await hasSecret(client, claimed.clientId, claimed.secret, guarded);
    if (client !== undefined && authenticated && !client.disabled) return client;
    observe({ event: "oauth.client_refused", requestId: guarded.requestId, ...(client === undefined ? {} : { client_id: client.client_id }) });
    throw invalidClient();
  };

  async function hasSecret(client: Client | undefined, clientId: string, secret: string, guarded: GuardedRequest): Promise<boolean> {
    const hashes = client === undefined ? [] : liveSecrets(client, clock()).map(({ hash }) => hash);
    return verifySecret({ clientId, secret, hashes, remoteAddress: guarded.request.remoteAddress });
  }
}

function readCredentials(authorization: string | undefined, parameters: RequestParameters): Claimed {
  const bodyId = parameters.get("client_id");
  const bodySecret = parameters.get("client_secret");
  const assertion = parameters.get("client_assertion") ?? parameters.get("client_assertion_type");
  if (authorization === undefined) {
    if (bodyId === undefined || assertion !== undefined) throw invalidClient();
    return { clientId: bodyId, secret: bodySecret };
  }
  if (!isBasicScheme(authorization)) throw invalidClient();
  if (bodySecret !== undefined || assertion !== undefined) throw invalidRequest("Send the client's credentials in one way only.");
  const basic = parseBasicCredentials(authorization);
  if (basic === undefined) throw invalidRequest("The Basic credentials are malformed.");
  if (bodyId !== undefined && bodyId !== basic.clientId) throw invalidRequest("Two different clients are named.");
  return { clientId: basic.clientId, secret: basic.clientSecret };
}

function invalidRequest(description: string): OAuthError {
  return new OAuthError("invalid_request", description);
}
