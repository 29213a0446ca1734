import type { SecretSource } from "../admin/read-secret.ts";
import { COMMANDS } from "./command-table.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { runProgram } from "./program.ts";
import { createScreen, type Output } from "./screen/screen.ts";

/** Options of {@link runCommandLine}; in a process, its own arguments, variables and streams. */
export interface CommandLineParts {
  /** The words behind the program's name. */
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdin: SecretSource;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Ends what lasts: following a workflow or the trail, a bulk call. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/** The command line `actionport`. Answers the exit code: docs/command-line.md has the table of them. Never rejects. */
export async function runCommandLine(parts: CommandLineParts): Promise<number> {
  const { words, variables, stdin } = parts;
  const session = {
    screen: createScreen(parts),
    variables,
    stdin,
    directory: process.cwd(),
    commands: COMMANDS,
    // What is asked for it is told in time, and what does not ask is ended by the signal itself.
    get signal() {
      return parts.signal ?? new AbortController().signal;
    },
  };
  return EXIT_CODES[await runProgram(session, words)];
}
