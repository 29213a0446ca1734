import { randomUUID } from "node:crypto";
import { CallFailure, type BulkSummary } from "../../../adapters/client/index.ts";
import { endingOf, type Ending } from "../exit-codes.ts";
import { Fault, misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import type { Input } from "../language/grammar.ts";
import { printOne } from "../screen/answer.ts";
import type { Session } from "../session.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import type { Target } from "../target/target.ts";
import { createBulkScreen, type BulkScreen } from "./bulk-screen.ts";
import { openKeptCalls } from "./kept-calls.ts";
import { PARAMS_OPTION, readParameters } from "./parameters.ts";
import { readIds } from "./read-ids.ts";
import { readSchema } from "./read-schema.ts";
import { KEY_OPTION, PARAMETERS } from "./run-command.ts";
import type { ActionSchema } from "./schema.ts";

const MODES = ["each", "stop", "atomic"] as const;
type Mode = (typeof MODES)[number];

export const BULK: Command = {
  name: "bulk",
  summary: "Runs an action on many subjects.",
  details: [
    "On a terminal a bar shows how far it is, and what failed is listed; elsewhere each result is a line of JSON, as it comes, and the summary is the last.",
    "A call that is cut off, by Ctrl-C or by anything else, is continued by the same command: what was done is not done again. Its idempotency key is kept until it is answered, below XDG_STATE_HOME.",
  ],
  arguments: [{ name: "KEY", help: "The action.", completes: "action" }],
  free: PARAMETERS,
  options: [
    { name: "ids-file", value: "FILE", required: true, help: 'The IDs of the subjects, a line each, or lines of JSON with an "id"; - is stdin.', completes: "file" },
    { name: "mode", value: "MODE", help: "each: independent of each other; stop: until the first failure; atomic: all or none. Default: each.", choices: MODES },
    PARAMS_OPTION,
    KEY_OPTION,
    { name: "new", help: "Begins again, whatever was cut off before." },
    { name: "async", help: "Has the server do it in a workflow, which outlives the command." },
    ...TARGET_OPTIONS,
  ],
  examples: ["actionport bulk orders/approve-order --ids-file ids.txt", "actionport subjects northwind.Order --q 110 --all --json | actionport bulk orders/approve-order --ids-file -"],
  run: (session, input) => withTarget(session, input, async (target) => {
    const schema = await readSchema(target, input.argument("KEY"), callOptions(session, input));
    if (schema.bulk === null) throw misused(`${schema.key} takes no subject, so there is no bulk call of it: actionport run ${schema.key}`);
    const ids = await readIds(session, input.text("ids-file") ?? "-");
    const params = await readParameters(session, input, schema.parameters);
    const mode = MODES.find((each) => each === input.text("mode")) ?? "each";
    if (ids.length === 0) throw misused("--ids-file has no ID in it.");
    return input.flag("async") ? start(session, input, target, { schema, ids, params, mode }) : runKept(session, input, target, { schema, ids, params, mode });
  }),
};

/** What is to be done. */
interface Work {
  readonly schema: ActionSchema;
  readonly ids: readonly (string | number)[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly mode: Mode;
}

async function start(session: Session, input: Input, { client }: Target, { schema, ids, params, mode }: Work): Promise<Ending> {
  const { workflow_id } = await client.startBulk(schema.key, ids, params, { ...callOptions(session, input), mode, idempotencyKey: input.text("idempotency-key") });
  printOne(session.screen, input, { success: true, workflow_id }, () => `It goes on as workflow ${workflow_id}. To see how: actionport workflow ${workflow_id} --follow`);
  return "done";
}

/** Under a key that is kept until all is answered. */
async function runKept(session: Session, input: Input, target: Target, work: Work): Promise<Ending> {
  const { schema, ids, params, mode } = work;
  const given = input.text("idempotency-key");
  const kept = openKeptCalls(session.variables, Date.now);
  const call = [target.place, target.caller, schema.key, ids, params, mode];
  const found = input.flag("new") || target.isForgetful ? undefined : kept.find(call, schema.idempotency.retention_seconds);
  const idempotencyKey = given ?? found?.idempotencyKey ?? randomUUID();
  if (given === undefined && found !== undefined) session.screen.say(`Going on with the call of ${new Date(found.begunAt).toISOString()} that was cut off; --new begins again.`);
  const isKept = !target.isForgetful && kept.keep(call, { idempotencyKey, begunAt: found?.begunAt ?? Date.now() });
  const bulkScreen = createBulkScreen(session, input, ids.length);
  try {
    const ending = await runAll(session, input, target, work, idempotencyKey, bulkScreen);
    if (isKept) kept.forget(call);
    return ending;
  } catch (error) {
    bulkScreen.clear();
    if (found === undefined && bulkScreen.done === 0 && isMisuse(error)) {
      if (isKept) kept.forget(call);
    } else if (!target.isForgetful) session.screen.say(`Cut off after ${bulkScreen.done} of ${ids.length}. ${isKept ? "The same command goes on with it" : `The same command goes on with it when it has --idempotency-key ${idempotencyKey}`}: what was done is not done again.`);
    throw error;
  } finally {
    bulkScreen.clear();
  }
}

/** Was it typed wrong? Then it was not begun, and the same command would come to the same. */
function isMisuse(error: unknown): boolean {
  return error instanceof CallFailure ? endingOf(error.code) === "usage" : error instanceof Fault && error.ending === "usage";
}

/** In as many calls as the action's limit makes it; together they answer as one. */
async function runAll(session: Session, input: Input, { client }: Target, { schema, ids, params, mode }: Work, idempotencyKey: string, bulkScreen: BulkScreen): Promise<Ending> {
  const most = schema.bulk?.max_ids ?? ids.length;
  if (ids.length > most && mode !== "each") throw misused(`${schema.key} takes ${most} subjects at once, and these are ${ids.length}; only --mode each can be done in several calls.`);
  const counts = { total: ids.length, succeeded: 0, failed: 0, skipped: 0 };
  for (let from = 0; from < ids.length; from += most) {
    const key = from === 0 ? idempotencyKey : `${idempotencyKey}.${from}`;
    for await (const line of client.bulk(schema.key, ids.slice(from, from + most), params, { ...callOptions(session, input), mode, idempotencyKey: key })) {
      if ("outcome" in line) {
        counts.succeeded += line.succeeded;
        counts.failed += line.failed;
        counts.skipped += line.skipped;
      } else {
        const { done: _, total: __, ...result } = line;
        bulkScreen.result({ ...result, index: result.index + from });
      }
    }
  }
  const outcome: BulkSummary["outcome"] = counts.succeeded === counts.total ? "success" : counts.succeeded === 0 ? "failed" : "partial";
  bulkScreen.end({ outcome, message: `${counts.succeeded} of ${counts.total} succeeded.`, ...counts });
  return ENDINGS[outcome];
}

const ENDINGS = { success: "done", partial: "partial", failed: "refused" } as const;
