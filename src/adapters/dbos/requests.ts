import type { PendingCommit } from "../../domain/index.ts";
import { toJsonObject } from "../../domain/workflow/engine.ts";
import { DBOS_QUEUE, DBOS_WORKFLOW, WAKE } from "./dbos.ts";

/** What a commit asks DBOS for: a record that is there only until the end of its transaction, in which a trigger hands it on. */
const REQUESTS = "actionport.dbos";

const NAME = /^[a-z_][a-z0-9_]{0,47}$/;

/** Adds to the commit that DBOS is to begin this run, or to wake it. */
export function putRequest(commit: Pick<PendingCommit, "put">, run: string, why: "start" | "wake", newId: () => string): void {
  commit.put(REQUESTS, `${run}/${newId()}`, toJsonObject({ run, why }));
}

/** The name of a schema, if it is a plain one. TypeError: it is not. */
export function checkSchema(option: string, schema: unknown): string {
  if (typeof schema === "string" && NAME.test(schema)) return schema;
  throw new TypeError(`${option} must be a name of 1 to 48 lower-case letters, digits and underscores that does not begin with a digit`);
}

/**
 * One statement, to be repeated at will: the trigger that hands requests on to DBOS when their transaction commits. Deferred, because a commit that meets a
 * conflict takes back by itself what it had inserted; what is gone by then was not committed.
 */
export function triggerStatement(schema: string, dbosSchema: string): string {
  const [s, d] = [`"${schema}"`, `"${dbosSchema}"`];
  return `do $install$ begin
  create or replace function ${s}.ask_dbos() returns trigger language plpgsql as $function$
  declare
    request constant json := new.value::json;
    run constant text := request->>'run';
  begin
    delete from ${s}.records where collection = new.collection and id = new.id and version = new.version;
    if not found then
      return null;
    end if;
    if request->>'why' = 'start' then
      perform ${d}.enqueue_workflow(workflow_name => '${DBOS_WORKFLOW}', queue_name => '${DBOS_QUEUE}', positional_args => array[to_json('${schema}'::text), to_json(run)], workflow_id => run);
    else
      perform ${d}.send_message(run, '"wake"'::json, '${WAKE}');
    end if;
    return null;
  end
  $function$;
  drop trigger if exists ask_dbos on ${s}.records;
  create constraint trigger ask_dbos after insert on ${s}.records deferrable initially deferred
    for each row when (new.collection = '${REQUESTS}') execute function ${s}.ask_dbos();
end $install$`;
}
