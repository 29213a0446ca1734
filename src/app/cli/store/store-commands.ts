import type { Command } from "../language/command.ts";
import { BACKUP } from "./backup-command.ts";
import { CHECK } from "./check-command.ts";
import { COPY } from "./copy-command.ts";
import { EXPORT } from "./export-command.ts";
import { POSTGRES_COMMANDS } from "./postgres-commands.ts";

/** What is done with stores. */
export const STORE_COMMANDS: readonly Command[] = [BACKUP, CHECK, COPY, EXPORT, ...POSTGRES_COMMANDS];
