import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { COMMANDS } from "../../src/app/cli/command-table.ts";
import { findCommand } from "../../src/app/cli/language/find-command.ts";
import { parseWords, requireArguments } from "../../src/app/cli/language/parse-words.ts";
import { PAGES } from "./pages.ts";

const TEXTS = [...PAGES, { path: "templates/project/README.md", text: readFileSync("templates/project/README.md", "utf8") }];

/** What stands as code in a page: a line of a block, an indented line, or between backticks. */
function codeLines(text: string): readonly string[] {
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  const lines = text.split("\n").filter((line) => /^(?: {4}|(?:npx )?actionport )/.test(line));
  return [...lines, ...inline];
}

/** The words behind `actionport`, as far as the command goes: not what it is piped into, nor the remark beside it. */
function wordsOf(line: string): readonly string[] | undefined {
  const [, command] = /(?:^|[\s(|])(?:npx (?:--yes )?)?actionport (?:-- )?((?:--)?[a-z](?:"[^"]*"|'[^']*'|\$\([^)]*\)|(?! {2}|[|&<>)]).)*)/.exec(line) ?? [];
  return command?.match(/(?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s"'])+/g)?.map((word) => word.replaceAll(/["']/g, ""));
}

/** Says what the command line has against these words, or undefined. */
function explain(words: readonly string[]): string | undefined {
  try {
    const found = findCommand(COMMANDS, words);
    const input = parseWords(found.command, found.words);
    if (!input.flag("help")) requireArguments(found.command, input);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("Every call of the command line in the documentation is one that it understands", () => {
  const calls = TEXTS.flatMap(({ path, text }) => codeLines(text).map((line) => ({ path, line, words: wordsOf(line) ?? ["--help"] })));
  const commands = calls.filter(({ words: [first = ""] }) => first !== "listening" && !first.startsWith("--"));
  assert.ok(commands.length > 20);
  assert.deepEqual(commands.flatMap(({ path, line, words }) => explain(words)?.replace(/^/, `${path}: ${line.trim()}: `) ?? []), []);
});
