import type { Screen } from "../screen/screen.ts";
import { columnsOfText, formatRows } from "../screen/rows.ts";
import { textWidth, wrapText } from "../screen/text-width.ts";
import { optionsOf, usageOf, type Grammar } from "./grammar.ts";

type Page = Pick<Screen, "style" | "width">;


/** All commands, a line each, by what they are about. */
export function helpOfAll(screen: Page, commands: readonly Grammar[], groups: readonly CommandGroup[]): string {
  const widest = Math.max(...groups.flatMap(({ names }) => names.map(textWidth)));
  const sections = groups.map(({ title, names }) => {
    const rows = names.flatMap((name) => commands.filter((each) => each.name === name)).map(({ name, summary }) => [name, summary] as const);
    return [screen.style.bold(title), ...formatRows(screen, rows, widest)].join("\n");
  });
  return [
    `${screen.style.bold("actionport")}: build, call and keep an application of business actions.`,
    "Usage: actionport COMMAND [OPTIONS]",
    ...sections,
    ['"actionport COMMAND --help" says what a command takes.'],
  ].join("\n\n");
}

/** Commands that belong together. */
export interface CommandGroup {
  readonly title: string;
  readonly names: readonly string[];
}

/** One command in full. */
export function helpOf(screen: Page, command: Grammar): string {
  const { summary, details = [], free, examples = [] } = command;
  const paragraphs = [summary, ...details].map((text) => wrapText(text, columnsOfText(screen)).join("\n"));
  const words = command.arguments.map(({ name, help, choices }) => [name, withChoices(help, choices)] as const);
  const options = optionsOf(command).map((option) => [`--${option.name}${option.value === undefined ? "" : ` ${option.value}`}${option.many === true ? "…" : ""}`, withChoices(option.help, option.choices)] as const);
  const rows = [...(free === undefined ? [] : [[free.usage, free.help] as const]), ...options];
  return [
    ...wrapUsage(`actionport ${usageOf(command)}`, screen),
    ...paragraphs,
    ...(words.length === 0 ? [] : [formatRows(screen, words).join("\n")]),
    [screen.style.bold("Options"), ...formatRows(screen, rows)].join("\n"),
    ...(examples.length === 0 ? [] : [[screen.style.bold("Examples"), ...examples.map((line) => `  ${line}`)].join("\n")]),
  ].join("\n\n");
}

function wrapUsage(usage: string, screen: Page): readonly string[] {
  const [first = "", ...rest] = wrapText(`Usage: ${usage}`, columnsOfText(screen) - 2);
  return [[first, ...rest.map((line) => `         ${line}`)].join("\n")];
}

function withChoices(help: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? help : `${help} One of ${choices.join(", ")}.`;
}
