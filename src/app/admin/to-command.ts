import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Application } from "../application/application.ts";
import { chooseName } from "../application/name.ts";
import { misused } from "../cli/fault.ts";
import type { Command } from "../cli/language/command.ts";
import type { Input, Option } from "../cli/language/grammar.ts";
import { printMany, printOne } from "../cli/screen/answer.ts";
import { formatFields, formatTable } from "../cli/screen/table.ts";
import type { Session } from "../cli/session.ts";
import { loadApplication } from "../cli/target/load-application.ts";
import { readEnvironment, type Environment } from "../environment.ts";
import { askRunningServer } from "./admin-client.ts";
import type { AdminAnswer, AdminCommand, Fields } from "./command.ts";
import { readSecret } from "./read-secret.ts";
import { adminSocketPath } from "./socket-path.ts";

/** Of every command for operators. */
export const OPERATOR_OPTIONS: readonly Option[] = [
  { name: "data", value: "DIR", help: "Whose: the data directory. Else DATA_DIR, or the only one in .data.", completes: "directory" },
  { name: "app", value: "FILE", help: "The application, if it has a store of its own, such as PostgreSQL.", completes: "file" },
];

/**
 * A command for operators as it is typed. When a server runs on the data directory the command is brought to it; otherwise the directory
 * is opened here, for as long as the command takes.
 */
export function toCommand({ administer: _, secretPrompt, ...grammar }: AdminCommand): Command {
  return {
    ...grammar,
    options: [...grammar.options, ...OPERATOR_OPTIONS],
    async run(session, input) {
      const app = input.text("app");
      const application = app === undefined ? undefined : await loadApplication(app, session);
      const environment = readEnvironment({ ...session.variables, DATA_DIR: chooseDataDirectory(session, input, application) }, { dataDirectory: "" });
      const secret = secretPrompt === undefined ? "" : await readSecret(session.stdin, secretPrompt, session.screen.draw);
      const words = toWords(grammar, input);
      const answer = (await askRunningServer(adminSocketPath(environment.dataDirectory), words, secret)) ?? (await administerHere(environment, words, secret, application));
      print(session, input, answer);
      return "done";
    },
  };
}

/** What the data are opened with is loaded only when no server has them open. */
async function administerHere(environment: Environment, words: readonly string[], secret: string, application: Application | undefined): Promise<AdminAnswer> {
  const { administerDirectory } = await import("./administer-directory.ts");
  return administerDirectory(environment, words, secret, application);
}

/** What there is in the data directory of an application that was started before. */
const SIGNS = ["store", "keys.json", "admin.sock"] as const;

/** The one that was named, else the application's own, else the only one that there is. */
function chooseDataDirectory({ variables, directory }: Session, input: Input, application: Application | undefined): string {
  const given = input.text("data") ?? variables["DATA_DIR"] ?? "";
  if (given !== "") return resolve(directory, given);
  const all = join(directory, ".data");
  if (application !== undefined) return join(all, chooseName(application.name, directory));
  const found = existsSync(all) ? readdirSync(all).filter((name) => SIGNS.some((sign) => existsSync(join(all, name, sign)))) : [];
  const [only] = found;
  if (found.length === 1 && only !== undefined) return join(all, only);
  throw misused(found.length === 0 ? "Whose data? Set DATA_DIR or give --data DIR; there is none in .data." : `Whose data? Set DATA_DIR or give --data DIR; in .data there are ${found.join(", ")}.`);
}

/** The same once more, for whoever has the data open. */
function toWords({ name, arguments: known, options }: Pick<AdminCommand, "name" | "arguments" | "options">, input: Input): readonly string[] {
  const given = options.flatMap((option) => (option.value === undefined ? (input.flag(option.name) ? [`--${option.name}`] : []) : input.texts(option.name).map((value) => `--${option.name}=${value}`)));
  return [...name.split(" "), ...given, "--", ...known.flatMap((argument) => input.words(argument.name))];
}

function print({ screen }: Session, input: Input, answer: AdminAnswer): void {
  if (answer.kind === "one") return printOne(screen, input, answer.fields, () => answer.sentence ?? formatFields(screen, Object.entries(answer.fields).map(([name, value]) => [name, toCell(value)])));
  const columns = answer.columns.map((heading) => ({ heading, cuttable: heading === "name" || heading === "permissions" }));
  printMany(screen, input, answer.rows, () => answer.rows.length === 0 ? "There is none yet." : formatTable(screen, columns, answer.rows.map((row) => answer.columns.map((name) => toCell(row[name])))));
}

function toCell(value: Fields[string]): string {
  if (value === undefined) return "";
  return typeof value === "object" ? value.join(",") : String(value);
}
