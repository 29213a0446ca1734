import { misused } from "../fault.ts";
import type { Grammar } from "./grammar.ts";
import { didYouMean } from "./suggest.ts";

/** The command that the words begin with, and the words behind its name. */
export interface FoundCommand<C> {
  readonly command: C;
  readonly words: readonly string[];
}

/** Finds a command; the longer name first. Throws a Fault that says what there is instead. */
export function findCommand<C extends Grammar>(commands: readonly C[], words: readonly string[]): FoundCommand<C> {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(" ");
    const command = commands.find((each) => each.name === name);
    if (command !== undefined) return { command, words: words.slice(count) };
  }
  throw unknownCommand(commands, words);
}

/** The commands whose name begins with this word, for one that is no command by itself: `store`. */
export function commandsOfGroup<C extends Grammar>(commands: readonly C[], word: string): readonly C[] {
  return commands.filter(({ name, hidden }) => hidden !== true && name.startsWith(`${word} `));
}

function unknownCommand(commands: readonly Grammar[], [first = "", second]: readonly string[]) {
  const group = commandsOfGroup(commands, first);
  const shown = commands.filter(({ hidden }) => hidden !== true);
  if (group.length === 0) {
    const names = [...new Set(shown.flatMap(({ name }) => [name, name.split(" ")[0] ?? ""]))];
    return misused(`There is no command ${JSON.stringify(first)}.${didYouMean(first, names, (name) => `"${name}"`)} "actionport --help" lists the commands.`);
  }
  const seconds = group.map(({ name }) => name.slice(first.length + 1));
  const choice = `${seconds.slice(0, -1).join(", ")}${seconds.length > 1 ? " or " : ""}${seconds.at(-1)}`;
  if (second === undefined || second.startsWith("-")) return misused(`"${first}" needs another word: ${choice}.`);
  return misused(`There is no command "${first} ${second}".${didYouMean(second, seconds, (name) => `"${first} ${name}"`)} After "${first}" comes ${choice}.`);
}
