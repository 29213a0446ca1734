import { createCommitFunction } from "./commit-function.ts";
import { LOCKS, SCHEMA_VERSION, type SchemaNames } from "./names.ts";
import { createReadFunctions } from "./read-functions.ts";
import { createSweepFunction } from "./sweep-function.ts";
import { createTables } from "./tables.ts";
import { createTrailFunctions } from "./trail-functions.ts";

/**
 * One statement, and so one transaction, through whatever stands between: it brings the schema to the present version, does nothing when
 * it is there, and refuses to touch a newer one. Of several at the same time each waits for the one before it.
 */
export function migrationStatement(names: SchemaNames): string {
  const { quoted: s, name, lock } = names;
  return `do $migration$
declare
  present integer := 0;
begin
  perform pg_advisory_xact_lock(${lock}, ${LOCKS.migration});
  if to_regnamespace('${s}') is null then
    create schema ${s};
  end if;
  if to_regclass('${s}.state') is not null then
    select schema_version into present from ${s}.state;
  elsif exists (select from pg_class where relnamespace = to_regnamespace('${s}')) then
    raise exception 'the schema ${name} has tables of somebody else' using errcode = 'AP002';
  end if;
  if present > ${SCHEMA_VERSION} then
    raise exception 'the schema ${name} has the newer version %', present using errcode = 'AP001';
  end if;
  if present = ${SCHEMA_VERSION} then
    return;
  end if;
${createTables(names)}
${createCommitFunction(names)}
${createReadFunctions(names)}
${createTrailFunctions(names)}
${createSweepFunction(names)}
end
$migration$`;
}
