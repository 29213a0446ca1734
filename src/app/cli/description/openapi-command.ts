import type { Command } from "../language/command.ts";
import { printJson } from "../screen/answer.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";

export const OPENAPI: Command = {
  name: "openapi",
  summary: "Writes the OpenAPI document of the API.",
  details: ["It has the actions that whoever calls may see. With --json it is in one line."],
  arguments: [],
  options: TARGET_OPTIONS,
  examples: ["actionport openapi > openapi.json", "actionport openapi --app ./app.ts > openapi.json"],
  run: (session, input) => withTarget(session, input, async ({ read }) => {
    const document = await read<object>("openapi.json", callOptions(session, input));
    if (input.flag("json")) printJson(session.screen, document);
    else session.screen.print(JSON.stringify(document, null, 2));
    return "done";
  }),
};
