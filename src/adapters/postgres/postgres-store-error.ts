/**
 * Why the store does not do what it was asked for.
 *
 * - `unreachable`: PostgreSQL does not answer, or does not take connections at the moment.
 * - `no_access`: the role, its password or one of its rights is wrong, or the database does not exist.
 * - `schema_missing`, `schema_older`, `schema_newer`: the schema is not the one of this release.
 * - `unsuitable`: a setting of the database rules it out.
 * - `full`: PostgreSQL has no room, on the disk or in memory, or no more connections. Nothing of the commit was kept.
 * - `timed_out`: a limit of time, PostgreSQL's or the store's, was reached.
 * - `outcome_unknown`: a commit was sent, its answer was lost, and nobody could be asked what became of it.
 * - `contended`: commits stood in each other's way too often.
 * - `failed`: something else.
 */
export type PostgresStoreErrorCode =
  | "contended"
  | "failed"
  | "full"
  | "no_access"
  | "outcome_unknown"
  | "schema_missing"
  | "schema_newer"
  | "schema_older"
  | "timed_out"
  | "unreachable"
  | "unsuitable";

/** A failure of the store on PostgreSQL: a sentence with the remedy; `cause` has what the driver said, where it said something. */
export class PostgresStoreError extends Error {
  readonly code: PostgresStoreErrorCode;

  constructor(code: PostgresStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PostgresStoreError";
    this.code = code;
  }
}
