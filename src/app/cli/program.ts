import { CallFailure } from "../../adapters/client/index.ts";
import { COMMANDS, GROUPS } from "./command-table.ts";
import { endingOf, type Ending } from "./exit-codes.ts";
import { Fault } from "./fault.ts";
import { commandsOfGroup, findCommand } from "./language/find-command.ts";
import { helpOf, helpOfAll } from "./language/help.ts";
import { parseWords, requireArguments } from "./language/parse-words.ts";
import { readVersion } from "./package-folder.ts";
import { printJson } from "./screen/answer.ts";
import { toPrintable } from "./screen/text-width.ts";
import type { Session } from "./session.ts";

/** Does what was typed, and answers how that ended. What keeps it from being done is a sentence on stderr. */
export async function runProgram(session: Session, words: readonly string[]): Promise<Ending> {
  try {
    return (await answerWithoutCommand(session, words)) ?? (await runCommand(session, words));
  } catch (error) {
    return tell(session, words, error);
  }
}

/** Help and version, which are no commands. */
async function answerWithoutCommand({ screen, commands }: Session, words: readonly string[]): Promise<Ending | undefined> {
  const [first, second] = words;
  if (first === "--version" || first === "-v") screen.print(readVersion());
  else if (first === undefined || ((first === "help" || isHelp(first)) && second === undefined)) screen.print(helpOfAll(screen, commands, GROUPS));
  else return helpOfGroup(screen, commands, first === "help" ? words.slice(1) : words, first === "help");
  return "done";
}

function isHelp(word: string | undefined): boolean {
  return word === "--help" || word === "-h";
}

/** `store --help`, and `help store`. */
function helpOfGroup(screen: Session["screen"], commands: Session["commands"], words: readonly string[], isAsked: boolean): Ending | undefined {
  const [first = "", second] = words;
  const isCommand = commands.some(({ name }) => name === first || name === words.slice(0, 2).join(" "));
  const group = commandsOfGroup(commands, first);
  if (!isCommand && group.length > 0 && (isHelp(second) || (isAsked && second === undefined))) screen.print(helpOfAll(screen, commands, [{ title: first, names: group.map(({ name }) => name) }]));
  else if (isAsked) screen.print(helpOf(screen, findCommand(commands, words).command));
  else return undefined;
  return "done";
}

async function runCommand(session: Session, words: readonly string[]): Promise<Ending> {
  const { command, words: rest } = findCommand(COMMANDS, words);
  const end = rest.indexOf("--");
  if (rest.slice(0, end < 0 ? undefined : end).some(isHelp)) {
    session.screen.print(helpOf(session.screen, command));
    return "done";
  }
  const input = parseWords(command, rest);
  requireArguments(command, input);
  return command.run(session, input);
}

/** Says what went wrong, for people on stderr, and what a call was answered for programs on stdout. */
function tell({ screen, variables }: Session, words: readonly string[], error: unknown): Ending {
  if (error instanceof CallFailure) {
    // Whoever has pressed Ctrl-C knows.
    if (error.code === "aborted") return "interrupted";
    if (words.includes("--json")) printJson(screen, { success: false, message: error.message, code: error.code, ...optional({ errors: error.errors, details: error.details, request_id: error.requestId }) });
    else screen.say(explainFailure(screen, error));
    return endingOf(error.code);
  }
  screen.say(screen.sideStyle.red(error instanceof Error ? error.message : String(error)));
  if ((variables["ACTIONPORT_DEBUG"] ?? "") !== "" && error instanceof Error) screen.say(error.stack ?? "");
  if (error instanceof Fault) return error.ending;
  if (error instanceof Error && error.name === "FileStoreError" && "code" in error && error.code === "store_in_use") screen.say("While a server has it open, call that (--url), or take a copy: actionport store backup.");
  if (error instanceof Error && "code" in error) return STORE_FAILURES.get(`${error.name} ${String(error.code)}`) ?? "fault";
  // What an option or a variable cannot be is told so, with the remedy.
  return error instanceof TypeError && error.cause === undefined ? "usage" : "fault";
}

/** By their names: stores are loaded only by those who open one. */
const STORE_FAILURES: ReadonlyMap<string, Ending> = new Map([
  ["FileStoreError store_in_use", "unavailable"],
  ["FileStoreError store_full", "unavailable"],
  ["PostgresStoreError unreachable", "unavailable"],
  ["PostgresStoreError timed_out", "unavailable"],
  ["PostgresStoreError contended", "unavailable"],
  ["PostgresStoreError full", "unavailable"],
  ["PostgresStoreError no_access", "unauthorized"],
  ["PostgresStoreError schema_missing", "refused"],
  ["PostgresStoreError schema_older", "refused"],
  ["PostgresStoreError schema_newer", "refused"],
  ["PostgresStoreError unsuitable", "refused"],
]);

function explainFailure({ sideStyle }: Session["screen"], { message, code, errors = {}, details, requestId, cause }: CallFailure): string {
  const lines = Object.entries(errors).flatMap(([field, sentences]) => sentences.filter((sentence) => sentence !== message).map((sentence) => `  ${toPrintable(field)}: ${toPrintable(sentence)}`));
  const why = code === "network" && cause instanceof Error ? ` ${rootOf(cause).message}.` : "";
  const more = [...(details === undefined ? [] : [`  details: ${toPrintable(JSON.stringify(details))}`]), ...(code === "internal_error" && requestId !== undefined ? [`  The server's log has it under ${requestId}.`] : [])];
  return [sideStyle.red(toPrintable(message) + why) + (code === "refused" ? "" : sideStyle.dim(` (${toPrintable(code)})`)), ...lines, ...more, ...(HINTS[code] ?? [])].join("\n");
}

const HINTS: Readonly<Record<string, readonly string[]>> = {
  unauthenticated: ["Look at ACTIONPORT_CLIENT_ID and ACTIONPORT_CLIENT_SECRET, or ACTIONPORT_TOKEN."],
  forbidden: ["Whoever calls lacks a permission. With --app, --can PERMISSION gives it."],
};

/** What is behind it: fetch says no more than that it failed. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function optional(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
