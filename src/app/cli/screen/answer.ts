import type { Input } from "../language/grammar.ts";
import type { Screen } from "./screen.ts";

/** For programs: one JSON object, in a line of its own. */
export function printJson(screen: Screen, value: unknown): void {
  screen.print(JSON.stringify(value));
}

/** One thing: as a line of JSON, or as its text for people. */
export function printOne(screen: Screen, input: Input, value: unknown, toText: () => string): void {
  if (input.flag("json")) printJson(screen, value);
  else screen.print(toText());
}

/** Many things: a line of JSON for each, or a text for people about all of them. */
export function printMany(screen: Screen, input: Input, values: readonly unknown[], toText: () => string): void {
  if (!input.flag("json")) return screen.print(toText());
  for (const value of values) printJson(screen, value);
}
