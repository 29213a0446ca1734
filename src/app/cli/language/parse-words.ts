import { misused } from "../fault.ts";
import { optionsOf, usageOf, type Argument, type FreeOption, type Grammar, type Input, type Option } from "./grammar.ts";
import { didYouMean } from "./suggest.ts";

/** What was typed, by name. */
interface Parsed {
  readonly positionals: string[];
  readonly options: Map<string, string[]>;
  readonly free: FreeOption[];
}

/**
 * Reads the words behind a command's name. Written by hand, since `parseArgs` of node:util knows no options whose names and types come
 * from an action's schema. Throws a Fault.
 */
export function parseWords(command: Grammar, words: readonly string[]): Input {
  const parsed: Parsed = { positionals: [], options: new Map(), free: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      parsed.positionals.push(...words.slice(at + 1));
      break;
    }
    if (isOption(word)) at += readOption(command, word, words[at + 1], parsed);
    else parsed.positionals.push(word);
  }
  return toInput(parsed, bindArguments(command, parsed.positionals));
}

/** A dash alone stands for stdin, and with digits behind it for a number. */
function isOption(word: string): boolean {
  return /^-[^\d.]/.test(word);
}

/** Answers how many of the words behind it belong to the option. */
function readOption(command: Grammar, word: string, next: string | undefined, { options, free }: Parsed): 0 | 1 {
  if (word === "-h") word = "--help";
  const [, name = "", joined] = /^--?([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
  const option = word.startsWith("--") ? optionsOf(command).find((each) => each.name === name) : undefined;
  const value = joined ?? (next === undefined || isOption(next) ? undefined : next);
  const taken = joined === undefined && value !== undefined ? 1 : 0;
  if (option === undefined) {
    if (command.free === undefined || !word.startsWith("--") || SECRETS.has(name)) throw unknownOption(command, word, name);
    free.push({ name, value });
    return taken;
  }
  const kept = options.get(name) ?? [];
  options.set(name, kept);
  if (option.value === undefined) {
    if (joined !== undefined) throw misused(`--${name} takes no value.`);
    kept.push("");
    return 0;
  }
  if (value === undefined) throw misused(`--${name} needs ${articleFor(option.value)}: --${name} ${option.value}`);
  checkChoice(`--${name}`, option, value);
  if (kept.length > 0 && option.many !== true) throw misused(`--${name} was given twice.`);
  kept.push(value);
  return taken;
}

/** Whoever tries to give a secret so is told where it belongs. */
const SECRETS: ReadonlySet<string> = new Set(["client-secret", "secret", "token", "password"]);

function unknownOption(command: Grammar, word: string, name: string) {
  if (SECRETS.has(name)) return misused(`Secrets are not taken as arguments, where every user of this machine could read them. Set ACTIONPORT_CLIENT_SECRET or ACTIONPORT_TOKEN; a password is asked for, or read from stdin.`);
  const meant = didYouMean(name, optionsOf(command).map((each) => each.name), (each) => `--${each}`);
  return misused(`"${command.name}" has no option ${word.split("=")[0]}.${meant} "actionport ${command.name} --help" lists them.`);
}

function checkChoice(what: string, { choices }: Pick<Option & Argument, "choices">, value: string): void {
  if (choices === undefined || choices.includes(value)) return;
  throw misused(`${what} must be ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}, not ${JSON.stringify(value)}.${didYouMean(value, choices)}`);
}

function articleFor(value: string): string {
  return /^[AEIOU]/.test(value) ? `an ${value}` : `a ${value}`;
}

type Bound = ReadonlyMap<string, readonly string[]>;

function bindArguments(command: Grammar, words: readonly string[]): Bound {
  const bound = new Map<string, readonly string[]>();
  let at = 0;
  for (const argument of command.arguments) {
    const taken = argument.many === true ? words.slice(at) : words.slice(at, at + 1);
    at += taken.length;
    for (const word of taken) checkChoice(argument.name, argument, word);
    if (taken.length > 0) bound.set(argument.name, taken);
  }
  if (at < words.length) throw misused(`${JSON.stringify(words[at])} is one word too many. Usage: actionport ${usageOf(command)}`);
  return bound;
}

/** To be asked when it is known that no help is wanted. */
export function requireArguments(command: Grammar, input: Input): void {
  const missing = command.arguments.find(({ name, optional }) => optional !== true && !input.has(name));
  const option = command.options.find(({ name, required }) => required === true && input.text(name) === undefined);
  if (option !== undefined) throw misused(`--${option.name} is missing: ${option.help} Usage: actionport ${usageOf(command)}`);
  if (missing !== undefined) throw misused(`${missing.name} is missing: ${missing.help} Usage: actionport ${usageOf(command)}`);
}

function toInput({ options, free }: Parsed, bound: Bound): Input {
  return {
    argument: (name) => bound.get(name)?.[0] ?? "",
    has: (name) => bound.has(name),
    words: (name) => bound.get(name) ?? [],
    text: (option) => options.get(option)?.at(-1),
    texts: (option) => options.get(option) ?? [],
    flag: (option) => options.has(option),
    free,
  };
}
