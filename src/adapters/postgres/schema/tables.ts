import type { SchemaNames } from "./names.ts";

/**
 * The tables of version 1. Texts sort by their bytes. Values are JSON in columns of type text: `jsonb` reorders members and refuses some texts.
 *
 * - `records` is what the port calls records.
 * - `trail` is the trail. `number` is what an entry's ID says. The first entry of a commit has its `commit_id`.
 * - `outcomes` has commits that added no entry, and with a null version those that must not happen any more.
 * - `state` is one row: the schema's version, and the highest number of an entry that was removed.
 */
export function createTables({ quoted: s }: SchemaNames): string {
  return `
  create table ${s}.records (
    collection text collate "C" not null,
    id text collate "C" not null,
    version bigint not null,
    value text not null,
    expires_at double precision,
    primary key (collection, id)
  ) with (fillfactor = 85);
  create index records_expiry on ${s}.records (expires_at) where expires_at is not null;

  create table ${s}.trail (
    number bigint primary key,
    version bigint not null,
    commit_id bigint,
    at double precision not null,
    expires_at double precision not null,
    action text collate "C" not null,
    subject_class text collate "C",
    subject_id text collate "C",
    identity text collate "C" not null,
    value text not null
  );
  create index trail_expiry on ${s}.trail (expires_at);
  create index trail_action on ${s}.trail (hashtextextended(action, 0), number);
  create index trail_identity on ${s}.trail (hashtextextended(identity, 0), number);
  create index trail_subject on ${s}.trail (hashtextextended(subject_id, 0), number) where subject_id is not null;

  create table ${s}.outcomes (commit_id bigint primary key, version bigint, at timestamptz not null default now());
  create index outcomes_age on ${s}.outcomes (at);

  create sequence ${s}.version maxvalue 9007199254740991;
  create sequence ${s}.number maxvalue 9007199254740991;

  create table ${s}.state (schema_version integer not null, swept bigint not null);
  insert into ${s}.state values (1, 0);
`;
}
