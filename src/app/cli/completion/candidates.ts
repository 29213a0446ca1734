import type { ActionSchema } from "../actions/schema.ts";
import type { Argument, Completes, Grammar, Option } from "../language/grammar.ts";
import { optionsOf } from "../language/grammar.ts";

/** What the words behind the program's name can go on with; `file` and `directory` are the shell's own business. */
export interface Candidates {
  readonly words: readonly string[];
  readonly paths?: "file" | "directory";
}

/** What has to be asked for. */
export interface Sources {
  actions(): Promise<readonly string[]>;
  classes(): Promise<readonly string[]>;
  schema(key: string): Promise<ActionSchema | undefined>;
  fields(name: string): Promise<readonly string[]>;
}

const NONE: Candidates = { words: [] };

/** What can stand in the place of the last of these words, which may be empty. */
export async function findCandidates(commands: readonly Grammar[], words: readonly string[], sources: Sources): Promise<Candidates> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const command = [2, 1].flatMap((count) => commands.filter(({ name }) => before.length >= count && name === before.slice(0, count).join(" ")))[0];
  const isOpen = command === undefined || (before.length === 1 && commands.some(({ name }) => name.startsWith(`${command.name} `)));
  const names = isOpen ? namesBehind(commands, before) : [];
  const found = command === undefined ? { words: [...names, ...(before.length === 0 ? ["--help", "--version"] : [])] } : await behind(command, before.slice(command.name.split(" ").length), typed, sources);
  return { ...found, words: [...new Set([...(typed.startsWith("-") ? [] : names), ...found.words])].filter((word) => word.startsWith(typed)) };
}

/** The next word of the names that begin so. */
function namesBehind(commands: readonly Grammar[], before: readonly string[]): readonly string[] {
  const prefix = before.map((word) => `${word} `).join("");
  return commands.filter(({ name, hidden }) => hidden !== true && name.startsWith(prefix)).map(({ name }) => name.slice(prefix.length).split(" ")[0] ?? "");
}

async function behind(command: Grammar, before: readonly string[], typed: string, sources: Sources): Promise<Candidates> {
  const options = optionsOf(command);
  const last = options.find(({ name, value }) => value !== undefined && before.at(-1) === `--${name}`);
  if (last !== undefined) return valuesOf(last, sources);
  const words = positionals(before, options);
  if (typed.startsWith("-")) return { words: [...options.map(({ name }) => `--${name}`), ...(await freeOptions(command, words, sources))] };
  const argument = command.arguments[words.length] ?? command.arguments.find(({ many }) => many === true);
  return argument === undefined ? NONE : valuesOf(argument, sources);
}

/** The words that belong to no option. */
function positionals(before: readonly string[], options: readonly Option[]): readonly string[] {
  const taken = new Set(before.flatMap((word, at) => (options.some(({ name, value }) => value !== undefined && word === `--${name}`) ? [at + 1] : [])));
  return before.filter((word, at) => !word.startsWith("--") && !taken.has(at));
}

async function freeOptions({ free, arguments: [first] }: Grammar, [subject]: readonly string[], sources: Sources): Promise<readonly string[]> {
  if (free === undefined || subject === undefined) return [];
  const names = first?.completes === "class" ? await sources.fields(subject) : Object.keys((await sources.schema(subject))?.parameters.properties ?? {});
  return names.map((name) => `--${name}`);
}

async function valuesOf({ choices, completes }: Pick<Option & Argument, "choices" | "completes">, sources: Sources): Promise<Candidates> {
  if (choices !== undefined) return { words: choices };
  return completes === undefined ? NONE : BY_KIND[completes](sources);
}

const BY_KIND: Readonly<Record<Completes, (sources: Sources) => Promise<Candidates>>> = {
  action: async ({ actions }) => ({ words: await actions() }),
  class: async ({ classes }) => ({ words: await classes() }),
  file: async () => ({ words: [], paths: "file" }),
  directory: async () => ({ words: [], paths: "directory" }),
};
