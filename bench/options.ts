import { parseArgs } from "node:util";

export const SUITES = ["http", "bulk", "in-process", "client", "adapters", "cluster", "diagnostics"] as const;
export type Suite = (typeof SUITES)[number];

/** What the command line asks for. */
export interface Options {
  readonly suites: readonly Suite[];
  /** In process: fresh processes for each case, default 5. HTTP: turns of each server, default 11. Bulk: calls to each server, default 7. Adapters: turns of each, default 11. Cluster: turns of each, default 5. Diagnostics: fresh processes of each, default 12. */
  readonly rounds: number | undefined;
  /** In process: how long each of them measures, default 2. HTTP: how long a turn is, default 2. Adapters: the same, default 1. Cluster: the same, default 4. Diagnostics: how long each of them is measured, default 4. */
  readonly seconds: number | undefined;
  /** Only the cases or servers that have one of these texts in their name, and what they are compared with. */
  readonly only: readonly string[];
  /** Whether RESULTS.md stays as it is. */
  readonly printOnly: boolean;
}

export const USAGE = `npm run bench -- [${SUITES.join("] [")}] [--rounds N] [--seconds S] [--only TEXT]… [--print]`;

/** Throws a TypeError when the arguments make no sense. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rounds: { type: "string" }, seconds: { type: "string" }, only: { type: "string", multiple: true }, print: { type: "boolean" } },
  });
  const suites = SUITES.filter((suite) => positionals.length === 0 || positionals.includes(suite));
  const stranger = positionals.find((name) => !SUITES.some((suite) => suite === name));
  if (stranger !== undefined) throw new TypeError(`there is no "${stranger}" to measure: ${USAGE}`);
  return {
    suites,
    rounds: readPositive("rounds", values.rounds),
    seconds: readPositive("seconds", values.seconds),
    only: values.only ?? [],
    printOnly: values.print ?? false,
  };
}

/** Is this one of those that were asked for? */
export function isWanted({ only }: Options, name: string): boolean {
  return only.length === 0 || only.some((text) => name.includes(text));
}

function readPositive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new TypeError(`--${name} must be a number above 0, not ${text}`);
}
