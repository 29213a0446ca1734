import { checkSchema, triggerStatement } from "./requests.ts";

/** What {@link prepareDbos} takes. */
export interface PrepareDbosOptions {
  /** As `createPostgresStore` takes it, for a role that owns the store's schema. */
  readonly query: (text: string, values: string[]) => Promise<unknown>;
  /** The schema of the store. Default `actionport`. */
  readonly schema?: string;
  /** The schema of DBOS's system tables. Default `dbos`. */
  readonly dbosSchema?: string;
}

/**
 * Lets the commits of a store on PostgreSQL hand their runs on to DBOS, in the same transaction. To be called once for each release, when the store's schema and that of DBOS are
 * there; to repeat it changes nothing.
 */
export async function prepareDbos({ query, schema = "actionport", dbosSchema = "dbos" }: PrepareDbosOptions): Promise<void> {
  await query(triggerStatement(checkSchema("schema", schema), checkSchema("dbosSchema", dbosSchema)), []);
}
