import type { SchemaNames } from "./names.ts";
import { BY_INDEX } from "./plans.ts";

/**
 * `read(wanted, now)`: the records that are there of those that are wanted, which are a JSON array of texts, a collection and an ID in turn; `place` says which of them, from 0 on.
 * `list(collection, behind, most, order, now)`: so many records in the order asked for; `behind` is empty, or an ID with one more character before it.
 * Functions, as their plans are kept by the session, whoever's it is for the moment.
 */
export function createReadFunctions({ quoted: s }: SchemaNames): string {
  return `
create or replace function ${s}.read(wanted text, instant text) returns table (place text, version text, value text, expires_at text) language plpgsql stable ${BY_INDEX} as $function$
#variable_conflict use_column
declare
  names constant text[] := array(select json_array_elements_text(wanted::json));
begin
  return query select at::text, r.version::text, r.value, r.expires_at::text
    from generate_series(0, array_length(names, 1) / 2 - 1) at
    cross join lateral (select * from ${s}.records where collection = names[2 * at + 1] and id = names[2 * at + 2] limit 1) r
    where r.expires_at is null or r.expires_at > instant::double precision;
end
$function$;

create or replace function ${s}.list(wanted_collection text, behind text, most text, direction text, instant text) returns table (id text, version text, value text, expires_at text) language plpgsql stable as $function$
#variable_conflict use_column
begin
  return query execute 'select r.id, r.version::text, r.value, r.expires_at::text from ${s}.records r
    where r.collection = $1 and (r.expires_at is null or r.expires_at > $2)'
    || case when behind = '' then '' when direction = 'descending' then ' and r.id < $3' else ' and r.id > $3' end
    || case when direction = 'descending' then ' order by r.collection desc, r.id desc limit $4' else ' order by r.collection, r.id limit $4' end
    using wanted_collection, instant::double precision, substr(behind, 2), most::bigint;
end
$function$;
`;
}
