import { ALL_PERMISSIONS, createIdentity } from "../../../domain/identity.ts";
import type { Identity } from "../../../domain/identity.ts";
import { isPromiseLike } from "../../../domain/maybe-promise.ts";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { RecordStore, StoredRecord } from "../../../domain/ports.ts";
import type { AccessTokenClaims } from "./access-token.ts";
import { toClient } from "../clients/client-record.ts";
import { isBacked, toUserGrant } from "../grants/grant-record.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { holdPermissions } from "../users/permissions.ts";
import type { HeldPermissions, Principal } from "../users/permissions.ts";
import { toUser } from "../users/user-record.ts";

/** What the records say about a genuine token at this moment. */
export interface Standing {
  /** Who acts; undefined when the token counts no more. */
  readonly identity: Identity | undefined;
  /** The records of {@link AUTHORITY} that this rests on, present or absent: while their versions stay, so does the standing. */
  readonly ids: readonly string[];
  readonly versions: readonly (number | undefined)[];
}

type Records = readonly (StoredRecord | undefined)[];

/** Reads all that the token depends on: one round trip, and one more where there are roles. At once where the store is. */
export function assessStanding(store: Pick<RecordStore, "read">, claims: AccessTokenClaims): MaybePromise<Standing> {
  const ids = authorityIds(claims);
  const records = store.read(AUTHORITY, ids);
  return isPromiseLike(records) ? records.then((read) => assessRecords(store, claims, ids, read)) : assessRecords(store, claims, ids, records);
}

function assessRecords(store: Pick<RecordStore, "read">, claims: AccessTokenClaims, ids: readonly string[], records: Records): MaybePromise<Standing> {
  const actor = findActor(claims, records);
  if (actor === undefined) return { identity: undefined, ids, versions: versionsOf(records) };
  const { sub_kind: kind, subjectId: id, scope, client_id: clientId } = claims;
  const conclude = ({ permissions, roleIds, roleRecords }: HeldPermissions): Standing => ({
    identity: createIdentity({ kind, id, name: actor.name, permissions: narrow(permissions, actor.ceiling), scope, clientId }),
    ids: [...ids, ...roleIds],
    versions: versionsOf([...records, ...roleRecords]),
  });
  const held = holdPermissions(store, actor.principal);
  return isPromiseLike(held) ? held.then(conclude) : conclude(held);
}

interface Actor {
  readonly name: string;
  readonly principal: Principal;
  /** The most that a user's permissions may amount to through this client; null: no limit. */
  readonly ceiling: readonly string[] | null;
}

function authorityIds({ client_id, jti, basis, subjectId }: AccessTokenClaims): readonly string[] {
  const always = [`client:${client_id}`, `revoked:${jti}`];
  return "grant_id" in basis ? [...always, `user:${subjectId}`, `grant:${basis.grant_id}`] : always;
}

/** Who acts, in the order of {@link authorityIds}; a client's token never looks at users at all. */
function findActor(claims: AccessTokenClaims, [clientRecord, revoked, userRecord, grantRecord]: Records): Actor | undefined {
  const client = clientRecord && toClient(clientRecord.value);
  if (client === undefined || client.disabled || revoked !== undefined) return undefined;
  if ("client_epoch" in claims.basis) {
    return claims.basis.client_epoch === client.epoch ? { name: client.name, principal: client, ceiling: null } : undefined;
  }
  const user = userRecord && toUser(userRecord.value);
  const grant = grantRecord && toUserGrant(grantRecord.value);
  if (user === undefined || grant === undefined || !isBacked(grant, client, user)) return undefined;
  if (grant.client_id !== client.client_id || grant.user_id !== user.user_id) return undefined;
  return { name: user.name, principal: user, ceiling: client.scopes };
}

function narrow(permissions: ReadonlySet<string>, ceiling: readonly string[] | null): Iterable<string> {
  if (ceiling === null || ceiling.includes(ALL_PERMISSIONS)) return permissions;
  return permissions.has(ALL_PERMISSIONS) ? ceiling : ceiling.filter((permission) => permissions.has(permission));
}

function versionsOf(records: Records): readonly (number | undefined)[] {
  return records.map((record) => record?.version);
}
