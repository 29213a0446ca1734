import type { JsonObject } from "../../../domain/json.ts";
import type { StoredRecord } from "../../../domain/ports.ts";
import type { Client } from "../clients/client-record.ts";
import { AUTHORITY, remove } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { numberField, textField, textsField } from "../record-fields.ts";
import type { User } from "../users/user-record.ts";

/** What a user has granted to a client. Every token of it lives only as long as this record exists. */
export type UserGrant = {
  readonly grant_id: string;
  readonly client_id: string;
  readonly user_id: string;
  readonly scope: readonly string[];
  readonly client_epoch: number;
  readonly user_epoch: number;
  /** The digest of the one refresh token that counts. */
  readonly refresh_digest: string;
  /** The end of the family, in epoch milliseconds. */
  readonly ends_at: number;
};

/** What was agreed when the user said yes, for the client to collect. */
export type AuthorizationCode = {
  readonly grant_id: string;
  readonly client_id: string;
  readonly user_id: string;
  readonly scope: readonly string[];
  readonly client_epoch: number;
  readonly user_epoch: number;
  readonly redirect_uri: string;
  readonly code_challenge: string;
  readonly used: boolean;
  readonly failed_attempts: number;
};

/** Codes by their digest. */
export const CODES = "oauth.codes";
/** Which grant a refresh token belongs to, by its digest; the replaced ones too, so that their reuse is noticed. */
export const REFRESH_TOKENS = "oauth.refresh_tokens";

/** Reads a stored grant. */
export function toUserGrant(value: JsonObject): UserGrant {
  return { ...readAgreement(value), refresh_digest: textField(value, "refresh_digest"), ends_at: numberField(value, "ends_at") };
}

/** Reads a stored code. */
export function toAuthorizationCode(value: JsonObject): AuthorizationCode {
  return {
    ...readAgreement(value),
    redirect_uri: textField(value, "redirect_uri"),
    code_challenge: textField(value, "code_challenge"),
    used: value["used"] === true,
    failed_attempts: numberField(value, "failed_attempts"),
  };
}

/** Do the client and the user still stand behind it? Disabling either, or a new password, raises an epoch. */
export function isBacked(agreement: Pick<UserGrant, "client_epoch" | "user_epoch">, client: Client | undefined, user: User | undefined): boolean {
  if (client === undefined || user === undefined || client.disabled || user.disabled) return false;
  return agreement.client_epoch === client.epoch && agreement.user_epoch === user.epoch;
}

/** The record of a grant. */
export function findGrant(store: OAuthStore, grantId: string): Promise<StoredRecord | undefined> {
  return store.find(AUTHORITY, `grant:${grantId}`);
}

/** Ends a grant and with it every token of it; again on fresh data when somebody was faster. */
export async function revokeGrant(store: OAuthStore, grantId: string): Promise<void> {
  for (let record = await findGrant(store, grantId); record !== undefined; record = await findGrant(store, grantId)) {
    if (await store.commit([remove(record)])) return;
  }
}

function readAgreement(value: JsonObject): Pick<UserGrant, "grant_id" | "client_id" | "user_id" | "scope" | "client_epoch" | "user_epoch"> {
  return {
    grant_id: textField(value, "grant_id"),
    client_id: textField(value, "client_id"),
    user_id: textField(value, "user_id"),
    scope: textsField(value, "scope"),
    client_epoch: numberField(value, "client_epoch"),
    user_epoch: numberField(value, "user_epoch"),
  };
}
