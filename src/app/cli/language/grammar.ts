/** What a word can be completed to. */
export type Completes = "file" | "directory" | "action" | "class";

/** A word that goes behind a command's name. */
export interface Argument {
  /** As in the usage: `KEY`. */
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
  /** As many as one likes. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

/** An option, typed with two dashes. */
export interface Option {
  readonly name: string;
  /** What its value is called in the usage: `DIR`. Absent: it is a flag. */
  readonly value?: string;
  readonly help: string;
  /** It cannot be left out. */
  readonly required?: boolean;
  /** May be given more than once. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

/** Other options than those of a command: parameters of an action, or fields of a subject. */
export interface FreeOptions {
  /** As in the usage: `--PARAMETER VALUE`. */
  readonly usage: string;
  readonly help: string;
}

/** An option that is none of the command's own, in the order typed. */
export interface FreeOption {
  readonly name: string;
  /** Undefined: nothing stood behind it. */
  readonly value: string | undefined;
}

/** What was typed behind a command's name. */
export interface Input {
  /** A word by the argument's name; empty when it was left out. */
  argument(name: string): string;
  has(name: string): boolean;
  /** All words of the argument that takes many. */
  words(name: string): readonly string[];
  /** The value of an option, the last one where it was given twice. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
  readonly free: readonly FreeOption[];
}

/** How a command is typed: help, parser, completion and documentation are made from this. */
export interface Grammar {
  /** One word, or two: `store copy`. */
  readonly name: string;
  /** A sentence. */
  readonly summary: string;
  /** What else there is to know, a paragraph each. */
  readonly details?: readonly string[];
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  readonly free?: FreeOptions;
  readonly examples?: readonly string[];
  /** For programs: not in the lists for people. */
  readonly hidden?: boolean;
}

/** What every command takes. */
const EVERYWHERE: readonly Option[] = [
  { name: "json", help: "Answers JSON, for programs." },
  { name: "help", help: "Says what the command does." },
];

/** All options of a command. */
export function optionsOf(command: Grammar): readonly Option[] {
  return [...command.options, ...EVERYWHERE];
}

/** `store copy --from STORE --to STORE [OPTIONS]`. */
export function usageOf(command: Grammar): string {
  const words = command.arguments.map(({ name, optional, many }) => {
    const shown = many === true ? `${name}…` : name;
    return optional === true ? `[${shown}]` : shown;
  });
  const required = command.options.filter((option) => option.required === true).map(({ name, value }) => `--${name} ${value}`);
  return [command.name, ...words, ...required, ...(command.free === undefined ? [] : [`[${command.free.usage}]…`]), "[OPTIONS]"].join(" ");
}
