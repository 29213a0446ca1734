import type { WholeEntry } from "../../../domain/ports.ts";
import { parseValue } from "./decode-record.ts";
import { textOf, type Row } from "../query.ts";
import type { SchemaNames } from "../schema/names.ts";
import { fromStoredText } from "../stored-text.ts";

/** Wide enough for every safe integer, so that IDs sort as texts. */
const ID_DIGITS = 16;

/** Asks for the names of all collections. */
export function collectionsQuestion({ quoted }: SchemaNames): string {
  return `select distinct collection from ${quoted}.records order by collection`;
}

/** The names as they were given. */
export function toCollections(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => fromStoredText(textOf(row, "collection")));
}

/** Asks for entries behind a number (`$1`) that have not expired at a time (`$2`), so many (`$3`), with all that they were committed with. */
export function entriesQuestion({ quoted }: SchemaNames): string {
  return `select t.number::text, at::text, expires_at::text, action, coalesce('=' || subject_class, '') subject_class, coalesce(subject_id, '') subject_id, identity, value
    from ${quoted}.trail t where t.number > $1::text::bigint and t.expires_at > $2::text::double precision order by t.number limit $3::text::bigint`;
}

/** An entry as it was committed. */
export function toWholeEntry(row: Row): WholeEntry {
  const text = (column: string) => fromStoredText(textOf(row, column));
  const of = textOf(row, "subject_class");
  const subject = of === "" ? null : { class: fromStoredText(of.slice(1)), id: text("subject_id") };
  const entry = { at: Number(textOf(row, "at")), expiresAt: Number(textOf(row, "expires_at")), action: text("action"), subject, identity: text("identity"), value: parseValue(textOf(row, "value")) };
  return { id: textOf(row, "number").padStart(ID_DIGITS, "0"), entry };
}
