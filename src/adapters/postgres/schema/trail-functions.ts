import { READ_COMMITTED_ONLY } from "./isolation.ts";
import { LOCKS, type SchemaNames } from "./names.ts";

/**
 * `settled_head()`: a number up to which no entry can appear any more. Numbers are taken before the entries with them are to be seen, so of two
 * commits at the same time the one with the higher number may be seen first; a reader that goes upwards would miss the other. Whoever takes a number
 * holds the shared lock on numbering until its transaction has ended, so once all who hold it now have ended, all up to the highest number seen before are settled.
 *
 * `trail(question)`: a JSON array of texts: after, how many, order, now, action, identity, and then for each way to read the subject
 * that is asked for its class and ID. A filter is empty, or has one more character before it. Its first row has `lost` or `kept`, and the others numbers and values.
 */
export function createTrailFunctions({ quoted: s, lock }: SchemaNames): string {
  const numbering = `locktype = 'advisory' and classid = ${lock} and objid = ${LOCKS.numbering} and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())`;
  return `
create or replace function ${s}.settled_head() returns bigint language plpgsql as $function$
declare
  head constant bigint := coalesce((select max(number) from ${s}.trail), 0);
  holders text[];
begin
  holders := array(select virtualtransaction from pg_locks where ${numbering});
  for attempt in 1 .. 1000 loop
    if holders = '{}' then
      return head;
    end if;
    perform pg_sleep(0.001 * least(attempt, 5));
    holders := array(select virtualtransaction from pg_locks where ${numbering} and virtualtransaction = any (holders));
  end loop;
  raise exception 'commits that have begun do not end' using errcode = 'lock_not_available';
end
$function$;

create or replace function ${s}.trail(question text) returns table (number text, value text) language plpgsql as $function$
#variable_conflict use_column
declare
  asked constant text[] := array(select json_array_elements_text(question::json));
  behind constant bigint := nullif(asked[1], '');
  most constant bigint := asked[2];
  descending constant boolean := asked[3] = 'descending';
  instant constant double precision := asked[4];
  ways constant integer := (array_length(asked, 1) - 6) / 2;
  head bigint := 9223372036854775807;
  next_number bigint;
  next_until double precision;
  conditions text;
  parts text[] := '{}';
begin
  ${READ_COMMITTED_ONLY}
  if not descending then
    head := ${s}.settled_head();
  end if;
  if not descending and behind is not null and behind <> head then
    select t.number, t.expires_at into next_number, next_until from ${s}.trail t where t.number >= behind and t.expires_at > instant order by t.number limit 1;
    if behind > head or next_number is null or next_number > behind + 1 and (
      behind < (select swept from ${s}.state) or exists (select from ${s}.trail t where t.number > behind and t.number < next_number)
    ) then
      return query select 'lost'::text, null::text;
      return;
    end if;
  end if;
  return query select 'kept'::text, null::text;
  conditions := 't.expires_at > $1 and t.number <= $2'
    || case when behind is null then '' when descending then ' and t.number < $3' else ' and t.number > $3' end
    || case when asked[5] = '' then '' else ' and hashtextextended(t.action, 0) = hashtextextended(substr($5[5], 2), 0) and t.action = substr($5[5], 2)' end
    || case when asked[6] = '' then '' else ' and hashtextextended(t.identity, 0) = hashtextextended(substr($5[6], 2), 0) and t.identity = substr($5[6], 2)' end;
  for way in 0 .. greatest(ways - 1, 0) loop
    parts := parts || ('(select t.number, t.value from ${s}.trail t where ' || conditions
      || case when ways = 0 then '' else format(' and hashtextextended(t.subject_id, 0) = hashtextextended($5[%s], 0) and t.subject_id = $5[%s]', 8 + 2 * way, 8 + 2 * way) end
      || case when ways = 0 or asked[7 + 2 * way] = '' then '' else format(' and t.subject_class = substr($5[%s], 2)', 7 + 2 * way) end
      || ' order by t.number' || case when descending then ' desc' else '' end || ' limit $4)');
  end loop;
  return query execute 'select found.number::text, found.value from (' || array_to_string(parts, ' union all ') || ') found order by found.number'
    || case when descending then ' desc' else '' end || ' limit $4'
    using instant, head, behind, most, asked;
end
$function$;
`;
}
