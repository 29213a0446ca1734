import { createIdentity } from "../../../domain/identity.ts";
import type { Identity } from "../../../domain/identity.ts";
import type { RecordStore } from "../../../domain/ports.ts";
import { run, settle } from "../../../domain/steps.ts";
import type { Steps } from "../../../domain/steps.ts";
import type { IdentityOf } from "../../../domain/workflow/host.ts";
import type { StartedBy } from "../../../domain/workflow/port.ts";
import { toClient } from "../clients/client-record.ts";
import { AUTHORITY } from "../oauth-store.ts";
import { holdPermissions } from "../users/permissions.ts";
import { toUser } from "../users/user-record.ts";

/** Whom the issuer of these identities is. */
const OWN_ISSUER = "local";

/**
 * Says who a client or a user is by now, for work that goes on without a token: gone when it is deleted or disabled, and with the
 * permissions of this moment. Identities of another issuer stay as they were.
 */
export function createIdentityOf(store: RecordStore): IdentityOf {
  return (startedBy) => run(identityOf(store, startedBy));
}

function* identityOf(store: RecordStore, { kind, issuer, id, name, permissions }: StartedBy): Steps<Identity | undefined> {
  if (issuer !== OWN_ISSUER) return createIdentity({ kind, issuer, id, name, permissions });
  const [record] = yield* settle(store.read(AUTHORITY, [`${kind}:${id}`]));
  const principal = record && (kind === "client" ? toClient(record.value) : toUser(record.value));
  if (principal === undefined || principal.disabled) return undefined;
  const held = yield* holdPermissions(store, principal);
  return createIdentity({ kind, issuer, id, name: principal.name, permissions: held.permissions });
}
