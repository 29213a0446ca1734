import type { Client, ClientType } from "./client-record.ts";
import { isName, isPermission } from "../names.ts";
import { isRegistrableRedirectUri } from "./redirect-uri.ts";

/** Which kinds of clients may be registered for a grant type. */
const GRANT_TYPES: ReadonlyMap<string, readonly ClientType[]> = new Map([
  ["client_credentials", ["confidential"]],
  ["authorization_code", ["confidential", "public"]],
]);

/** The client itself if all of it may be stored; a TypeError that names the field and the remedy if not. */
export function checkClient(client: Client): Client {
  requireThat(isName(client.name), "name must be 1 to 200 characters without control characters");
  requireThat(client.grant_types.length > 0, "grant_types must name at least one grant type");
  for (const grantType of client.grant_types) {
    const allowed = GRANT_TYPES.get(grantType);
    requireThat(allowed !== undefined, `grant_types must be of ${[...GRANT_TYPES.keys()].join(", ")}`);
    requireThat(allowed?.includes(client.type) === true, `grant_types: ${grantType} is not for ${client.type} clients`);
  }
  requireThat(!client.grant_types.includes("authorization_code") || client.redirect_uris.length > 0, "redirect_uris must name at least one for authorization_code");
  for (const uri of client.redirect_uris) requireThat(isRegistrableRedirectUri(uri), "redirect_uris must be absolute, without fragment: https, http on a loopback address, or a private scheme with a dot");
  for (const permission of [...client.permissions, ...client.roles, ...(client.scopes ?? [])]) {
    requireThat(isPermission(permission), "permissions, roles and scopes must be 1 to 100 printable ASCII characters without space, quote or backslash");
  }
  return client;
}

function requireThat(condition: boolean, remedy: string): void {
  if (!condition) throw new TypeError(`client: ${remedy}`);
}
