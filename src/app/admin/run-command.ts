import { misused } from "../cli/fault.ts";
import { findCommand } from "../cli/language/find-command.ts";
import { parseWords, requireArguments } from "../cli/language/parse-words.ts";
import type { Administration } from "./administration.ts";
import { CLIENT_COMMANDS } from "./client-commands.ts";
import type { AdminAnswer, AdminCommand } from "./command.ts";
import { KEY_COMMANDS } from "./key-commands.ts";
import { USER_COMMANDS } from "./user-commands.ts";

/** All that an operator can do. */
export const ADMIN_COMMANDS: readonly AdminCommand[] = [...CLIENT_COMMANDS, ...USER_COMMANDS, ...KEY_COMMANDS];

/** Does what was typed, in whatever process has the data open. Throws a Fault. */
export async function runWords(administration: Administration, words: readonly string[], secret: string): Promise<AdminAnswer> {
  const { command, words: rest } = findCommand(ADMIN_COMMANDS, words);
  const input = parseWords(command, rest);
  requireArguments(command, input);
  try {
    return await command.administer(administration, input, secret);
  } catch (error) {
    // What an option cannot be is told so.
    throw error instanceof TypeError && error.cause === undefined ? misused(error.message) : error;
  }
}
