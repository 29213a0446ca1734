import type { SchemaNames } from "./names.ts";

/**
 * `read(collection, ids, now)`: the records with these IDs, which are a JSON array, in any order. `list(collection, behind, most, order, now)`: so many
 * records in the order asked for; `behind` is empty, or an ID with one more character before it.
 * Functions, as their plans are kept by the session, whoever's it is for the moment.
 */
export function createReadFunctions({ quoted: s }: SchemaNames): string {
  const columns = "id text, version text, value text, expires_at text";
  const selected = "r.id, r.version::text, r.value, r.expires_at::text";
  return `
create or replace function ${s}.read(wanted_collection text, wanted_ids text, instant text) returns table (${columns}) language plpgsql stable as $function$
#variable_conflict use_column
begin
  return query select ${selected} from ${s}.records r
    where r.collection = wanted_collection and r.id = any (array(select json_array_elements_text(wanted_ids::json)))
      and (r.expires_at is null or r.expires_at > instant::double precision);
end
$function$;

create or replace function ${s}.list(wanted_collection text, behind text, most text, direction text, instant text) returns table (${columns}) language plpgsql stable as $function$
#variable_conflict use_column
begin
  return query execute 'select ${selected} from ${s}.records r
    where r.collection = $1 and (r.expires_at is null or r.expires_at > $2)'
    || case when behind = '' then '' when direction = 'descending' then ' and r.id < $3' else ' and r.id > $3' end
    || case when direction = 'descending' then ' order by r.collection desc, r.id desc limit $4' else ' order by r.collection, r.id limit $4' end
    using wanted_collection, instant::double precision, substr(behind, 2), most::bigint;
end
$function$;
`;
}
