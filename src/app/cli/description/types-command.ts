import { readSchema } from "../actions/read-schema.ts";
import type { ActionSchema } from "../actions/schema.ts";
import type { Command } from "../language/command.ts";
import { printOne } from "../screen/answer.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import { writeApiTypes, type OpenApi } from "./api-types.ts";

/** Schemas that are asked for at the same time. */
const AT_A_TIME = 8;

export const TYPES: Command = {
  name: "types",
  summary: "Writes the actions as TypeScript, for typed clients in other repositories.",
  details: ["In the repository of the application itself no such file is needed: ApiOf<typeof catalog> is the same type."],
  arguments: [],
  options: TARGET_OPTIONS,
  examples: ["actionport types > shop-api.ts", "actionport types --app ./app.ts --can '*' > shop-api.ts"],
  run: (session, input) => withTarget(session, input, async (target) => {
    const options = callOptions(session, input);
    const openapi = await target.read<OpenApi>("openapi.json", options);
    const keys = (await target.client.actions.list(options)).map(({ key }) => key);
    const actions: ActionSchema[] = [];
    for (let from = 0; from < keys.length; from += AT_A_TIME) {
      actions.push(...(await Promise.all(keys.slice(from, from + AT_A_TIME).map((key) => readSchema(target, key, options)))));
    }
    const types = writeApiTypes(target.place, openapi, actions);
    printOne(session.screen, input, { types }, () => types.trimEnd());
    return "done";
  }),
};
