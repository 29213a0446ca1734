import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PostgresStore, Query } from "../../../adapters/postgres/index.ts";
import { misused } from "../fault.ts";
import type { Option } from "../language/grammar.ts";
import type { Session } from "../session.ts";

/** Which schema of the database. */
export const SCHEMA_OPTION: Option = { name: "schema", value: "NAME", help: "The schema in PostgreSQL. Default: actionport." };

/** A store in PostgreSQL, and how to be rid of its connections. */
export interface PostgresPlace {
  /** For people: host and database, without secrets. */
  readonly name: string;
  readonly store: PostgresStore;
  close(): Promise<void>;
}

/** Is a database meant, and no directory? `postgres://…`, or `env:NAME` for a variable that has the URL. */
export function isPostgres(given: string): boolean {
  return /^(?:postgres(?:ql)?:\/\/|env:)/.test(given);
}

/** Connects to a database by the driver that is installed beside whoever types the command. The store is not opened yet. */
export async function connectPostgres(session: Session, given: string, schema: string | undefined): Promise<PostgresPlace> {
  const url = readUrl(session, given);
  const { query, end } = await connect(session, url);
  const { createPostgresStore } = await import("../../../adapters/postgres/index.ts");
  const store = createPostgresStore({ query, ...(schema !== undefined && { schema }) });
  const { host, pathname } = new URL(url);
  return {
    name: `postgres://${host}${pathname}`,
    store,
    async close() {
      await store.close();
      await end();
    },
  };
}

function readUrl({ variables }: Session, given: string): string {
  const name = given.startsWith("env:") ? given.slice("env:".length) : undefined;
  const url = name === undefined ? given : (variables[name] ?? "");
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) {
    throw misused(name === undefined ? `${JSON.stringify(given)} is no URL of a database; write it as postgres://user@host/database.` : `The variable ${name} has no URL of a database, such as postgres://user:password@host/database.`);
  }
  if (name === undefined && new URL(url).password !== "") throw misused("A password in an argument can be read by every user of this machine. Put the URL into a variable and give its name, as env:DATABASE_URL, or set PGPASSWORD.");
  return url;
}

interface Connection {
  readonly query: Query;
  end(): Promise<unknown>;
}

/** What is used of `pg`. */
interface Pg {
  readonly Pool: new (options: { readonly connectionString: string; readonly max: number }) => {
    query(text: string, values: string[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
    on(name: "error", listener: () => void): unknown;
    end(): Promise<unknown>;
  };
}

/** What is used of `postgres`. */
type PostgresJs = (url: string, options: object) => { unsafe(text: string, values: string[]): Promise<readonly Record<string, unknown>[]>; end(): Promise<unknown> };

/** Nobody but this command uses them. */
const CONNECTIONS = 2;

/** The package has no driver of its own: applications that need one have theirs. */
async function connect(session: Session, url: string): Promise<Connection> {
  const pg = await load<Pg>(session, "pg");
  if (pg !== undefined) {
    const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
    // A connection that breaks while nobody uses it is told here; the pool opens another.
    pool.on("error", () => undefined);
    return { query: async (text, values) => (await pool.query(text, values)).rows, end: () => pool.end() };
  }
  const postgres = await load<PostgresJs>(session, "postgres");
  if (postgres === undefined) throw misused("A driver for PostgreSQL is needed beside your application: npm install pg, or postgres.");
  const sql = postgres(url, { max: CONNECTIONS, prepare: false, onnotice: () => undefined });
  return { query: (text, values) => sql.unsafe(text, values), end: () => sql.end() };
}

/** What a package that is installed in the working directory, or above it, exports by default. */
async function load<T>({ directory }: Session, name: string): Promise<T | undefined> {
  const path = find(directory, name);
  if (path === undefined) return undefined;
  const { default: loaded }: { readonly default: T } = await import(pathToFileURL(path).href);
  return loaded;
}

function find(directory: string, name: string): string | undefined {
  try {
    return createRequire(join(directory, "package.json")).resolve(name);
  } catch {
    return undefined;
  }
}
