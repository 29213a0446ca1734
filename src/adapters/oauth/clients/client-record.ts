import type { JsonObject } from "../../../domain/json.ts";
import { boolean, list, number, oneOf, text } from "../../../domain/params/index.ts";
import { createRecordReader, damaged } from "../record-reader.ts";

/** Does the app keep a secret (a server), or can it not (a browser app, a program on somebody's machine)? RFC 6749 section 2.1. */
export type ClientType = "confidential" | "public";

/** One secret of a client, hashed. */
export type ClientSecret = {
  readonly hash: string;
  /** Epoch milliseconds from which on it no longer counts; null: never. */
  readonly expires_at: number | null;
};

/** An app client as it is stored. */
export type Client = {
  readonly client_id: string;
  readonly name: string;
  readonly description: string;
  readonly type: ClientType;
  /** What it may use at the token endpoint. */
  readonly grant_types: readonly string[];
  /** Its own permissions, for when it acts as itself. */
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  /** Where users may be sent back to, exactly; loopback ones with any port. */
  readonly redirect_uris: readonly string[];
  /** Is it the API itself, and so may introspect everybody's tokens? */
  readonly resource_server: boolean;
  /** The most it may be granted on behalf of a user; null: all that the user may do. */
  readonly scopes: readonly string[] | null;
  /** At most two live ones. */
  readonly secrets: readonly ClientSecret[];
  readonly disabled: boolean;
  /** Rises when everything issued so far must die. */
  readonly epoch: number;
};

const readFields = createRecordReader({
  client_id: text(),
  name: text(),
  type: oneOf(["confidential", "public"]),
  grant_types: list(text()),
  permissions: list(text()),
  roles: list(text()),
  redirect_uris: list(text()),
  resource_server: boolean().default(false),
  scopes: list(text()).nullable(),
  disabled: boolean().default(false),
  epoch: number(),
});
const readSecret = createRecordReader({ hash: text(), expires_at: number().nullable() });

/** Reads a stored client; a damaged one throws. */
export function toClient(value: JsonObject): Client {
  const { description, secrets } = value;
  // A description is for people alone and was never checked: half of a surrogate pair in it, which text() refuses, is no reason to lose the client.
  if (typeof description !== "string") throw damaged("description: Must be text.");
  if (!Array.isArray(secrets)) throw damaged("secrets: Must be a list.");
  return { ...readFields(value), description, secrets: secrets.map(readSecret) };
}

/** The secrets that count at this moment. */
export function liveSecrets(client: Client, nowMs: number): readonly ClientSecret[] {
  return client.secrets.filter(({ expires_at }) => expires_at === null || nowMs < expires_at);
}
