import { parseArgs } from "node:util";
import type { Administration } from "./administration.ts";
import { CLIENT_COMMANDS } from "./client-commands.ts";
import { CommandError } from "./command.ts";
import type { Command, CommandInput } from "./command.ts";
import { KEY_COMMANDS } from "./key-commands.ts";
import { USER_COMMANDS } from "./user-commands.ts";

const COMMANDS: ReadonlyMap<string, Command> = new Map([...CLIENT_COMMANDS, ...USER_COMMANDS, ...KEY_COMMANDS].map((command) => [command.name, command]));

/** A command that was understood. */
export interface ParsedCommand {
  readonly command: Command;
  /** What was typed, but for the secret. */
  readonly input: Omit<CommandInput, "secret">;
}

/** Finds the command in the words that were typed; throws a CommandError with the usage. */
export function parseCommand(words: readonly string[]): ParsedCommand {
  const command = COMMANDS.get(words.slice(0, 2).join(" "));
  if (command === undefined) throw new CommandError(usage());
  try {
    const { values, positionals } = parseArgs({ args: words.slice(2), options: command.options ?? {}, allowPositionals: true, strict: true });
    if (positionals.length < command.positionals.min || positionals.length > command.positionals.max) throw new TypeError("wrong number of words");
    return { command, input: toInput(positionals, new Map(Object.entries(values))) };
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : "not understood"}\nusage: actionport ${command.name} ${command.usage}`);
  }
}

/** Does what was typed, and answers what the operator is told. */
export function runCommand(administration: Administration, { command, input }: ParsedCommand, secret: string): Promise<string> {
  return command.run(administration, { ...input, secret });
}

function usage(): string {
  const lines = [...COMMANDS.values()].map(({ name, usage: rest, summary }) => `  ${name} ${rest}`.trimEnd() + `\n      ${summary}`);
  return ["usage: actionport <command>", ...lines].join("\n");
}

type OptionValues = ReadonlyMap<string, string | boolean | readonly (string | boolean)[] | undefined>;

function toInput(positionals: readonly string[], values: OptionValues): Omit<CommandInput, "secret"> {
  return {
    positionals,
    text(option) {
      const value = values.get(option);
      return typeof value === "string" ? value : undefined;
    },
    texts: (option) => [values.get(option) ?? []].flat().filter((value) => typeof value === "string"),
    flag: (option) => values.get(option) === true,
  };
}
