import type { Administration } from "./administration.ts";

/** The options a command takes, as `node:util` parses them. */
export type CommandOptions = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly multiple?: boolean }>>;

/** What was typed behind the command's name. */
export interface CommandInput {
  readonly positionals: readonly string[];
  /** The one value of an option. */
  text(option: string): string | undefined;
  /** All values of an option. */
  texts(option: string): readonly string[];
  flag(option: string): boolean;
  /** What was read from the terminal or from stdin, never from the arguments. */
  readonly secret: string;
}

/** One thing an operator can do. */
export interface Command {
  /** Two words: `client create`. */
  readonly name: string;
  /** What goes behind them. */
  readonly usage: string;
  readonly summary: string;
  readonly options?: CommandOptions;
  /** How many words it takes. */
  readonly positionals: { readonly min: number; readonly max: number };
  /** The prompt for a secret that it needs. */
  readonly secretPrompt?: string;
  /** Answers what the operator is told. Throws a CommandError, or a TypeError that names the remedy. */
  run(administration: Administration, input: CommandInput): Promise<string>;
}

/** A command that cannot be done as it was typed: the message is for the operator. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** A list for people: one line for each row, the columns aligned. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
}

/** Name and value lines for people. */
export function formatFields(fields: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])).join("\n");
}
