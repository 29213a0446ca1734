import { LOCKS, type SchemaNames } from "./names.ts";
import { BY_INDEX } from "./plans.ts";
import { READ_COMMITTED_ONLY } from "./isolation.ts";

/** A commit that is based on the absence of more records takes one lock for all of them: PostgreSQL's table of locks is not endless. */
const MANY_ABSENT = 128;

/**
 * `commit(argument)`: everything that one commit is, in one call and so in one transaction. The argument is what `encodeCommit` has made of it:
 * an array, first the heads, which are texts one behind the other, then the values, which stay the text that they are: `json_array_elements` is
 * the one function that does not look into them, where others refuse a NUL or a lone surrogate.
 * Answers `committed <version> <number of the last entry, or 0>`, `conflicts <positions>` or `refused`.
 *
 * The changes come in the order of collection and ID, the same for every commit, so that none waits for another in a circle.
 * A record that is there is locked by its row; one that is absent by an advisory lock on its name, exclusively by whoever
 * makes it and shared by whoever relies on its absence. The last change is written as it is compared, as nothing can conflict any more. What was
 * inserted before a conflict was found is taken back, and what keeps nothing does not wait for the disk.
 *
 * Entries get their numbers last, with no lock that another commit would wait for: the shared one on numbering only tells readers that a
 * number has been taken whose entry is not to be seen yet (see settled_head).
 */
