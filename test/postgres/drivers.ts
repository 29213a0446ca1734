import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import postgres from "postgres";
import type { Query } from "../../src/adapters/postgres/index.ts";

/** A driver's connections, as the store asks them. */
export interface Connected {
  readonly query: Query;
  end(): Promise<void>;
}

/** Connects a driver to a URL. */
export type Connect = (url: string) => Connected;

export function connectPg(url: string, options: pg.PoolConfig = {}): Connected {
  const pool = new pg.Pool({ connectionString: url, max: 10, ...options });
  // A connection that breaks while nobody uses it is told here; the pool opens another.
  pool.on("error", () => undefined);
  return { query: async (text, values) => (await pool.query<Record<string, unknown>>(text, values)).rows, end: () => pool.end() };
}

export function connectPostgresJs(url: string): Connected {
  const sql = postgres(url, { max: 10, prepare: false, onnotice: () => undefined });
  return { query: (text, values) => sql.unsafe(text, values), end: () => sql.end() };
}

export function connectPGlite(): Connected {
  const db = new PGlite();
  return { query: async (text, values) => (await db.query<Record<string, unknown>>(text, values)).rows, end: () => db.close() };
}
