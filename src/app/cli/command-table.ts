import { ADMIN_COMMANDS } from "../admin/run-command.ts";
import { toCommand } from "../admin/to-command.ts";
import { BULK } from "./actions/bulk-command.ts";
import { LIST } from "./actions/list-command.ts";
import { PREVIEW } from "./actions/preview-command.ts";
import { RUN } from "./actions/run-command.ts";
import { SCHEMA } from "./actions/schema-command.ts";
import { COMPLETE, COMPLETION } from "./completion/completion-commands.ts";
import { OPENAPI } from "./description/openapi-command.ts";
import { TYPES } from "./description/types-command.ts";
import type { Command } from "./language/command.ts";
import type { CommandGroup } from "./language/help.ts";
import { NEW } from "./project/new-command.ts";
import { AUDIT } from "./reading/audit-command.ts";
import { SUBJECTS } from "./reading/subjects-command.ts";
import { WORKFLOW_COMMANDS } from "./reading/workflow-commands.ts";
import { SERVE } from "./serving/serve-command.ts";
import { STORE_COMMANDS } from "./store/store-commands.ts";

const SECTIONS: readonly (readonly [title: string, commands: readonly Command[]])[] = [
  ["Build", [NEW, SERVE]],
  ["Call", [LIST, SCHEMA, RUN, PREVIEW, BULK]],
  ["Look", [SUBJECTS, ...WORKFLOW_COMMANDS, AUDIT]],
  ["Describe", [OPENAPI, TYPES]],
  ["Keep", STORE_COMMANDS],
  ["Administer", ADMIN_COMMANDS.map(toCommand)],
  ["Type less", [COMPLETION]],
];

/** Every command that there is. */
export const COMMANDS: readonly Command[] = [...SECTIONS.flatMap(([, commands]) => commands), COMPLETE];

/** By what they are about, in the order in which a newcomer needs them. */
export const GROUPS: readonly CommandGroup[] = SECTIONS.map(([title, commands]) => ({ title, names: commands.map(({ name }) => name) }));
