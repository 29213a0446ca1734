import type { Command } from "../language/command.ts";
import { printOne } from "../screen/answer.ts";
import { formatValue } from "../screen/diff.ts";
import type { Screen } from "../screen/screen.ts";
import { columnsOfText, formatRows } from "../screen/rows.ts";
import { formatFields } from "../screen/table.ts";
import { toPrintable, wrapText } from "../screen/text-width.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import { readSchema } from "./read-schema.ts";
import { describeType, type ActionSchema, type Schema } from "./schema.ts";

export const SCHEMA: Command = {
  name: "schema",
  summary: "Shows an action in full: what it takes, answers and refuses.",
  arguments: [{ name: "KEY", help: "The action.", completes: "action" }],
  options: TARGET_OPTIONS,
  examples: ["actionport schema orders/approve-order", "actionport schema orders/approve-order --json | jq .parameters"],
  run: (session, input) => withTarget(session, input, async (target) => {
    const schema = await readSchema(target, input.argument("KEY"), callOptions(session, input));
    printOne(session.screen, input, schema, () => formatSchema(session.screen, schema));
    return "done";
  }),
};

function formatSchema(screen: Screen, action: ActionSchema): string {
  const { key, label, description, effect, subject, returns, errors = [], bulk } = action;
  const facts = [
    ["effect", effect],
    ["subject", subject?.class],
    ["answers", returns.filter((each) => each !== "error").join(", ")],
    ["refuses with", errors.map(({ code }) => code).join(", ")],
    ["bulk", bulk === null ? undefined : `up to ${bulk.max_ids} at once, ${bulk.modes.join(", ")}`],
  ] as const;
  const heading = `${screen.style.bold(key)}  ${toPrintable(label)}`;
  const about = description === "" ? [] : [wrapText(toPrintable(description), columnsOfText(screen)).join("\n")];
  return [heading, ...about, formatFields(screen, facts), formatParameters(screen, action.parameters), ...formatExamples(screen, action)].join("\n\n");
}

function formatParameters(screen: Screen, { properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => [toPrintable(`--${name}`), toPrintable(`${schema.description ?? ""} ${describeType(schema)}${required.includes(name) ? "" : describeDefault(schema)}.`.trim())] as const);
  return rows.length === 0 ? "It takes no parameters." : [screen.style.bold("Parameters"), ...formatRows(screen, rows)].join("\n");
}

function describeDefault(schema: Schema): string {
  return schema.default === undefined ? "; may be left out" : `; ${formatValue(schema.default)} when left out`;
}

function formatExamples(screen: Screen, { key, examples = [] }: ActionSchema): readonly string[] {
  const lines = examples.map(({ subject, params = {} }) => {
    const given = Object.entries(params).map(([name, value]) => `--${name} ${quote(typeof value === "string" ? value : JSON.stringify(value))}`);
    return wrapShell(["actionport run", key, ...(subject === undefined ? [] : [quote(String(subject))]), ...given], columnsOfText(screen));
  });
  return lines.length === 0 ? [] : [[screen.style.bold("Examples"), ...lines].join("\n")];
}

/** A command line that can be copied, in more than one line where it is long. */
function wrapShell(words: readonly string[], columns: number): string {
  const lines: string[] = [];
  let line = " ";
  for (const word of words) {
    if (line.trim() !== "" && line.length + word.length + 3 > columns) {
      lines.push(`${line} \\`);
      line = "   ";
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** One word of a POSIX shell, whatever is in it. */
function quote(word: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
