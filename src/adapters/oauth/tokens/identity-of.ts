import { requireMethods } from "../../../domain/check-option.ts";
import { createIdentity } from "../../../domain/identity.ts";
import type { RecordStore } from "../../../domain/ports.ts";
import type { IdentityOf } from "../../../domain/workflow/host.ts";
import { toClient } from "../clients/client-record.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { holdPermissions } from "../users/permissions.ts";
import { toUser } from "../users/user-record.ts";

/** Who vouches for the identities of this server: what `createIdentity` says when nobody else is named. */
const OWN_ISSUER = "local";

/**
 * Says who a client or a user is by now, for work that goes on without a token: gone when it is deleted or disabled, and with the
 * permissions of this moment. Identities of another issuer stay as they were.
 */
export function createIdentityOf(store: RecordStore): IdentityOf {
  requireMethods("store", store, ["read"], "give the one that createAuthorizationServer has");
  return async ({ kind, issuer, id, name, permissions }) => {
    if (issuer !== OWN_ISSUER) return createIdentity({ kind, issuer, id, name, permissions });
    const [record] = await store.read(AUTHORITY, [`${kind}:${id}`]);
    const principal = record && (kind === "client" ? toClient(record.value) : toUser(record.value));
    if (principal === undefined || principal.disabled) return undefined;
    const held = await holdPermissions(store, principal);
    return createIdentity({ kind, issuer, id, name: principal.name, permissions: held.permissions });
  };
}
