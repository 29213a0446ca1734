import { ALL_PERMISSIONS, createIdentity } from "../../../domain/identity.ts";
import type { Identity } from "../../../domain/identity.ts";
import type { RecordStore, StoredRecord } from "../../../domain/ports.ts";
import { settle } from "../../../domain/steps.ts";
import type { Steps } from "../../../domain/steps.ts";
import type { AccessTokenClaims } from "./access-token.ts";
import { toClient } from "../clients/client-record.ts";
import { isBacked, toUserGrant } from "../grants/grant-record.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { holdPermissions } from "../users/permissions.ts";
import type { Principal } from "../users/permissions.ts";
import { toUser } from "../users/user-record.ts";

/** What the records say about a genuine token at this moment. */
export interface Standing {
  /** Who acts; undefined when the token counts no more. */
  readonly identity: Identity | undefined;
  /** The records of {@link AUTHORITY} that this rests on, present or absent: while their versions stay, so does the standing. */
  readonly ids: readonly string[];
  readonly versions: readonly (number | undefined)[];
}

/** Reads all that the token depends on: one round trip, and one more where there are roles. */
export function* assessStanding(store: RecordStore, claims: AccessTokenClaims): Steps<Standing> {
  const ids = authorityIds(claims);
  const records = yield* settle(store.read(AUTHORITY, ids));
  const actor = findActor(claims, records);
  if (actor === undefined) return { identity: undefined, ids, versions: versionsOf(records) };
  const held = yield* holdPermissions(store, actor.principal);
  const identity = createIdentity({ kind: claims.sub_kind, id: claims.subjectId, name: actor.name, permissions: narrow(held.permissions, actor.ceiling), scope: claims.scope });
  return { identity, ids: [...ids, ...held.roleIds], versions: versionsOf([...records, ...held.roleRecords]) };
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
function findActor(claims: AccessTokenClaims, [clientRecord, revoked, userRecord, grantRecord]: readonly (StoredRecord | undefined)[]): Actor | undefined {
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

function versionsOf(records: readonly (StoredRecord | undefined)[]): readonly (number | undefined)[] {
  return records.map((record) => record?.version);
}
