import type { Grammar, Input } from "../cli/language/grammar.ts";
import type { Administration } from "./administration.ts";

/** What an operator is told. */
export type AdminAnswer =
  /** One thing: its fields, or a sentence in their place for people. */
  | { readonly kind: "one"; readonly fields: Fields; readonly sentence?: string }
  /** Many things; the columns are for people. */
  | { readonly kind: "many"; readonly columns: readonly string[]; readonly rows: readonly Fields[] };

/** Values by name. */
export type Fields = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** One thing that an operator can do: in the server that owns the data, or, when none runs, in a process of its own. */
export interface AdminCommand extends Grammar {
  /** The prompt for a secret that it needs. */
  readonly secretPrompt?: string;
  /** The secret was read from the terminal or from stdin, never from the arguments. Throws a Fault, or a TypeError that names the remedy. */
  administer(administration: Administration, input: Input, secret: string): Promise<AdminAnswer>;
}
