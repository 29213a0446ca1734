import type { SecretSource } from "../admin/read-secret.ts";
import type { Grammar } from "./language/grammar.ts";
import type { Screen } from "./screen/screen.ts";

/** What a command works with beside what was typed. */
export interface Session {
  readonly screen: Screen;
  /** As in `process.env`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdin: SecretSource;
  /** Where relative paths begin. */
  readonly directory: string;
  /** All commands, for those that tell of them. */
  readonly commands: readonly Grammar[];
  /** Aborted by Ctrl-C; who pays no attention to it is ended by the next one. */
  readonly signal: AbortSignal;
}
