import { PostgresStoreError, type PostgresStoreErrorCode } from "./postgres-store-error.ts";

/** What is known of a statement that has failed. `undone`: nothing of it was kept. `again`: the same, and it may do at once. `lost`: it may have been kept. */
export type Fate = "undone" | "again" | "lost";

type Failure = readonly [code: PostgresStoreErrorCode, message: string];

const MIGRATE = "Run `actionport postgres migrate` as a role that may.";
const UNREACHABLE: Failure = ["unreachable", "PostgreSQL cannot be reached. See that it runs, and that host and port are right."];

/** By PostgreSQL's SQLSTATE. */
const STATES: ReadonlyMap<string, Failure> = new Map<string, Failure>([
  ["28000", ["no_access", "PostgreSQL does not let this role in. See that user and database are right, and that pg_hba.conf lets them in from here."]],
  ["28P01", ["no_access", "PostgreSQL does not accept the password of this role. See that user and password are right."]],
  ["3D000", ["no_access", "There is no such database. Create it with `createdb`, or name another."]],
  ["42501", ["no_access", "The role lacks a right in PostgreSQL. Let the role that serves own the schema, or grant it what docs/postgres.md lists."]],
  ["3F000", ["schema_missing", `The schema is not there. ${MIGRATE}`]],
  ["42P01", ["schema_missing", `The schema is not there, or not complete. ${MIGRATE}`]],
  ["42883", ["schema_missing", `The schema is not there, or not complete. ${MIGRATE}`]],
  ["AP001", ["schema_newer", "The schema was made by a later release, and was left as it is. Run that release, or a later one."]],
  ["AP002", ["unsuitable", "The schema has tables of somebody else, and was left as it is. Name another one with the option schema."]],
  ["AP003", ["unsuitable", "Transactions have to be `read committed`. Set default_transaction_isolation so for this role."]],
  ["25006", ["unsuitable", "PostgreSQL only lets this role read. Connect to the primary server, and see that default_transaction_read_only is off."]],
  ["53100", ["full", "The disk of PostgreSQL is full. Nothing of the commit was kept; make room there."]],
  ["53200", ["full", "PostgreSQL is out of memory or of room for locks. Nothing of the commit was kept."]],
  ["53300", ["full", "PostgreSQL takes no more connections. Make the pools smaller, raise max_connections, or put PgBouncer between."]],
  ["57014", ["timed_out", "PostgreSQL has cancelled the statement, most likely as it took longer than statement_timeout. Nothing of it was kept."]],
  ["55P03", ["timed_out", "PostgreSQL has waited for a lock longer than it may. Nothing of the statement was kept."]],
  ["25P03", ["timed_out", "PostgreSQL has ended a session that had waited too long."]],
  ["40001", ["contended", "Commits stood in each other's way too often. Nothing of this one was kept."]],
  ["40P01", ["contended", "Commits stood in each other's way too often. Nothing of this one was kept."]],
]);

const SQLSTATE = /^(?:[0-9][0-9A-Z]|AP|F0|HV|P0|XX)[0-9A-Z]{3}$/;

/** The sentence for what a driver said. */
export function toStoreError(error: unknown): PostgresStoreError {
  if (error instanceof PostgresStoreError) return error;
  if (isInvalidUrl(error)) return new PostgresStoreError("no_access", NO_URL);
  const state = sqlStateOf(error);
  const [code, message] = state === undefined ? failureOfDriver(error) : failureOf(state);
  return new PostgresStoreError(code, message, { cause: error });
}

const NO_URL = "The URL of the database is none. Write it as postgres://user:password@host:5432/database, with what is special in the password percent-encoded.";

/** Such an error has the URL with its password, so it goes no further. */
function isInvalidUrl(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_URL";
}

function failureOf(state: string): Failure {
  const known = STATES.get(state);
  if (known !== undefined) return known;
  return isAboutConnection(state) ? UNREACHABLE : ["failed", `PostgreSQL has refused a statement with SQLSTATE ${state}. Its log says more.`];
}

function failureOfDriver(error: unknown): Failure {
  if (error instanceof TypeError) return ["failed", error.message];
  return UNREACHABLE;
}

/** Could the statement have been kept for all that? What PostgreSQL itself refuses it has undone. */
export function fateOf(error: unknown): Fate {
  const state = sqlStateOf(error);
  if (state === undefined || isAboutConnection(state)) return "lost";
  return state === "40001" || state === "40P01" ? "again" : "undone";
}

/** Class 08; a server that is shut down, starts or has crashed (57P..); and idle sessions that were ended. */
function isAboutConnection(state: string): boolean {
  return state.startsWith("08") || state.startsWith("57P") || state.startsWith("XX") || state === "25P03";
}

function sqlStateOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && SQLSTATE.test(code) ? code : undefined;
}
