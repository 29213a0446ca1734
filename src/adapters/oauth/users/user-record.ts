import type { JsonObject } from "../../../domain/json.ts";
import { flagField, numberField, textField, textsField } from "../record-fields.ts";

/** A person who may sign in, as stored. */
export type User = {
  readonly user_id: string;
  /** Unique, whatever its case; for people. */
  readonly name: string;
  /** A salted scrypt hash. */
  readonly password: string;
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly disabled: boolean;
  /** Rises when every session and grant so far must die. */
  readonly epoch: number;
};

/** Reads a stored user; a damaged one throws. */
export function toUser(value: JsonObject): User {
  return {
    user_id: textField(value, "user_id"),
    name: textField(value, "name"),
    password: textField(value, "password"),
    permissions: textsField(value, "permissions"),
    roles: textsField(value, "roles"),
    disabled: flagField(value, "disabled"),
    epoch: numberField(value, "epoch"),
  };
}
