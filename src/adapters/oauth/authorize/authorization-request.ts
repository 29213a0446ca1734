import type { Client } from "../client-record.ts";
import type { ClientRegistry } from "../client-registry.ts";
import { parseForm } from "../form.ts";
import { OAuthError } from "../oauth-error.ts";
import { isRegisteredRedirectUri } from "../redirect-uri.ts";
import { requireResource } from "../resource-indicator.ts";
import { parseScope, requireWithin } from "../scope.ts";
import { PageError } from "./page.ts";

/** A request for authorization that may be put to the user. */
export interface AuthorizationRequest {
  readonly client: Client;
  readonly redirect_uri: string;
  readonly state: string | null;
  readonly scope: readonly string[];
  readonly code_challenge: string;
}

/** Where an answer goes. */
export interface Destination {
  readonly redirect_uri: string;
  readonly state: string | null;
}

/** A fault that is told to the app, by way of the browser (RFC 6749 section 4.1.2.1). */
export class RedirectError extends Error {
  override readonly name = "RedirectError";
  readonly destination: Destination;
  readonly code: string;

  constructor(destination: Destination, code: string, description: string) {
    super(description);
    this.destination = destination;
    this.code = code;
  }
}

/** What {@link readAuthorizationRequest} needs. */
export interface AuthorizationRequestOptions {
  readonly clients: ClientRegistry;
  readonly resource: string;
}

/** RFC 7636 section 4.2: base64url of a SHA-256, so exactly 43 characters of which the last has two spare bits. */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const MAX_STATE_LENGTH = 4096;
/** Parameters of OpenID Connect that would change what is asked for; they are never fetched or guessed at. */
const NOT_SUPPORTED = ["request", "request_uri", "registration"] as const;

/**
 * Reads the query. Until client and redirect URI are known to belong together every fault is a page
 * (PageError), since nobody may be sent anywhere; after that a RedirectError tells the app.
 */
export async function readAuthorizationRequest(query: string, options: AuthorizationRequestOptions): Promise<AuthorizationRequest> {
  const values = collectValues(query);
  const client = await findClient(values, options.clients);
  const redirect_uri = findRedirectUri(values, client);
  const stateValues = values.get("state") ?? [];
  const state = stateValues.length === 1 ? (stateValues[0] ?? null) : null;
  const destination = { redirect_uri, state: state !== null && state.length <= MAX_STATE_LENGTH ? state : null };
  const refuse = (code: string, description: string) => new RedirectError(destination, code, description);

  for (const [name, all] of values) {
    if (all.length > 1 && name !== "resource") throw refuse("invalid_request", "A parameter was sent more than once.");
  }
  if (state !== destination.state) throw refuse("invalid_request", "The state is too long.");
  const get = (name: string) => values.get(name)?.[0];
  for (const name of NOT_SUPPORTED) {
    if (get(name) !== undefined) throw refuse(`${name}_not_supported`, `The parameter ${name} is not supported.`);
  }
  const responseType = get("response_type");
  if (responseType === undefined) throw refuse("invalid_request", "The parameter response_type is missing.");
  if (responseType !== "code") throw refuse("unsupported_response_type", "The only response type is code.");
  if ((get("response_mode") ?? "query") !== "query") throw refuse("invalid_request", "The only response mode is query.");
  if (!client.grant_types.includes("authorization_code")) throw refuse("unauthorized_client", "This client may not use authorization codes.");
  if (get("code_challenge_method") !== "S256") throw refuse("invalid_request", "PKCE with code_challenge_method S256 is required.");
  const code_challenge = get("code_challenge") ?? "";
  if (!S256_CHALLENGE.test(code_challenge)) throw refuse("invalid_request", "The code_challenge must be 43 characters of base64url.");
  const scope = checkAsRedirect(destination, () => checkScope(get("scope"), client, values.get("resource") ?? [], options.resource));
  return { client, redirect_uri, state, scope, code_challenge };
}

function checkScope(asked: string | undefined, client: Client, resources: readonly string[], resource: string): readonly string[] {
  requireResource(resources, resource);
  const scope = parseScope(asked);
  if (client.scopes !== null) requireWithin(scope, new Set(client.scopes));
  return scope;
}

function checkAsRedirect<T>(destination: Destination, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof OAuthError) throw new RedirectError(destination, error.code, error.message);
    throw error;
  }
}

/** All values by name; empty ones count as absent. */
function collectValues(query: string): ReadonlyMap<string, readonly string[]> {
  const pairs = parseForm(query);
  if (pairs === undefined) throw new PageError(400, "This link is broken", "The address of this page is malformed. Go back to the app and start again.");
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known !== undefined) known.push(value);
    else values.set(name, [value]);
  }
  return new Map([...values].filter(([, all]) => all.length > 1 || all[0] !== ""));
}

async function findClient(values: ReadonlyMap<string, readonly string[]>, clients: ClientRegistry): Promise<Client> {
  const [clientId, ...more] = values.get("client_id") ?? [];
  const client = clientId === undefined || more.length > 0 ? undefined : await clients.find(clientId);
  if (client !== undefined && !client.disabled) return client;
  throw new PageError(400, "This app is not known here", "The app that sent you here is not registered, or has been switched off. Tell the people who run the app.");
}

function findRedirectUri(values: ReadonlyMap<string, readonly string[]>, client: Client): string {
  const [uri, ...more] = values.get("redirect_uri") ?? [];
  if (uri !== undefined && more.length === 0 && isRegisteredRedirectUri(uri, client.redirect_uris)) return uri;
  throw new PageError(400, "This app cannot be answered", "The address that the app wants you to be sent back to is not one it has registered. You have not been sent there. Tell the people who run the app.");
}
