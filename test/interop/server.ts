import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import test from "node:test";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createFixedKeyRing, createSigningKey } from "../../src/adapters/jwt/index.ts";
import type { SigningKey } from "../../src/adapters/jwt/index.ts";
import { startServer } from "../../src/adapters/node-http/index.ts";
import { createAuthorizationServer } from "../../src/adapters/oauth/index.ts";
import type { AuthorizationServer } from "../../src/adapters/oauth/index.ts";

export const PASSWORD = "correct horse battery";

/** A server on a real port, with a user, a web app, a public client and the API's own client. */
export interface LiveServer {
  readonly issuer: string;
  readonly resource: string;
  readonly authorization: AuthorizationServer;
  readonly signingKey: SigningKey;
  readonly web: Credentials;
  readonly api: Credentials;
  readonly portal: string;
  readonly redirectUri: string;
  /** Is this token taken, over HTTP, by the API? */
  isTaken(token: string): Promise<boolean>;
}

/** A confidential client. */
export interface Credentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/** Starts one for this test file; it stops when the file's tests are over. */
export async function startLiveServer(options: { readonly alg?: "EdDSA" | "RS256" } = {}): Promise<LiveServer> {
  const clock = Date.now;
  const signingKey = createSigningKey(options.alg ?? "EdDSA");
  const made: { authorization?: AuthorizationServer } = {};
  const server = await startServer({
    port: 0,
    createHandler({ url }) {
      const authorization = createAuthorizationServer({
        store: createMemoryStore({ clock }), issuer: url, resource: `${url}/api/v1`, signingKeys: createFixedKeyRing([signingKey]), clock, newId: randomUUID,
        name: "Interop", scopes: { manage_orders: "Manage orders", view_reports: "See reports" }, passwordCost: { N: 1024, r: 8, p: 1 },
      });
      made.authorization = authorization;
      return authorization.handler;
    },
  });
  test.after(() => server.close());
  const { authorization } = made;
  assert.ok(authorization !== undefined);
  const redirectUri = "http://127.0.0.1/callback";
  const create = async (registration: Parameters<AuthorizationServer["clients"]["create"]>[0]): Promise<Credentials> => {
    const { client_id, client_secret = "" } = await authorization.clients.create(registration);
    return { client_id, client_secret };
  };
  await authorization.users.create({ name: "nancy", password: PASSWORD, permissions: ["manage_orders"] });
  return {
    issuer: server.url,
    resource: `${server.url}/api/v1`,
    authorization,
    signingKey,
    web: await create({ name: "Web", grant_types: ["client_credentials", "authorization_code"], redirect_uris: [redirectUri], permissions: ["view_reports"] }),
    api: await create({ name: "API", resource_server: true }),
    portal: (await create({ name: "Portal", type: "public", redirect_uris: [redirectUri] })).client_id,
    redirectUri,
    isTaken: async (token) => (await authorization.authenticate(token)).authenticated,
  };
}

/** Goes through the pages as nancy would, and answers the address that the browser is sent back to. */
export async function goThroughPages(authorizationUrl: string | URL, answer: "approve" | "deny" = "approve"): Promise<URL> {
  const cookies = new Map<string, string>();
  const visit = async (url: URL, form?: URLSearchParams): Promise<Response> => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url, { method: form === undefined ? "GET" : "POST", redirect: "manual", headers: { cookie }, ...(form === undefined ? {} : { body: form }) });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const start = new URL(authorizationUrl);
  const submit = async (page: string, fields: Readonly<Record<string, string>>): Promise<URL> => {
    const hidden = [...page.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]);
    const response = await visit(new URL("/oauth/authorize", start), new URLSearchParams([...hidden, ...Object.entries(fields)]));
    assert.equal(response.status, 303);
    return new URL(response.headers.get("location") ?? "", start);
  };
  const first = await visit(start);
  if (first.status === 303) return new URL(first.headers.get("location") ?? "");
  const consent = await visit(await submit(await first.text(), { name: "nancy", password: PASSWORD, action: "sign-in" }));
  return submit(await consent.text(), { action: answer });
}
