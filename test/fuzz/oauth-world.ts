import { randomUUID } from "node:crypto";
import type { HttpHandler } from "../../src/adapters/http/message.ts";
import { createFixedKeyRing, createSigningKey } from "../../src/adapters/jwt/index.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createAuthorizationServer } from "../../src/adapters/oauth/index.ts";

export const PASSWORD = "correct horse battery";
export const REDIRECT_URI = "https://app.example/callback";

/** An authorization server with a user and two clients, for a few calls. */
export interface OAuthWorld {
  readonly handler: HttpHandler;
  readonly failures: readonly string[];
  /** By the name that stands for it in a call: `{web}`, `{secret}`, `{portal}`. */
  readonly names: Readonly<Record<string, string>>;
}

const KEYS = createFixedKeyRing([createSigningKey("EdDSA")]);

export async function openOAuthWorld(): Promise<OAuthWorld> {
  const failures: string[] = [];
  const authorization = createAuthorizationServer({
    store: createMemoryStore({ clock: Date.now }), issuer: "https://as.example", resource: "https://as.example/api/v1", signingKeys: KEYS, clock: Date.now, newId: randomUUID,
    scopes: { view_reports: "See reports" }, passwordCost: { N: 2, r: 1, p: 1 },
    observe: ({ event, error }) => void (error === undefined || failures.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`)),
  });
  const { clients, users, handler } = authorization;
  await users.create({ name: "nancy", password: PASSWORD, permissions: ["view_reports"] });
  const web = await clients.create({ name: "Web", grant_types: ["client_credentials", "authorization_code"], redirect_uris: [REDIRECT_URI], permissions: ["view_reports"] });
  const portal = await clients.create({ name: "Portal", type: "public", redirect_uris: [REDIRECT_URI] });
  return { handler, failures, names: { web: web.client_id, secret: web.client_secret ?? "", portal: portal.client_id } };
}
