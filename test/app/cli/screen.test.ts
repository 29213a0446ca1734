import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { Run } from "../../../src/adapters/client/index.ts";
import { COMMANDS, GROUPS } from "../../../src/app/cli/command-table.ts";
import { formatAnswer } from "../../../src/app/cli/actions/run-command.ts";
import { helpOf, helpOfAll } from "../../../src/app/cli/language/help.ts";
import { parseWords } from "../../../src/app/cli/language/parse-words.ts";
import { followRun } from "../../../src/app/cli/reading/follow-run.ts";
import { formatChanges } from "../../../src/app/cli/screen/diff.ts";
import { createProgressBar } from "../../../src/app/cli/screen/progress-bar.ts";
import { createScreen } from "../../../src/app/cli/screen/screen.ts";
import { formatFields, formatTable } from "../../../src/app/cli/screen/table.ts";
import { cutText, textWidth, toPrintable } from "../../../src/app/cli/screen/text-width.ts";

/** A terminal of so many columns; what is printed, and what is drawn on stderr, is kept. */
function createTerminal(columns: number, variables: Readonly<Record<string, string>> = {}) {
  let drawn = "";
  let printed = "";
  const stdout = { write: (text: string) => (printed += text), isTTY: true, columns };
  return { screen: createScreen({ stdout, stderr: { ...stdout, write: (text) => (drawn += text) }, variables }), drawn: () => drawn, printed: () => printed };
}

const PLAIN = createTerminal(80, { NO_COLOR: "1" }).screen;

test("A text is as wide as a terminal shows it", () => {
  const cases: readonly (readonly [string, number])[] = [["abc", 3], ["äöü", 3], ["a\u0308", 1], ["プリンター", 10], ["ﾌﾟ", 2], ["한글", 4], ["🙂", 2], ["👩‍👩‍👧", 2], ["é", 1], ["…█", 2], ["Ａ", 2]];
  for (const [text, width] of cases) assert.equal(textWidth(text), width, text);
  assert.equal(cutText("プリンター", 6), "プリ…");
  assert.equal(cutText("printer", 7), "printer");
});

test("What came from elsewhere cannot take hold of the terminal", () => {
  assert.equal(toPrintable("a\u001b[2J\r\nb\u202ec\u0007"), "a\\u{1b}[2J\\r\\nb\\u{202e}c\\u{7}");
  assert.doesNotMatch(formatTable(PLAIN, [{ heading: "X" }], [["\u001b[31mred"]]), /\u001b/);
});