export function createCommitFunction({ quoted: s, lock }: SchemaNames): string {
  return `
create or replace function ${s}.commit(argument text) returns text language plpgsql ${BY_INDEX} as $function$
declare
  bodies constant text[] := array(select json_array_elements(argument::json)::text);
  heads constant text[] := array(select json_array_elements_text(bodies[1]::json));
  this_commit constant bigint := heads[1];
  instant constant double precision := heads[2];
  changes constant integer := heads[3];
  entries constant integer := heads[4];
  absent constant integer := heads[5];
  first_entry constant integer := 6 + 5 * changes;
  this_version bigint;
  held bigint;
  held_until double precision;
  body integer := 1;
  puts integer := 0;
  conflicts integer[] := '{}';
  inserted integer[] := '{}';
  replaced integer[] := '{}';
  removed integer[] := '{}';
  replacing integer[] := '{}';
  has_written boolean := false;
  at integer;
  last_number bigint := 0;
  kind text;
  based_on bigint;
begin
  ${READ_COMMITTED_ONLY}
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  perform pg_advisory_xact_lock(this_commit);
  if exists (select from ${s}.outcomes where commit_id = this_commit) then
    return 'refused';
  end if;
  this_version := nextval('${s}.version');
  if absent > ${MANY_ABSENT} then
    perform pg_advisory_xact_lock(${lock}, ${LOCKS.absence});
  elsif absent > 0 then
    perform pg_advisory_xact_lock_shared(${lock}, ${LOCKS.absence});
  end if;

  for change in 0 .. changes - 1 loop
    at := 6 + 5 * change;
    kind := heads[at];
    based_on := heads[at + 3];
    if kind = 'put' then
      body := body + 1;
    end if;
    if based_on = 0 then
      if absent <= ${MANY_ABSENT} then
        if kind = 'put' then
          perform pg_advisory_xact_lock(hashtextextended(heads[at + 1] || chr(31) || heads[at + 2], ${lock}));
        else
          perform pg_advisory_xact_lock_shared(hashtextextended(heads[at + 1] || chr(31) || heads[at + 2], ${lock}));
        end if;
      end if;
      if kind = 'put' then
        insert into ${s}.records values (heads[at + 1], heads[at + 2], this_version, bodies[body], nullif(heads[at + 4], '')::double precision)
          on conflict do nothing;
        if found then
          inserted := inserted || at;
          continue;
        end if;
        select version, expires_at into held, held_until from ${s}.records where collection = heads[at + 1] and id = heads[at + 2] for no key update;
        if not found then
          raise exception 'a record went while it was looked at' using errcode = 'serialization_failure';
        end if;
      else
        select version, expires_at into held, held_until from ${s}.records where collection = heads[at + 1] and id = heads[at + 2];
      end if;
      if not found or held_until <= instant then
        if kind = 'put' then
          replaced := replaced || at;
          replacing := replacing || body;
        end if;
        continue;
      end if;
    elsif kind = 'put' and change = changes - 1 and conflicts = '{}' then
      update ${s}.records set version = this_version, value = bodies[body], expires_at = nullif(heads[at + 4], '')::double precision
        where collection = heads[at + 1] and id = heads[at + 2] and version = based_on and (expires_at is null or expires_at > instant);
      if found then
        has_written := true;
        continue;
      end if;
    else
      if kind = 'check' then
        select version, expires_at into held, held_until from ${s}.records where collection = heads[at + 1] and id = heads[at + 2] for share;
      elsif kind = 'put' then
        select version, expires_at into held, held_until from ${s}.records where collection = heads[at + 1] and id = heads[at + 2] for no key update;
      else
        select version, expires_at into held, held_until from ${s}.records where collection = heads[at + 1] and id = heads[at + 2] for update;
      end if;
      if found and held = based_on and (held_until is null or held_until > instant) then
        if kind = 'put' then
          replaced := replaced || at;
          replacing := replacing || body;
        elsif kind = 'delete' then
          removed := removed || at;
        end if;
        continue;
      end if;
    end if;
    conflicts := conflicts || change;
  end loop;

  if conflicts <> '{}' then
    perform set_config('synchronous_commit', 'off', true);
    foreach at in array inserted loop
      delete from ${s}.records where collection = heads[at + 1] and id = heads[at + 2];
    end loop;
    return 'conflicts ' || array_to_string(conflicts, ',');
  end if;

  foreach at in array replaced loop
    puts := puts + 1;
    update ${s}.records set version = this_version, value = bodies[replacing[puts]], expires_at = nullif(heads[at + 4], '')::double precision
      where collection = heads[at + 1] and id = heads[at + 2];
  end loop;
  foreach at in array removed loop
    delete from ${s}.records where collection = heads[at + 1] and id = heads[at + 2];
  end loop;

  if entries > 0 then
    perform pg_advisory_xact_lock_shared(${lock}, ${LOCKS.numbering});
    for entry in 0 .. entries - 1 loop
      at := first_entry + 6 * entry;
      last_number := nextval('${s}.number');
      insert into ${s}.trail values (
        last_number, this_version, case when entry = 0 then this_commit end, heads[at]::double precision, heads[at + 1]::double precision,
        heads[at + 2], case when heads[at + 3] <> '' then substr(heads[at + 3], 2) end, case when heads[at + 3] <> '' then heads[at + 4] end,
        heads[at + 5], bodies[body + 1 + entry]
      );
    end loop;
  elsif has_written or inserted <> '{}' or replaced <> '{}' or removed <> '{}' then
    insert into ${s}.outcomes (commit_id, version) values (this_commit, this_version);
  else
    perform set_config('synchronous_commit', 'off', true);
  end if;
  return 'committed ' || this_version || ' ' || last_number;
end
$function$;

create or replace function ${s}.outcome(this_commit text, since text) returns text language plpgsql ${BY_INDEX} as $function$
declare
  found_version bigint;
begin
  ${READ_COMMITTED_ONLY}
  perform pg_advisory_xact_lock(this_commit::bigint);
  select version into found_version from ${s}.outcomes where commit_id = this_commit::bigint;
  if found then
    return case when found_version is null then 'refused' else 'committed ' || found_version || ' 0' end;
  end if;
  select version into found_version from ${s}.trail where number > since::bigint and commit_id = this_commit::bigint limit 1;
  if found then
    return 'committed ' || found_version || ' 0';
  end if;
  insert into ${s}.outcomes (commit_id) values (this_commit::bigint);
  return 'refused';
end
$function$;
`;
}
