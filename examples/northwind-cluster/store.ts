import pg from "pg";
import { createPostgresStore, type Listen, type PostgresStore } from "actionport/postgres";
import type { OpenStoreParts } from "actionport/app";

/** A store with the connections that it uses, which it closes with itself. */
export interface ConnectedStore {
  readonly store: PostgresStore;
  readonly pool: pg.Pool;
}

/** How many connections a process has: a few for each core of the database's machine, shared by all processes. */
const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const LISTEN_AGAIN_MS = 1_000;

/** The store in a database, which is not opened yet. `endFirst`: what is to be ended before its connections. */
export function connectStore(url: string, { clock, observe }: Pick<OpenStoreParts, "clock" | "observe">, endFirst?: () => Promise<void>): ConnectedStore {
  const pool = new pg.Pool({ connectionString: url, max: MAX_CONNECTIONS, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks while nobody uses it is told here; the pool opens another.
  pool.on("error", () => undefined);
  const query = async (text: string, values: string[]) => (await pool.query<Record<string, unknown>>(text, values)).rows;
  const end = async () => {
    await endFirst?.();
    await pool.end();
  };
  return { store: createPostgresStore({ query, listen: createListen(url), end, clock, observe }), pool };
}

/** Listens over a connection of its own, and over another when that is lost. */
function createListen(url: string): Listen {
  return async (channel, heard) => {
    let client: pg.Client | undefined;
    let isOver = false;
    let again: NodeJS.Timeout | undefined;
    const connect = async (): Promise<void> => {
      const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
      next.on("error", () => undefined);
      next.on("notification", ({ payload }) => heard(payload ?? null));
      try {
        await next.connect();
        await next.query(`listen "${channel}"`);
      } catch (error) {
        void next.end().catch(() => undefined);
        throw error;
      }
      // Whoever has stopped listening meanwhile could not end this one, which would keep the process alive.
      if (isOver) return next.end();
      // Only from here on: whoever gets no first connection is told so, and nobody would ever end another.
      next.on("end", connectSoon);
      client = next;
    };
    const connectSoon = (): void => {
      if (!isOver) again = setTimeout(() => void connect().then(() => heard(null), connectSoon), LISTEN_AGAIN_MS);
    };
    await connect();
    return async () => {
      isOver = true;
      clearTimeout(again);
      await client?.end();
    };
  };
}
