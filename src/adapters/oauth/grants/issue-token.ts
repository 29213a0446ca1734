import type { Clock, NewId } from "../../../domain/ports.ts";
import type { AccessTokens, IssuedAccessToken } from "../tokens/access-token.ts";
import type { Client } from "../clients/client-record.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { UserGrant } from "./grant-record.ts";
import { AUTHORITY, create } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { holdPermissions } from "../users/permissions.ts";
import { formatScope, parseScope, requireWithin } from "../tokens/scope.ts";
import type { UserRegistry } from "../users/user-registry.ts";

/** Whom an operator wants a token for. */
export interface TokenOrder {
  readonly client_id: string;
  /** The name of the user whom the client acts for. Default: it acts for itself. */
  readonly user?: string;
  readonly scope?: readonly string[];
}

/** An access token without any flow, for the operator to try something. A TypeError when there is no such client or user. */
export type IssueToken = (order: TokenOrder) => Promise<IssuedAccessToken>;

/** Options of {@link createIssueToken}. */
export interface IssueTokenOptions {
  readonly store: OAuthStore;
  readonly clients: ClientRegistry;
  readonly users: UserRegistry;
  readonly tokens: AccessTokens;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly accessTokenSeconds: number;
}

/** A user's token has a grant as any other has, but no refresh token: it ends with the grant. */
export function createIssueToken(options: IssueTokenOptions): IssueToken {
  const { store, clients, users, tokens, clock, newId } = options;
  const forClient = async (client: Client, scope: readonly string[]): Promise<IssuedAccessToken> => {
    const { permissions } = await holdPermissions(store, client);
    requireWithin(scope, permissions);
    return tokens.issue({ client_id: client.client_id, sub_kind: "client", subjectId: client.client_id, scope, basis: { client_epoch: client.epoch } });
  };
  const forUser = async (client: Client, name: string, scope: readonly string[]): Promise<IssuedAccessToken> => {
    const user = await users.findByName(name);
    if (user === undefined || user.disabled) throw new TypeError("token: there is no such user, or it is disabled");
    const { client_id, epoch: client_epoch } = client;
    const ends_at = clock() + options.accessTokenSeconds * 1000;
    const grant: UserGrant = { grant_id: newId(), client_id, user_id: user.user_id, scope, client_epoch, user_epoch: user.epoch, refresh_digest: "", ends_at };
    await store.commit([create(AUTHORITY, `grant:${grant.grant_id}`, grant, ends_at)]);
    await store.durable();
    return tokens.issue({ client_id, sub_kind: "user", subjectId: user.user_id, scope, basis: { grant_id: grant.grant_id }, notAfterMs: ends_at });
  };
  return async ({ client_id, user, scope: asked = [] }) => {
    const client = await clients.find(client_id);
    if (client === undefined || client.disabled) throw new TypeError("token: there is no such client, or it is disabled");
    const scope = parseScope(formatScope(asked));
    return user === undefined ? forClient(client, scope) : forUser(client, user, scope);
  };
}
