import type { ListQuery } from "../../../adapters/client/index.ts";
import { misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import type { Option } from "../language/grammar.ts";
import { printMany } from "../screen/answer.ts";
import { formatTable } from "../screen/table.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import { followRun, printRun } from "./follow-run.ts";
import { formatTime } from "./format-time.ts";
import { PAGE_OPTIONS, readPage, tellOfMore } from "./read-page.ts";

const ID: Command["arguments"][number] = { name: "ID", help: "The workflow, as the action answered it." };
const COLUMNS = [{ heading: "WORKFLOW" }, { heading: "NAME", cuttable: true }, { heading: "STATUS" }, { heading: "BEGUN" }] as const;
const FILTERS: readonly Option[] = [
  { name: "status", value: "STATUS", help: "Only those that are so.", choices: ["created", "pending", "running", "waiting", "completed", "failed", "continued", "cancelled"] },
  { name: "action", value: "KEY", help: "Only those that this action started.", completes: "action" },
];

export const WORKFLOW_COMMANDS: readonly Command[] = [
  {
    name: "workflow",
    summary: "Shows how far a workflow is.",
    arguments: [ID],
    options: [{ name: "follow", help: "Goes on showing it until it has ended." }, ...TARGET_OPTIONS],
    examples: ["actionport workflow 6f9619ff-8b86-4d01-b42d-00cf4fc964ff --follow"],
    run: (session, input) => withTarget(session, input, async (target) => {
      const handle = target.client.workflow(input.argument("ID"));
      if (input.flag("follow")) {
        await target.openWorkflows();
        return followRun(session, input, handle);
      }
      printRun(session, input, await handle.get(callOptions(session, input)));
      return "done";
    }),
  },
  {
    name: "workflow list",
    summary: "Lists workflows, newest first.",
    arguments: [],
    options: [...FILTERS, ...PAGE_OPTIONS, ...TARGET_OPTIONS],
    run: (session, input) => withTarget(session, input, async ({ client }) => {
      const query: ListQuery = Object.fromEntries(FILTERS.map(({ name }) => [name, input.text(name)]));
      const page = await readPage(input, (wanted) => client.workflows({ ...query, ...wanted }, callOptions(session, input)));
      const rows = page.data.map(({ id, name, status, created_at }) => [id, name, status, formatTime(created_at)]);
      printMany(session.screen, input, page.data, () => (rows.length === 0 ? "There is no such workflow." : formatTable(session.screen, COLUMNS, rows)));
      tellOfMore(session, page);
      return "done";
    }),
  },
  {
    name: "workflow signal",
    summary: "Hands a workflow a signal that it waits for.",
    arguments: [ID, { name: "NAME", help: "The signal." }],
    options: [{ name: "value", value: "JSON", help: "What goes with it: a JSON object. Default: {}." }, ...TARGET_OPTIONS],
    examples: ["actionport workflow signal 6f9619ff-8b86-4d01-b42d-00cf4fc964ff delivered --value '{\"by\":\"UPS\"}'"],
    run: (session, input) => withTarget(session, input, async ({ client }) => {
      printRun(session, input, await client.workflow(input.argument("ID")).signal(input.argument("NAME"), readValue(input.text("value")), callOptions(session, input)));
      return "done";
    }),
  },
  {
    name: "workflow cancel",
    summary: "Asks a workflow to end.",
    arguments: [ID],
    options: TARGET_OPTIONS,
    run: (session, input) => withTarget(session, input, async ({ client }) => {
      printRun(session, input, await client.workflow(input.argument("ID")).cancel(callOptions(session, input)));
      return "done";
    }),
  },
];

function readValue(text: string | undefined): object {
  if (text === undefined) return {};
  const value = parse(text);
  if (typeof value === "object" && value !== null) return value;
  throw misused(`--value must be a JSON object, such as '{"by":"UPS"}'.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
