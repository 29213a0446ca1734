import type { Client } from "../clients/client-record.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import { parseForm } from "../form.ts";
import { OAuthError } from "../oauth-error.ts";
import { isRegisteredRedirectUri } from "../clients/redirect-uri.ts";
import { requireResource } from "../tokens/resource-indicator.ts";
import { parseScope, requireWithin } from "../tokens/scope.ts";
import { unknownClient } from "./faults.ts";
import { PageError } from "./pages/page-error.ts";

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

/** Options of {@link readAuthorizationRequest}. */
export interface AuthorizationRequestOptions {
  readonly clients: ClientRegistry;
  readonly resource: string;
}

/** The first value of a parameter, if it has one. */
type Get = (name: string) => string | undefined;

/** A fault that the app is told, and when it is one. */
interface Fault {
  readonly code: string;
  readonly description: string;
  applies(get: Get, client: Client): boolean;
}

/** RFC 7636 section 4.2: base64url of a SHA-256, so exactly 43 characters of which the last has two spare bits. */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const MAX_STATE_LENGTH = 4096;

/** In this order; the first that applies is told. `request` and its like would change what is asked for, and are never fetched. */
const FAULTS: readonly Fault[] = [
  ...["request", "request_uri", "registration"].map((name) => ({
    code: `${name}_not_supported`, description: `The parameter ${name} is not supported.`, applies: (get: Get) => get(name) !== undefined,
  })),
  { code: "invalid_request", description: "The parameter response_type is missing.", applies: (get) => get("response_type") === undefined },
  { code: "unsupported_response_type", description: "The only response type is code.", applies: (get) => get("response_type") !== "code" },
  { code: "invalid_request", description: "The only response mode is query.", applies: (get) => (get("response_mode") ?? "query") !== "query" },
  { code: "unauthorized_client", description: "This client may not use authorization codes.", applies: (_, client) => !client.grant_types.includes("authorization_code") },
  { code: "invalid_request", description: "PKCE with code_challenge_method S256 is required.", applies: (get) => get("code_challenge_method") !== "S256" },
  { code: "invalid_request", description: "The code_challenge must be 43 characters of base64url.", applies: (get) => !S256_CHALLENGE.test(get("code_challenge") ?? "") },
];

/**
 * Reads the query. Until client and redirect URI are known to belong together every fault is a page
 * (PageError), since nobody may be sent anywhere; after that a RedirectError tells the app.
 */
export async function readAuthorizationRequest(query: string, options: AuthorizationRequestOptions): Promise<AuthorizationRequest> {
  const values = collectValues(query);
  const client = await findClient(values, options.clients);
  const destination = { redirect_uri: findRedirectUri(values, client), state: findState(values) };
  const get: Get = (name) => values.get(name)?.[0];
  if (hasRepeated(values)) throw new RedirectError(destination, "invalid_request", "A parameter was sent more than once.");
  if (destination.state !== (get("state") ?? null)) throw new RedirectError(destination, "invalid_request", "The state is too long.");
  const fault = FAULTS.find(({ applies }) => applies(get, client));
  if (fault !== undefined) throw new RedirectError(destination, fault.code, fault.description);
  const scope = checkAsRedirect(destination, () => checkScope(get("scope"), client, values.get("resource") ?? [], options.resource));
  return { client, ...destination, scope, code_challenge: get("code_challenge") ?? "" };
}

/** The state to echo; one that came twice, or is too long, is not. */
function findState(values: ReadonlyMap<string, readonly string[]>): string | null {
  const [state, ...more] = values.get("state") ?? [];
  return state === undefined || more.length > 0 || state.length > MAX_STATE_LENGTH ? null : state;
}

function hasRepeated(values: ReadonlyMap<string, readonly string[]>): boolean {
  return [...values].some(([name, all]) => all.length > 1 && name !== "resource");
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
  if (pairs === undefined) throw new PageError(400, { name: "linkBroken" });
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known !== undefined) known.push(value);
    else values.set(name, [value]);
  }
  return new Map([...values].filter(([, all]) => all.length > 1 || all[0] !== ""));
}

async function findClient(values: ReadonlyMap<string, readonly string[]>, clients: ClientRegistry): Promise<Client> {
  const client = await clients.find(requireOne(values, "client_id"));
  if (client === undefined || client.disabled) throw unknownClient();
  return client;
}

function findRedirectUri(values: ReadonlyMap<string, readonly string[]>, client: Client): string {
  const uri = requireOne(values, "redirect_uri");
  if (!isRegisteredRedirectUri(uri, client.redirect_uris)) throw new PageError(400, { name: "returnAddress" });
  return uri;
}

/** Of two values, nobody can say which the app meant. */
function requireOne(values: ReadonlyMap<string, readonly string[]>, parameter: "client_id" | "redirect_uri"): string {
  const [value, ...more] = values.get(parameter) ?? [];
  if (value === undefined) throw new PageError(400, { name: "linkIncomplete", parameter });
  if (more.length > 0) throw new PageError(400, { name: "linkBroken" });
  return value;
}
