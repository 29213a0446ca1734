import type { JsonObject } from "../../../domain/json.ts";
import { boolean, list, number, text } from "../../../domain/params/index.ts";
import { createRecordReader } from "../record-reader.ts";

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
export const toUser: (value: JsonObject) => User = createRecordReader({
  user_id: text(),
  name: text(),
  password: text(),
  permissions: list(text()),
  roles: list(text()),
  disabled: boolean().default(false),
  epoch: number(),
});
