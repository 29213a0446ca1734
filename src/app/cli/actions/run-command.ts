import type { Replayable, UnknownEntry } from "../../../adapters/client/index.ts";
import type { Ending } from "../exit-codes.ts";
import { misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import type { Input, Option } from "../language/grammar.ts";
import { printOne } from "../screen/answer.ts";
import { formatValue } from "../screen/diff.ts";
import { formatFields } from "../screen/table.ts";
import { toPrintable } from "../screen/text-width.ts";
import type { Session } from "../session.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import type { Target } from "../target/target.ts";
import { followRun } from "../reading/follow-run.ts";
import { PARAMS_OPTION, readParameters } from "./parameters.ts";
import { readSchema } from "./read-schema.ts";

/** Of every command that calls an action. */
export const ACTION_ARGUMENTS: Command["arguments"] = [
  { name: "KEY", help: "The action.", completes: "action" },
  { name: "ID", optional: true, help: "The subject, for an action that takes one. It goes before the parameters." },
];
export const PARAMETERS: NonNullable<Command["free"]> = { usage: "--PARAMETER VALUE", help: "A parameter, by its name in the schema. A list: once for each item, or as JSON. An object: as JSON. Yes or no: --NAME or --NAME=false." };
export const KEY_OPTION: Option = { name: "idempotency-key", value: "KEY", help: "A call that was made under this key before is not made again; its answer comes once more." };

export const RUN: Command = {
  name: "run",
  summary: "Runs an action.",
  details: ["A call that fails on the way is tried again under one idempotency key, so it takes effect once."],
  arguments: ACTION_ARGUMENTS,
  free: PARAMETERS,
  options: [PARAMS_OPTION, KEY_OPTION, { name: "wait", help: "When the action starts a workflow: shows how it goes on, until it has ended." }, ...TARGET_OPTIONS],
  examples: ['actionport run orders/approve-order 11008 --reason "An old customer."', "actionport run orders/create-order --params @order.json"],
  run: (session, input) => withTarget(session, input, async (target) => {
    const options = callOptions(session, input);
    const key = input.argument("KEY");
    const id = idOf(input);
    const schema = await readSchema(target, key, options);
    const params = await readParameters(session, input, schema.parameters);
    if (target.isForgetful && schema.effect !== "read") session.screen.say("In memory: what this changes is gone when it ends. --data DIR keeps it.");
    const answer = await target.client.execute(key, id, params, { ...options, idempotencyKey: input.text("idempotency-key") });
    const following = answer.workflow_id !== undefined && input.flag("wait");
    if (!following || !input.flag("json")) printOne(session.screen, input, { success: true, ...answer }, () => formatAnswer(session, answer));
    return following ? await wait(session, input, target, answer.workflow_id ?? "") : "done";
  }),
};

/** Null stands for no subject. */
export function idOf(input: Input): string | null {
  if (!input.has("ID")) return null;
  const id = input.argument("ID");
  if (id === "." || id === "..") throw misused(`"${id}" cannot stand in a URL. In a bulk call it can: echo ${id} | actionport bulk ${input.argument("KEY")} --ids-file -`);
  return id;
}

async function wait(session: Session, input: Input, target: Target, id: string): Promise<Ending> {
  await target.openWorkflows();
  return followRun(session, input, target.client.workflow(id));
}

/** What an action answered, for people. */
export function formatAnswer({ screen }: Pick<Session, "screen">, { message, data, workflow_id, replayed }: UnknownEntry["result"] & Replayable): string {
  const lines = [
    ...(replayed === true ? [screen.style.yellow("This call was made before; this is what it was answered.")] : []),
    ...(message === undefined ? [] : [screen.style.green(toPrintable(message))]),
    ...(data === undefined ? [] : [formatFields(screen, Object.entries(data).map(([name, value]) => [name, formatValue(value)]))]),
    ...(workflow_id === undefined ? [] : [`It goes on as workflow ${workflow_id}. To see how: actionport workflow ${workflow_id} --follow`]),
  ];
  return lines.length === 0 ? screen.style.green("Done.") : lines.join("\n");
}
