import { json } from "../../http/response.ts";
import type { HttpResponse } from "../../http/message.ts";
import type { KeyRing } from "../../jwt/index.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Endpoint } from "./router.ts";

/** What the published documents are made of. */
export interface MetadataOptions {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly clients: ClientRegistry;
  readonly signingKeys: KeyRing;
}

/** How long a document may be cached, in seconds; a new key is published for twice as long before it signs. */
const MAX_AGE_SECONDS = 300;

/** `GET /.well-known/oauth-authorization-server` (RFC 8414). */
export function createServerMetadata({ issuer, scopes, clients }: MetadataOptions): Endpoint {
  return async () => {
    const secretMethods = ["client_secret_basic", "client_secret_post"];
    const hasPublicClients = (await clients.list()).some(({ type }) => type === "public");
    const methods = hasPublicClients ? [...secretMethods, "none"] : secretMethods;
    return document({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/oauth/jwks`,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      introspection_endpoint: `${issuer}/oauth/introspect`,
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["client_credentials", "authorization_code", "refresh_token"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: secretMethods,
      scopes_supported: Object.keys(scopes),
      authorization_response_iss_parameter_supported: true,
    });
  };
}

/** `GET /.well-known/oauth-protected-resource` (RFC 9728). */
export function createResourceMetadata({ issuer, resource, scopes }: MetadataOptions): Endpoint {
  const answer = document({ resource, authorization_servers: [issuer], scopes_supported: Object.keys(scopes), bearer_methods_supported: ["header"] });
  return async () => answer;
}

/** `GET /oauth/jwks`: public members only. */
export function createJwksEndpoint({ signingKeys }: MetadataOptions): Endpoint {
  return async () => document({ keys: signingKeys.publicJwks() });
}

/** The paths of a well-known document: plain, and with the path of what it describes inserted behind (RFC 8414 section 3.1, RFC 9728 section 3.1). */
export function toWellKnownPaths(name: string, described: string): readonly string[] {
  const { pathname } = new URL(described);
  return pathname === "/" ? [`/.well-known/${name}`] : [`/.well-known/${name}`, `/.well-known/${name}${pathname}`];
}

/** The URL at which clients look for the metadata of a resource. */
export function toResourceMetadataUrl(resource: string): string {
  return `${new URL(resource).origin}${toWellKnownPaths("oauth-protected-resource", resource).at(-1) ?? ""}`;
}

function document(value: object): HttpResponse {
  return json(200, value, { "cache-control": `public, max-age=${MAX_AGE_SECONDS}` });
}
