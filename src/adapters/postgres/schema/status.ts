import { PostgresStoreError } from "../postgres-store-error.ts";
import { textOf, type Row } from "../query.ts";
import { SCHEMA_VERSION, type SchemaNames } from "./names.ts";

/** What a store on PostgreSQL stands on. */
export interface PostgresStatus {
  /** PostgreSQL's own version: `15.18`. */
  readonly server: string;
  readonly database: string;
  readonly role: string;
  readonly schema: string;
  /** The version of the schema; null when it is not there. */
  readonly schemaVersion: number | null;
  /** The version that this release needs. */
  readonly neededVersion: number;
  /** Settings that rule the database out, or endanger what is kept, each as a sentence. */
  readonly faults: readonly string[];
  /** Of what this endangers but does not rule out. */
  readonly warnings: readonly string[];
  /** The number of the trail's latest entry; `0` when it is empty. */
  readonly lastEntry: string;
}

/** Asks in one round trip, and a second one when the schema is there. */
export async function readStatus(ask: (text: string) => Promise<readonly Row[]>, { name, quoted }: SchemaNames): Promise<PostgresStatus> {
  const [row] = await ask(`select current_setting('server_version') server, current_setting('server_version_num') number, current_database()::text database,
    current_user::text role, current_setting('server_encoding') encoding, current_setting('default_transaction_isolation') isolation,
    current_setting('default_transaction_read_only') read_only, pg_is_in_recovery()::text replica, current_setting('fsync') fsync,
    (to_regclass('${quoted}.state') is not null)::text made`);
  const text = (column: string) => textOf(row, column);
  const [state] = text("made") === "true" ? await ask(`select schema_version::text, coalesce((select max(number) from ${quoted}.trail), 0)::text last from ${quoted}.state`) : [];
  return {
    server: text("server"),
    database: text("database"),
    role: text("role"),
    schema: name,
    schemaVersion: state === undefined ? null : Number(textOf(state, "schema_version")),
    neededVersion: SCHEMA_VERSION,
    faults: FAULTS.filter(([isSo]) => isSo(text)).map(([, sentence]) => sentence),
    warnings: WARNINGS.filter(([isSo]) => isSo(text)).map(([, sentence]) => sentence),
    lastEntry: state === undefined ? "0" : textOf(state, "last"),
  };
}

type Finding = readonly [isSo: (text: (column: string) => string) => boolean, sentence: string];

const OLDEST_SERVER = 130_000;

const FAULTS: readonly Finding[] = [
  [(text) => Number(text("number")) < OLDEST_SERVER, "PostgreSQL is older than version 13; upgrade it."],
  [(text) => text("encoding") !== "UTF8", "The database does not have the encoding UTF8; create one with `createdb --encoding=UTF8 --template=template0`."],
  [(text) => text("isolation") !== "read committed", "Transactions have to be `read committed`; set default_transaction_isolation so for this role."],
  [(text) => text("replica") !== "false", "This server is a standby, which only reads; connect to the primary server."],
  [(text) => text("read_only") !== "off", "PostgreSQL only lets this role read; set default_transaction_read_only to off for it."],
];

const WARNINGS: readonly Finding[] = [
  [(text) => text("fsync") !== "on", "fsync is off: what was acknowledged is lost when the server's machine crashes."],
];

/** Rejects, with a sentence, what this release cannot work on. */
export function refuseUnfit({ faults, schema, schemaVersion, neededVersion, database }: PostgresStatus): void {
  const [fault] = faults;
  if (fault !== undefined) throw new PostgresStoreError("unsuitable", fault);
  const where = `The schema "${schema}" in the database "${database}"`;
  if (schemaVersion === null) throw new PostgresStoreError("schema_missing", `${where} is not there. Run \`actionport postgres migrate\` as a role that may.`);
  if (schemaVersion < neededVersion) {
    throw new PostgresStoreError("schema_older", `${where} has version ${schemaVersion}, and this release needs ${neededVersion}. Run \`actionport postgres migrate\` as a role that may.`);
  }
  if (schemaVersion > neededVersion) {
    throw new PostgresStoreError("schema_newer", `${where} has version ${schemaVersion}, which is later than ${neededVersion}, the one of this release. Run the release that made it, or a later one.`);
  }
}
