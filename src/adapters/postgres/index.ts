import { checkWhole } from "../../domain/check-option.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { Clock, Observe } from "../../domain/ports.ts";
import { tellFailure } from "../../domain/observation/tell-failure.ts";
import { SharedStore, type PostgresStore } from "./postgres-store.ts";
import type { Listen, Query } from "./query.ts";
import { namesOf } from "./schema/names.ts";

export { PostgresStoreError } from "./postgres-store-error.ts";
export type { PostgresStoreErrorCode } from "./postgres-store-error.ts";
export type { PostgresStore } from "./postgres-store.ts";
export type { PostgresStatus } from "./schema/status.ts";
export type { Listen, Query, Row } from "./query.ts";

/** Options of {@link createPostgresStore}. */
export interface PostgresStoreOptions {
  /** Runs a statement; see docs/postgres.md for the line that each driver needs. */
  readonly query: Query;
  /** Listens to what other processes commit. Default: nobody does, and commits tell nobody. */
  readonly listen?: Listen;
  /** Ends the driver's connections; called by `close()`, at its end. Default: they stay, for whoever has made them. */
  readonly end?: () => MaybePromise<unknown>;
  /** The schema that everything is in: 1 to 48 lower-case letters, digits and underscores. Default `actionport`. */
  readonly schema?: string;
  /** The time that decides what has expired. Default `Date.now`. */
  readonly clock?: Clock;
  /** Is told of `store_sweep_failed`, `store_notify_failed`. Default: what failed is written to stderr. */
  readonly observe?: Observe;
  /** A statement that takes longer counts as lost; a commit is then looked for as long. A second more for each MiB that is sent. Default 10,000; 100 to 600,000. */
  readonly timeoutMs?: number;
  /** So often what has expired is removed. Default 10,000; 100 to 3,600,000. */
  readonly sweepEveryMs?: number;
}

/**
 * A store in a PostgreSQL database, for any number of processes. It opens no connection of its own: everything goes through `query`. Call
 * `migrate()` when a release is put into service, and `open()` before the store is used. A TypeError when an option is wrong.
 */
export function createPostgresStore(options: PostgresStoreOptions): PostgresStore {
  const { query, listen, end, schema = "actionport", clock = Date.now, observe = tellFailure, timeoutMs = 10_000, sweepEveryMs = 10_000 } = options;
  if (typeof query !== "function") throw new TypeError("query must be a function that runs an SQL statement with its values and answers its rows, such as (text, values) => pool.query(text, values).then(({ rows }) => rows)");
  if (listen !== undefined && typeof listen !== "function") throw new TypeError("listen must be a function that listens on a channel, or absent");
  if (end !== undefined && typeof end !== "function") throw new TypeError("end must be a function that ends the driver's connections, such as () => pool.end(), or absent");
  if (typeof clock !== "function") throw new TypeError("clock must be a function that answers epoch milliseconds");
  if (typeof observe !== "function") throw new TypeError("observe must be a function: it gets what happened");
  checkWhole("timeoutMs", timeoutMs, 600_000, 100);
  checkWhole("sweepEveryMs", sweepEveryMs, 3_600_000, 100);
  return new SharedStore({ query, listen, end, names: namesOf(schema), clock, observe, timeoutMs, sweepEveryMs });
}
