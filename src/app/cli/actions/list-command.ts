import type { Command } from "../language/command.ts";
import { printMany } from "../screen/answer.ts";
import { formatTable } from "../screen/table.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";

const COLUMNS = [{ heading: "KEY" }, { heading: "LABEL", cuttable: true }, { heading: "EFFECT" }, { heading: "SUBJECT", cuttable: true }] as const;

export const LIST: Command = {
  name: "list",
  summary: "Lists the actions.",
  arguments: [{ name: "TEXT", optional: true, help: "Only those with this in their key or label." }],
  options: TARGET_OPTIONS,
  examples: ["actionport list", "actionport list orders --json | jq -r .key"],
  run: (session, input) => withTarget(session, input, async ({ client }) => {
    const wanted = input.argument("TEXT").toLowerCase();
    const actions = (await client.actions.list(callOptions(session, input))).filter(({ key, label }) => `${key}\n${label}`.toLowerCase().includes(wanted));
    const rows = actions.map(({ key, label, effect, subject }) => [key, label, effect, String(subject?.["class"] ?? "")]);
    printMany(session.screen, input, actions, () => (rows.length === 0 ? "There is no such action." : formatTable(session.screen, COLUMNS, rows)));
    return "done";
  }),
};
