import { boolean, list, number, text } from "../../../domain/params/index.ts";
import type { StoredRecord } from "../../../domain/ports.ts";
import type { Client } from "../clients/client-record.ts";
import { AUTHORITY, remove } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { createRecordReader } from "../record-reader.ts";
import type { User } from "../users/user-record.ts";

/** What a user has agreed to, and with which epochs of client and user. */
const AGREEMENT = {
  grant_id: text(),
  client_id: text(),
  user_id: text(),
  scope: list(text()),
  client_epoch: number(),
  user_epoch: number(),
};

/** Reads a stored grant. */
export const toUserGrant = createRecordReader({
  ...AGREEMENT,
  /** The digest of the one refresh token that counts. */
  refresh_digest: text(),
  /** The end of the family, in epoch milliseconds. */
  ends_at: number(),
});

/** What a user has granted to a client. Every token of it lives only as long as this record exists. */
export type UserGrant = ReturnType<typeof toUserGrant>;

/** Reads a stored code. */
export const toAuthorizationCode = createRecordReader({
  ...AGREEMENT,
  redirect_uri: text(),
  code_challenge: text(),
  used: boolean(),
  failed_attempts: number(),
});

/** What was agreed when the user said yes, for the client to collect. */
export type AuthorizationCode = ReturnType<typeof toAuthorizationCode>;

/** Codes by their digest. */
export const CODES = "oauth.codes";
/** Which grant a refresh token belongs to, by its digest; the replaced ones too, so that their reuse is noticed. */
export const REFRESH_TOKENS = "oauth.refresh_tokens";

/** Do the client and the user still stand behind it? Disabling either, or a new password, raises an epoch. */
export function isBacked(agreement: Pick<UserGrant, "client_epoch" | "user_epoch">, client: Client | undefined, user: User | undefined): boolean {
  if (client === undefined || user === undefined || client.disabled || user.disabled) return false;
  return agreement.client_epoch === client.epoch && agreement.user_epoch === user.epoch;
}

/** The record of a refresh token, current or replaced, and that of its grant, unless that has ended. */
export interface FoundRefreshToken {
  readonly token: StoredRecord;
  readonly grant: StoredRecord | undefined;
}

const toRefreshToken = createRecordReader({ grant_id: text() });

/** Finds a refresh token by its digest. */
export async function findRefreshToken(store: OAuthStore, digest: string): Promise<FoundRefreshToken | undefined> {
  const token = await store.find(REFRESH_TOKENS, digest);
  return token && { token, grant: await findGrant(store, toRefreshToken(token.value).grant_id) };
}

/** Ends a grant and with it every token of it; again on fresh data when somebody was faster. */
export async function revokeGrant(store: OAuthStore, grantId: string): Promise<void> {
  for (let record = await findGrant(store, grantId); record !== undefined; record = await findGrant(store, grantId)) {
    if (await store.commit([remove(record)])) return;
  }
}

function findGrant(store: OAuthStore, grantId: string): Promise<StoredRecord | undefined> {
  return store.find(AUTHORITY, `grant:${grantId}`);
}