test("Nor can an action's answer, and JSON on a terminal stays JSON", () => {
  const evil = "\u001b[2J\u009b2J\r\nb\u202ec";
  const { screen, printed, drawn } = createTerminal(80);
  assert.doesNotMatch(formatAnswer({ screen }, { message: `Renamed to ${evil}.`, data: { [`a${evil}`]: evil } }), /\u001b\[2J|[\u009b\r\u202e]|\nb/);
  screen.print(screen.style.red(JSON.stringify({ evil })));
  const line = printed();
  assert.match(line, /^\u001b\[31m\{[ -~]*\}\u001b\[39m\n$/);
  assert.deepEqual(JSON.parse(line.slice(5, -6)), { evil });
  screen.say(`There is no ${evil}.`);
  assert.equal(drawn(), "There is no \\u001b[2J\\u009b2J\\u000d\nb\\u202ec.\n");
});

test("Nor can the error of a run that is followed, which is one line", async () => {
  const [{ screen, printed }, command] = [createTerminal(80), COMMANDS.find(({ name }) => name === "workflow")];
  assert.ok(command !== undefined);
  const at = "2026-11-30T12:00:05.000Z";
  const run: Run = { id: "1", name: "book", action: "rooms/book", subject: null, status: "failed", progress: null, created_at: at, updated_at: at, error: "\u001b[32mdone\nBooked.", poll_after_ms: null };
  const session = { screen, variables: {}, stdin: Readable.from([""]), directory: ".", commands: COMMANDS, signal: new AbortController().signal };
  assert.equal(await followRun(session, parseWords(command, ["1"]), { async *events() { yield run; } }), "refused");
  assert.equal(printed(), "\u001b[2m2026-11-30 12:00:05Z\u001b[22m  \u001b[31mfailed\u001b[39m  \\u{1b}[32mdone\\nBooked.\n");
});

test("A table is aligned by columns, cut where it may be, and in blocks where that is not enough", () => {
  const columns = [{ heading: "ID" }, { heading: "TITLE", cuttable: true }, { heading: "STATE" }];
  const rows = [["1", "プリンター", "open"], ["22", "x".repeat(90), "closed"]];
  const lines = formatTable(PLAIN, columns, rows).split("\n");
  assert.ok(lines.every((line) => textWidth(line) <= 80), lines.join("\n"));
  const [headings = 0, first] = lines.map((line) => textWidth(line.slice(0, line.search(/STATE|open/))));
  assert.equal(first, headings);
  assert.match(lines[2] ?? "", /^22 {2}x+… {2}closed$/);
  assert.equal(formatTable({ ...PLAIN, width: 16 }, columns, [["22", "a title of its own", "closed"]]), "ID: 22\nTITLE: a title\n  of its own\nSTATE: closed");
  assert.match(formatTable({ ...PLAIN, width: Infinity }, columns, rows), /x{90}/);
});

test("Fields go on below where they are too long, and never beyond the screen", () => {
  const text = formatFields({ ...PLAIN, width: 20 }, [["name", "one two three four five"], ["long", "x".repeat(50)], ["none", undefined]]);
  assert.ok(text.split("\n").every((line) => textWidth(line) <= 20), text);
  assert.doesNotMatch(text, /none/);
});

test("Changes are a diff, coloured on a terminal unless NO_COLOR says otherwise", () => {
  const changes = [
    { class: "shop.Order", id: 7, change: "update", before: { a: 1, b: "same" }, after: { a: 2, b: "same" } },
    { class: "shop.Order", id: 8, change: "create", after: { a: [1] } },
    { class: "shop.Order", id: 9, change: "delete", before: { a: null } },
  ] as const;
  assert.equal(formatChanges(PLAIN, changes), "shop.Order 7 changed\n  - a: 1\n  + a: 2\nshop.Order 8 created\n  + a: [1]\nshop.Order 9 deleted\n  - a: null");
  assert.match(formatChanges(createTerminal(80).screen, changes), /\u001b\[31m {2}- a: 1\u001b\[39m\n\u001b\[32m {2}\+ a: 2\u001b\[39m/);
  assert.equal(formatChanges(PLAIN, []), "Nothing would change.");
});

test("A bar is as wide as the terminal, goes away, and is not drawn where nobody sees it", () => {
  for (const columns of [20, 40, 80, 200]) {
    const { screen, drawn } = createTerminal(columns, { NO_COLOR: "1" });
    const bar = createProgressBar(screen, () => 0);
    bar.show(3, 10, "1 failed");
    const line = drawn().replace("\r\u001b[K", "");
    assert.ok(textWidth(line) < columns, `${columns}: ${line}`);
    assert.match(line, columns >= 40 ? /█+░+ {2}30 %  3 of 10, 1 failed$/ : /^30 %  3 of 10/);
    bar.clear();
    assert.ok(drawn().endsWith("\r\u001b[K"));
  }
  let written = "";
  const piped = createScreen({ stdout: { write: () => undefined }, stderr: { write: (text) => (written += text) }, variables: {} });
  createProgressBar(piped, () => 0).show(1, 2, "");
  assert.equal(written, "");
});

test("The help of every command fits into 80 columns", () => {
  for (const text of [helpOfAll(PLAIN, COMMANDS, GROUPS), ...COMMANDS.map((command) => helpOf(PLAIN, command))]) {
    const wide = text.split("\n").filter((line) => textWidth(line) > 80 && !line.startsWith("  actionport "));
    assert.deepEqual(wide, []);
  }
});
