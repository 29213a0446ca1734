import { isPromiseLike } from "../../../domain/maybe-promise.ts";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { RecordStore, StoredRecord } from "../../../domain/ports.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { toRole } from "./role-record.ts";

/** Whoever has permissions of its own and through roles: a client or a user. */
export interface Principal {
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
}

/** What a principal may do at this moment, and the records that say so. */
export interface HeldPermissions {
  readonly permissions: ReadonlySet<string>;
  readonly roleIds: readonly string[];
  readonly roleRecords: readonly (StoredRecord | undefined)[];
}

/** Reads the principal's roles; a role that does not exist grants nothing. Without roles nothing is read. */
export function holdPermissions(store: Pick<RecordStore, "read">, principal: Principal): MaybePromise<HeldPermissions> {
  const roleIds = principal.roles.map((role) => `role:${role}`);
  const roles = roleIds.length === 0 ? [] : store.read(AUTHORITY, roleIds);
  return isPromiseLike(roles) ? roles.then((read) => addRoles(principal, roleIds, read)) : addRoles(principal, roleIds, roles);
}

function addRoles(principal: Principal, roleIds: readonly string[], roleRecords: HeldPermissions["roleRecords"]): HeldPermissions {
  const throughRoles = roleRecords.flatMap((role) => (role === undefined ? [] : toRole(role).permissions));
  return { permissions: new Set([...principal.permissions, ...throughRoles]), roleIds, roleRecords };
}
