import { misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import { printOne } from "../screen/answer.ts";
import { formatChanges } from "../screen/diff.ts";
import { toPrintable } from "../screen/text-width.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import { PARAMS_OPTION, readParameters } from "./parameters.ts";
import { readSchema } from "./read-schema.ts";
import { ACTION_ARGUMENTS, formatAnswer, idOf, PARAMETERS } from "./run-command.ts";

export const PREVIEW: Command = {
  name: "preview",
  summary: "Shows what running an action would change, and changes nothing.",
  details: ["With --run it is run afterwards, if everything is still as the preview saw it; else nothing happens."],
  arguments: ACTION_ARGUMENTS,
  free: PARAMETERS,
  options: [PARAMS_OPTION, { name: "run", help: "Runs it, if what was seen is still so." }, ...TARGET_OPTIONS],
  examples: ['actionport preview orders/approve-order 11008 --reason "An old customer."'],
  run: (session, input) => withTarget(session, input, async ({ client, ...target }) => {
    const { screen } = session;
    const options = callOptions(session, input);
    const key = input.argument("KEY");
    const schema = await readSchema({ client, ...target }, key, options);
    const params = await readParameters(session, input, schema.parameters);
    const { execute, ...preview } = await client.preview(key, idOf(input), params, options);
    const { message, changes } = preview;
    printOne(screen, input, { success: true, ...preview }, () => [formatChanges(screen, changes), ...(message === undefined ? [] : [screen.style.dim(`It would answer: ${toPrintable(message)}`)])].join("\n"));
    if (!input.flag("run")) return "done";
    if (target.isForgetful) throw misused("--run needs --data with --app: in memory there is nothing that would be kept.");
    const answer = await execute(options);
    printOne(screen, input, { success: true, ...answer }, () => formatAnswer(session, answer));
    return "done";
  }),
};
