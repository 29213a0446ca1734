import { list, text } from "../../../domain/params/index.ts";
import type { StoredRecord } from "../../../domain/ports.ts";
import { createRecordReader } from "../record-reader.ts";

/** A named set of permissions; `*` stands for all. */
export interface Role {
  readonly name: string;
  readonly permissions: readonly string[];
}

const readFields = createRecordReader({ permissions: list(text()) });

/** Reads a stored role, whose name is in its ID; a damaged one throws. */
export function toRole({ id, value }: StoredRecord): Role {
  return { name: id.slice("role:".length), permissions: readFields(value).permissions };
}
