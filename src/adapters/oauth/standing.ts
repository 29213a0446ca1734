import { createIdentity } from "../../domain/identity.ts";
import type { Identity } from "../../domain/identity.ts";
import type { RecordStore, StoredRecord } from "../../domain/ports.ts";
import { settle } from "../../domain/steps.ts";
import type { Steps } from "../../domain/steps.ts";
import type { AccessTokenClaims } from "./access-token.ts";
import { toClient } from "./client-record.ts";
import { AUTHORITY } from "./oauth-store.ts";
import { holdPermissions } from "./permissions.ts";

/** What the records say about a genuine token at this moment. */
export interface Standing {
  /** Who acts; undefined when the token counts no more. */
  readonly identity: Identity | undefined;
  /** The records of {@link AUTHORITY} that this rests on, present or absent: while their versions stay, so does the standing. */
  readonly ids: readonly string[];
  readonly versions: readonly (number | undefined)[];
}

/** Reads all that the token depends on. */
export function* assessStanding(store: RecordStore, claims: AccessTokenClaims): Steps<Standing> {
  const ids = [`client:${claims.client_id}`, `revoked:${claims.jti}`];
  const records = yield* settle(store.read(AUTHORITY, ids));
  const [clientRecord, revoked] = records;
  const client = clientRecord && toClient(clientRecord.value);
  const alive = client !== undefined && !client.disabled && revoked === undefined;
  if (!alive || !("client_epoch" in claims.basis) || claims.basis.client_epoch !== client.epoch) return { identity: undefined, ids, versions: versionsOf(records) };
  const held = yield* holdPermissions(store, client);
  const identity = createIdentity({ kind: "client", id: client.client_id, name: client.name, permissions: held.permissions, scope: claims.scope });
  return { identity, ids: [...ids, ...held.roleIds], versions: versionsOf([...records, ...held.roleRecords]) };
}

function versionsOf(records: readonly (StoredRecord | undefined)[]): readonly (number | undefined)[] {
  return records.map((record) => record?.version);
}
