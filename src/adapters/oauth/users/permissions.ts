import type { MaybePromise, Steps } from "../../../domain/steps.ts";
import { settle } from "../../../domain/steps.ts";
import type { RecordStore, StoredRecord } from "../../../domain/ports.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { textsField } from "../record-fields.ts";

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

/** Reads the principal's roles; a role that does not exist grants nothing. */
export function* holdPermissions(store: RecordStore, principal: Principal): Steps<HeldPermissions> {
  const roleIds = principal.roles.map((role) => `role:${role}`);
  const reading: MaybePromise<readonly (StoredRecord | undefined)[]> = roleIds.length === 0 ? [] : store.read(AUTHORITY, roleIds);
  const roleRecords = yield* settle(reading);
  const throughRoles = roleRecords.flatMap((role) => (role === undefined ? [] : textsField(role.value, "permissions")));
  return { permissions: new Set([...principal.permissions, ...throughRoles]), roleIds, roleRecords };
}
