import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { OPERATOR_OPTIONS } from "../../../src/app/admin/to-command.ts";
import { COMMANDS, GROUPS } from "../../../src/app/cli/command-table.ts";
import { EXIT_CODES } from "../../../src/app/cli/exit-codes.ts";
import { usageOf, type Grammar } from "../../../src/app/cli/language/grammar.ts";
import { TARGET_OPTIONS } from "../../../src/app/cli/target/open-target.ts";
import { typeHere } from "./typing.ts";

const PAGE = readFileSync("docs/command-line.md", "utf8");
const SHOWN = COMMANDS.filter(({ hidden }) => hidden !== true);

/** The rows of the table that begins with this heading. */
function rowsOf(heading: string): readonly string[] {
  const from = PAGE.indexOf(`${heading}\n|---`);
  assert.ok(from >= 0, heading);
  return PAGE.slice(from, PAGE.indexOf("\n\n", from)).split("\n").slice(2);
}

function toRow(command: Grammar): string {
  const own = command.options.filter((option) => ![...TARGET_OPTIONS, ...OPERATOR_OPTIONS].includes(option) && option.required !== true);
  const options = own.map(({ name, value }) => `\`--${name}${value === undefined ? "" : ` ${value}`}\``).join(", ");
  return `| \`${usageOf(command).replace(" [OPTIONS]", "")}\` | ${command.summary} | ${options} |`;
}

test("The table of commands has each with its arguments, its sentence and its own options", () => {
  assert.deepEqual(rowsOf("| command | | options |"), SHOWN.map(toRow));
});

test("The table of exit codes has those that there are, and no other", () => {
  const documented = rowsOf("| exit code | |").map((row) => Number(row.split("|")[1]));
  assert.deepEqual(documented, Object.values(EXIT_CODES));
});

test("The table of variables has every one that the command line reads, and no other", () => {
  const sources = readdirSync("src/app/cli", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts")).map((path) => readFileSync(`src/app/cli/${path}`, "utf8"));
  const read = new Set(sources.flatMap((source) => source.match(/\b(?:ACTIONPORT_[A-Z_]+|XDG_[A-Z_]+|NO_COLOR|DATA_DIR)\b/g) ?? []));
  const documented = rowsOf("| variable | |").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name));
  assert.deepEqual(documented.toSorted(), [...read].sort());
});

test("Every command has its place in the overview, a name of its own, and options that are each there once", () => {
  assert.deepEqual(GROUPS.flatMap(({ names }) => names), SHOWN.map(({ name }) => name));
  assert.equal(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length);
  for (const { name, options } of COMMANDS) {
    const names = options.map((option) => option.name);
    assert.deepEqual(names, [...new Set(names)], name);
    for (const option of options) assert.doesNotMatch(option.name, /secret|password|token/, `${name} takes a secret`);
  }
});

test("Every command says by --help what it takes, on stdout and with exit code 0, and so does the whole", async () => {
  for (const { name, summary } of SHOWN) {
    const { code, out, err } = await typeHere([...name.split(" "), "anything", "--help"]);
    assert.deepEqual([code, err, out.startsWith(`Usage: actionport ${name} `), out.includes(summary.slice(0, 40))], [0, "", true, true], name);
  }
  const whole = await typeHere(["--help"]);
  assert.deepEqual([whole.code, whole.err], [0, ""]);
  for (const { name } of SHOWN) assert.match(whole.out, new RegExp(`^  ${name} `, "m"));
  for (const words of [[], ["help"], ["-h"]]) assert.deepEqual(await typeHere(words), whole);
  assert.deepEqual(await typeHere(["help", "store", "copy"]), await typeHere(["store", "copy", "--help"]));
  assert.match((await typeHere(["store", "--help"])).out, /^  store backup .*\n[^]*^  store export /m);
  assert.match((await typeHere(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
});
