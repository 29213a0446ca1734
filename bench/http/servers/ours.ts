import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { createFixedKeyRing, createSigningKey } from "../../../src/adapters/jwt/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createNodeTimer } from "../../../src/adapters/node-timer/index.ts";
import { startServer } from "../../../src/adapters/node-http/index.ts";
import { createAuthorizationServer } from "../../../src/adapters/oauth/index.ts";
import type { DiagnosticsTracing } from "../../../src/adapters/diagnostics/index.ts";
import type { AuthorizationServer } from "../../../src/adapters/oauth/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { PERMISSION, TOKENS } from "../../job/order.ts";
import { createShop } from "../../job/ours.ts";
import type { ShopOptions } from "../../job/ours.ts";
import type { Started } from "../started.ts";
import { AUDIENCE, ISSUER } from "../tokens.ts";

const clock = Date.now;
const newId = randomUUID;

export function startWithoutEntries(): Promise<Started> {
  return start({ store: createMemoryStore({ clock }), auditRetentionSeconds: null });
}

export function startAsItComes(): Promise<Started> {
  return start({ store: createMemoryStore({ clock }) });
}

/** As it comes, on a disk. */
export async function startOnFiles(): Promise<Started> {
  const directory = await mkdtemp(join(tmpdir(), "actionport-bench-"));
  const store = await openFileStore({ directory, clock });
  const started = await start({ store });
  const stop = async (): Promise<void> => {
    await store.close();
    await rm(directory, { recursive: true });
  };
  return { ...started, stop };
}

/** As it comes, with whatever follows it. */
export function startFollowed(tracing: DiagnosticsTracing): Promise<Started> {
  return start({ store: createMemoryStore({ clock }), tracing });
}

/** The whole of it: the server, the REST API, the authorization server's tokens, the actions. */
async function start({ tracing, ...options }: ShopOptions & { readonly tracing?: DiagnosticsTracing }): Promise<Started> {
  const followed = tracing === undefined ? {} : { tracing };
  const actions = await createShop({ ...options, ...followed, timer: createNodeTimer({ clock }) });
  const signingKeys = createFixedKeyRing([createSigningKey("RS256")]);
  const authorization = createAuthorizationServer({ store: options.store, issuer: ISSUER, resource: AUDIENCE, signingKeys, clock, newId, accessTokenSeconds: 86_400, ...followed });
  const handler = createRest({ actions, authenticate: authorization.authenticate, clock, newId, ...followed });
  const { port } = await startServer({ port: 0, maxRequestsPerSocket: 1_000_000, createHandler: () => handler, ...followed });
  const issue = (permission: string): Promise<string> => issueToken(authorization, permission);
  return { port, tokens: await Promise.all(Array.from({ length: TOKENS }, () => issue(PERMISSION))), powerless: await issue("view_reports") };
}

/** Of a new client with this permission. */
async function issueToken({ clients, issueToken: issue }: AuthorizationServer, permission: string): Promise<string> {
  const { client_id } = await clients.create({ name: "Bench", permissions: [permission] });
  return (await issue({ client_id })).access_token;
}
