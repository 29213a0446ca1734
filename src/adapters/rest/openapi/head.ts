import type { JsonObject } from "../../../domain/json.ts";
import { FIXED_TAGS } from "./routes/fixed-routes.ts";
import type { OpenApiOptions } from "./options.ts";

/** Linters want both to be there. */
const NOBODY = { name: "Whoever runs this server" };
/** SPDX's word for a license of which nothing is said. */
const NONE_STATED = { name: "Not stated", identifier: "NOASSERTION" };

/** What the document says of the API as a whole. */
export function toHead(options: OpenApiOptions, tags: Iterable<string>): JsonObject {
  const { title = "Actions", version = "1.0.0", description = "Business actions: each can be run, previewed, and run in bulk.", contact = NOBODY, license = NONE_STATED } = options;
  return {
    openapi: "3.1.1",
    info: { title, version, description, contact, license },
    servers: options.servers ?? [{ url: "/", description: "The server that this document came from." }],
    security: [...(options.tokenUrl === undefined ? [] : [{ oauth2: [] }]), { bearer: [] }],
    tags: [...[...tags].sort().map(toTag), ...FIXED_TAGS],
  };
}

function toTag(name: string): JsonObject {
  return { name, description: name === "actions" ? "Actions of their own." : `Actions whose keys begin with \`${name}/\`.` };
}

/** How a caller proves who it is. */
export function toSecuritySchemes({ tokenUrl, authorizationUrl, scopes = {} }: OpenApiOptions): JsonObject {
  const bearer = { type: "http", scheme: "bearer", description: "An access token." };
  if (tokenUrl === undefined) return { bearer };
  const clientCredentials = { tokenUrl, scopes };
  const user = authorizationUrl === undefined ? {} : { authorizationCode: { authorizationUrl, tokenUrl, refreshUrl: tokenUrl, scopes } };
  return { oauth2: { type: "oauth2", description: "An app for itself, or for a user who consents.", flows: { clientCredentials, ...user } }, bearer };
}
