import type { Clock, NewId } from "../../../domain/ports.ts";
import { checkClient } from "./client-checks.ts";
import { liveSecrets, toClient } from "./client-record.ts";
import type { Client, ClientType } from "./client-record.ts";
import { hashClientSecret } from "./client-secret.ts";
import { AUTHORITY, create, remove } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { createSecret } from "../random.ts";
import type { RandomBytes } from "../random.ts";

/** A client to be registered. */
export interface ClientRegistration {
  /** For people: shown on the consent page and in the audit trail. */
  readonly name: string;
  readonly description?: string;
  /** Default `confidential`. */
  readonly type?: ClientType;
  /** `client_credentials`, `authorization_code` (with which goes `refresh_token`) or both. Default: the first; for a public client the second. */
  readonly grant_types?: readonly string[];
  readonly permissions?: readonly string[];
  readonly roles?: readonly string[];
  /** Required for authorization_code. Absolute, without fragment: https, http on a loopback address, or a private scheme with a dot. */
  readonly redirect_uris?: readonly string[];
  /** The API that may introspect every token. Default false. */
  readonly resource_server?: boolean;
  /** The most it may be granted on behalf of a user. Default: all that the user may do. */
  readonly scopes?: readonly string[];
}

/** What may be changed of a client. */
export type ClientChange = Partial<Pick<Client, "name" | "description" | "permissions" | "roles" | "scopes" | "redirect_uris" | "resource_server">>;

/** A client that was just made. The secret is shown here and never again; a public client has none. */
export interface CreatedClient {
  readonly client_id: string;
  readonly client_secret?: string;
}

/** The app clients. What these answer with is durable. An unknown ID is answered with undefined. */
export interface ClientRegistry {
  create(registration: ClientRegistration): Promise<CreatedClient>;
  find(clientId: string): Promise<Client | undefined>;
  list(): Promise<readonly Client[]>;
  /** Permissions and roles count from the next call on, for tokens that are out already too. */
  update(clientId: string, change: ClientChange): Promise<Client | undefined>;
  /** A second secret; the one before it stays good for `keepPreviousMs` (default 24 hours). Older ones end. */
  rotateSecret(clientId: string, options?: { readonly keepPreviousMs?: number }): Promise<CreatedClient | undefined>;
  /** It can get no tokens, and those it has are dead for good, even if it is enabled again. */
  disable(clientId: string): Promise<Client | undefined>;
  enable(clientId: string): Promise<Client | undefined>;
  /** As {@link disable}, and it is gone. Answers whether there was one. */
  delete(clientId: string): Promise<boolean>;
}

/** Options of {@link createClientRegistry}. */
export interface ClientRegistryOptions {
  readonly store: OAuthStore;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
}

const DAY_MS = 24 * 60 * 60_000;

/** The registry over a store. */
export function createClientRegistry(options: ClientRegistryOptions): ClientRegistry {
  const { store, clock } = options;
  const change = async (clientId: string, edit: (client: Client) => Client): Promise<Client | undefined> => {
    const value = await store.update(AUTHORITY, `client:${clientId}`, (stored) => edit(toClient(stored)));
    await store.durable();
    return value && toClient(value);
  };
  return {
    async create(registration) {
      const client = toNewClient(registration, options.newId());
      const secret = client.type === "confidential" ? createSecret(options.randomBytes) : undefined;
      const secrets = secret === undefined ? [] : [{ hash: hashClientSecret(secret), expires_at: null }];
      await store.commit([create(AUTHORITY, `client:${client.client_id}`, { ...client, secrets })]);
      await store.durable();
      return { client_id: client.client_id, ...(secret === undefined ? {} : { client_secret: secret }) };
    },
    async find(clientId) {
      const record = await store.find(AUTHORITY, `client:${clientId}`);
      return record && toClient(record.value);
    },
    list: async () => (await store.listAll(AUTHORITY, "client:")).map((record) => toClient(record.value)),
    update: (clientId, changes) => change(clientId, (client) => checkClient({ ...client, ...changes })),
    disable: (clientId) => change(clientId, (client) => ({ ...client, disabled: true, epoch: client.epoch + 1 })),
    enable: (clientId) => change(clientId, (client) => ({ ...client, disabled: false })),
    async rotateSecret(clientId, { keepPreviousMs = DAY_MS } = {}) {
      const secret = createSecret(options.randomBytes);
      const changed = await change(clientId, (client) => addSecret(client, hashClientSecret(secret), clock(), keepPreviousMs));
      return changed && { client_id: clientId, client_secret: secret };
    },
    async delete(clientId) {
      const record = await store.find(AUTHORITY, `client:${clientId}`);
      const deleted = record !== undefined && (await store.commit([remove(record)]));
      await store.durable();
      return deleted;
    },
  };
}

function toNewClient(registration: ClientRegistration, clientId: string): Client {
  const type = registration.type ?? "confidential";
  return checkClient({
    client_id: clientId,
    name: registration.name,
    description: registration.description ?? "",
    type,
    grant_types: registration.grant_types ?? [type === "public" ? "authorization_code" : "client_credentials"],
    permissions: registration.permissions ?? [],
    roles: registration.roles ?? [],
    redirect_uris: registration.redirect_uris ?? [],
    resource_server: registration.resource_server ?? false,
    scopes: registration.scopes ?? null,
    secrets: [],
    disabled: false,
    epoch: 1,
  });
}

/** The last secret and the new one; the last one ends when its time is up. */
function addSecret(client: Client, hash: string, nowMs: number, keepPreviousMs: number): Client {
  if (client.type === "public") throw new TypeError(`client ${client.client_id} is public and has no secret to rotate`);
  const until = nowMs + keepPreviousMs;
  const previous = liveSecrets(client, nowMs).slice(-1).map((secret) => ({ ...secret, expires_at: Math.min(secret.expires_at ?? until, until) }));
  return { ...client, secrets: [...previous, { hash, expires_at: null }] };
}
