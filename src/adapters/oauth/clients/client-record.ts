import type { JsonObject } from "../../../domain/json.ts";
import { flagField, numberField, objectsField, textField, textsField } from "../record-fields.ts";

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

/** Reads a stored client; a damaged one throws. */
export function toClient(value: JsonObject): Client {
  return {
    client_id: textField(value, "client_id"),
    name: textField(value, "name"),
    description: textField(value, "description"),
    type: textField(value, "type") === "public" ? "public" : "confidential",
    grant_types: textsField(value, "grant_types"),
    permissions: textsField(value, "permissions"),
    roles: textsField(value, "roles"),
    redirect_uris: textsField(value, "redirect_uris"),
    resource_server: flagField(value, "resource_server"),
    scopes: value["scopes"] === null ? null : textsField(value, "scopes"),
    secrets: objectsField(value, "secrets").map(toSecret),
    disabled: flagField(value, "disabled"),
    epoch: numberField(value, "epoch"),
  };
}

/** The secrets that count at this moment. */
export function liveSecrets(client: Client, nowMs: number): readonly ClientSecret[] {
  return client.secrets.filter(({ expires_at }) => expires_at === null || nowMs < expires_at);
}

function toSecret(value: JsonObject): ClientSecret {
  return { hash: textField(value, "hash"), expires_at: value["expires_at"] === null ? null : numberField(value, "expires_at") };
}
