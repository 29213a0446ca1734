import { LOCKS, type SchemaNames } from "./names.ts";

/**
 * `sweep(now, most)`: removes records and entries that have expired, at most so many of each, and what became of commits an hour ago. One process at a time does so, and
 * passes over what a commit has locked. The latest entry stays, so that it is known how far the trail has come. Answers how many were removed, and that entry's number.
 */
export function createSweepFunction({ quoted: s, lock }: SchemaNames): string {
  return `
create or replace function ${s}.sweep(instant text, most text) returns text language plpgsql as $function$
declare
  removed bigint;
  entries bigint[];
  total bigint := 0;
  last_number constant bigint := coalesce((select max(number) from ${s}.trail), 0);
begin
  if not pg_try_advisory_xact_lock(${lock}, ${LOCKS.sweep}) then
    return '0 ' || last_number;
  end if;
  delete from ${s}.records r using (
    select collection, id from ${s}.records where expires_at <= instant::double precision order by expires_at limit most::bigint for update skip locked
  ) gone where r.collection = gone.collection and r.id = gone.id;
  get diagnostics removed = row_count;
  total := total + removed;
  entries := array(
    select number from ${s}.trail where expires_at <= instant::double precision and number < last_number
    order by expires_at limit most::bigint
  );
  if entries <> '{}' then
    update ${s}.state set swept = greatest(swept, (select max(number) from unnest(entries) number));
    delete from ${s}.trail where number = any (entries);
    get diagnostics removed = row_count;
    total := total + removed;
  end if;
  delete from ${s}.outcomes where commit_id = any (array(select commit_id from ${s}.outcomes where at < now() - interval '1 hour' order by at limit most::bigint));
  get diagnostics removed = row_count;
  return (total + removed) || ' ' || last_number;
end
$function$;
`;
}
