// The other entry points: what they answer must have names that others can import, too.
import { clientCredentials, createClient, refreshToken } from "actionport/client";
import { createMetrics, createTracing } from "actionport/diagnostics";
import { toFetchHandler } from "actionport/fetch";
import { openFileStore } from "actionport/file";
import { createFixedKeyRing, createSigningKey, openKeyFile } from "actionport/jwt";
import { startServer, toRequestListener } from "actionport/node-http";
import { createAuthorizationServer, createExternalAuthenticate } from "actionport/oauth";
import { createPostgresStore } from "actionport/postgres";
import { createRest } from "actionport/rest";
import { startApplication } from "actionport/app";
import { actions, catalog, nancy, type Api } from "./shop.ts";

export const rest = createRest({ actions, authenticate: () => ({ authenticated: true, identity: nancy }), clock: Date.now, newId: () => crypto.randomUUID() });
export const handler = toFetchHandler(rest);
export const listener = toRequestListener(rest);
export const server = () => startServer({ createHandler: () => rest, port: 0 });
export const application = () => startApplication({ catalog }, {});
export const files = () => openFileStore({ directory: "data", clock: Date.now });
export const postgres = () => createPostgresStore({ query: () => Promise.resolve([]) });
export const keys = () => openKeyFile({ path: "keys.json", clock: Date.now });
export const ring = () => createFixedKeyRing([createSigningKey()]);
export const oauth = createAuthorizationServer;
export const external = createExternalAuthenticate;
export const tracing = createTracing();
export const metrics = () => createMetrics();

export const client = createClient<Api>({ baseUrl: "https://shop.example", auth: clientCredentials({ clientId: "app", clientSecret: "secret" }) });
export const untyped = createClient({ baseUrl: "https://shop.example", auth: refreshToken({ clientId: "app", refreshToken: "first" }) });
export const execute = () => client.execute("shop/got");
export const preview = () => client.preview("shop/declared", 1);
export const bulk = client.bulk("shop/declared", [1]);
export const run = client.workflow("w");
export const page = client.subjects("shop.Order").list({ q: "42" });
export const one = () => client.subjects("shop.Order").get(42);
export const entries = client.audit.follow();
export const { audit, actions: listed, workflows } = client;
export function failed(error: unknown) {
  return client.isFailure(error, "shop/declared") ? error : undefined;
}
