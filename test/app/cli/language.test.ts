import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { readParameters } from "../../../src/app/cli/actions/parameters.ts";
import { describeType } from "../../../src/app/cli/actions/schema.ts";
import { findCandidates } from "../../../src/app/cli/completion/candidates.ts";
import { schemaToType } from "../../../src/app/cli/description/schema-to-type.ts";
import { findCommand } from "../../../src/app/cli/language/find-command.ts";
import type { Grammar } from "../../../src/app/cli/language/grammar.ts";
import { parseWords, requireArguments } from "../../../src/app/cli/language/parse-words.ts";
import { createScreen } from "../../../src/app/cli/screen/screen.ts";
import type { Session } from "../../../src/app/cli/session.ts";

const COMMANDS: readonly Grammar[] = [
  { name: "list", summary: "Lists.", arguments: [], options: [] },
  { name: "run", summary: "Runs.", arguments: [{ name: "KEY", help: "The action.", completes: "action" }, { name: "ID", optional: true, help: "The subject." }], options: [{ name: "url", value: "URL", help: "" }], free: { usage: "--PARAMETER VALUE", help: "" } },
  { name: "store copy", summary: "Copies.", arguments: [], options: [{ name: "from", value: "STORE", required: true, help: "The source.", completes: "directory" }, { name: "mode", value: "MODE", help: "", choices: ["each", "stop"] }] },
  { name: "store check", summary: "Checks.", arguments: [{ name: "DIR", help: "", completes: "directory" }], options: [{ name: "deep", help: "" }] },
];

/** What is said of a line that was typed wrong. */
function faultOf(line: string): string {
  try {
    const { command, words } = findCommand(COMMANDS, line.split(" "));
    requireArguments(command, parseWords(command, words));
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "nothing";
}

test("What was typed wrong is told with what was probably meant", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["lst", 'There is no command "lst". Did you mean "list"? "actionport --help" lists the commands.'],
    ["xyzzy", 'There is no command "xyzzy". "actionport --help" lists the commands.'],
    ["store", '"store" needs another word: copy or check.'],
    ["store chek", 'There is no command "store chek". Did you mean "store check"? After "store" comes copy or check.'],
    ["store copy", "--from is missing: The source. Usage: actionport store copy --from STORE [OPTIONS]"],
    ["store copy --form x", '"store copy" has no option --form. Did you mean --from? "actionport store copy --help" lists them.'],
    ["store copy --from", "--from needs a STORE: --from STORE"],
    ["store copy --from a --from b", "--from was given twice."],
    ["store copy --from a --mode ech", '--mode must be each or stop, not "ech". Did you mean each?'],
    ["store check --deep=yes x", "--deep takes no value."],
    ["store check a b", '"b" is one word too many. Usage: actionport store check DIR [OPTIONS]'],
    ["store check", "DIR is missing:  Usage: actionport store check DIR [OPTIONS]"],
    ["run x --password y", "Secrets are not taken as arguments, where every user of this machine could read them. Set ACTIONPORT_CLIENT_SECRET or ACTIONPORT_TOKEN; a password is asked for, or read from stdin."],
  ];
  for (const [line, message] of cases) assert.equal(faultOf(line), message, line);
});

test("Words are read by what the command takes", () => {
  const input = parseWords(COMMANDS[1] ?? failed(), ["a/b", "--note", "x y", "-7", "--url=http://x", "--flag", "--", "--not-an-option"].slice(0, -2));
  assert.deepEqual([input.argument("KEY"), input.argument("ID"), input.text("url"), input.free], ["a/b", "-7", "http://x", [{ name: "note", value: "x y" }, { name: "flag", value: undefined }]]);
  assert.deepEqual(parseWords(COMMANDS[1] ?? failed(), ["a", "--", "--b"]).argument("ID"), "--b");
});

function failed(): never {
  throw new Error("there is no such command");
}

const SCHEMA = {
  type: "object",
  properties: {
    text: { type: "string" },
    count: { type: "integer", minimum: 1, maximum: 9 },
    urgent: { type: "boolean" },
    ship_to: { anyOf: [{ type: "integer" }, { type: "null" }] },
    tags: { type: "array", items: { type: "string" } },
    sizes: { type: "array", items: { type: "number" } },
    line: { type: "object", properties: { product: { type: "integer" } }, required: ["product"], additionalProperties: false },
    amount: { anyOf: [{ type: "string" }, { type: "integer" }] },
  },
};

async function parametersOf(...words: readonly string[]): Promise<unknown> {
  const session: Session = {
    screen: createScreen({ stdout: { write: () => undefined }, stderr: { write: () => undefined }, variables: {} }),
    variables: {}, stdin: Readable.from(['{"text":"from stdin"}']), directory: "/", commands: [], signal: new AbortController().signal,
  };
  const grammar = { name: "run", summary: "", arguments: [], options: [{ name: "params", value: "JSON", help: "" }], free: { usage: "", help: "" } };
  return readParameters(session, parseWords(grammar, words), SCHEMA);
}

test("Parameters get the types of the schema", async () => {
  assert.deepEqual(await parametersOf("--text", "7", "--count", "7", "--urgent", "--ship-to", "null", "--tags", "a", "--tags", "1", "--sizes", "[1,2.5]", "--line", '{"product":1}', "--amount", "12"), {
    text: "7", count: 7, urgent: true, ship_to: null, tags: ["a", "1"], sizes: [1, 2.5], line: { product: 1 }, amount: "12",
  });
  assert.deepEqual(await parametersOf("--params", "-", "--count", "2"), { text: "from stdin", count: 2 });
  assert.deepEqual(await parametersOf("--urgent=false"), { urgent: false });
});

test("A parameter that cannot be is told before anything is sent", async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["--cuont", "1"], 'The action has no parameter "cuont". Did you mean --count? It takes text, count, urgent, ship_to, tags, sizes, line, amount.'],
    [["--count", "many"], '--count must be a number, not "many".'],
    [["--urgent", "42"], '--urgent must be true or false, not "42".'],
    [["--text", "a", "--text", "b"], "--text was given twice, and is no list."],
    [["--text"], "--text needs a value: --text=VALUE, where VALUE begins with a dash."],
    [["--params", "[]"], `--params must be a JSON object, such as '{"reason":"Paid."}'.`],
    [["--params", "@/nowhere.json"], "--params: /nowhere.json cannot be read: ENOENT: no such file or directory, open '/nowhere.json'."],
  ];
  for (const [words, message] of cases) await assert.rejects(parametersOf(...words), { name: "Fault", ending: "usage", message }, words.join(" "));
});

test("A schema is told in few words, and written as TypeScript", () => {
  const { properties } = SCHEMA;
  assert.deepEqual(Object.values(properties).map(describeType), ["Text", "Whole number 1 to 9", "Yes or no", "Whole number or null", "List of Text", "List of Number", "{ product }", "Text or Whole number"]);
  assert.equal(schemaToType({ properties, required: ["text"], type: "object", additionalProperties: false }, () => undefined), [
    "{", "  readonly text: string;", "  readonly count?: number | undefined;", "  readonly urgent?: boolean | undefined;", "  readonly ship_to?: number | null | undefined;",
    "  readonly tags?: readonly string[] | undefined;", "  readonly sizes?: readonly number[] | undefined;", "  readonly line?: {", "    readonly product: number;", "  } | undefined;",
    "  readonly amount?: string | number | undefined;", "}",
  ].join("\n"));
  assert.equal(schemaToType({ type: "object", properties: { id: {} } }, () => undefined), "{\n  readonly id?: unknown;\n  readonly [name: string]: unknown;\n}");
  assert.equal(schemaToType({ enum: ["a", 1, null] }, () => undefined), '"a" | 1 | null');
});

test("A word is completed by what can stand there", async () => {
  const sources = {
    actions: async () => ["orders/approve", "orders/ship"],
    classes: async () => [],
    fields: async () => [],
    schema: async () => ({ key: "", label: "", description: "", effect: "", parameters: SCHEMA, returns: [], bulk: null, idempotency: { retention_seconds: 1 } }),
  };
  const cases: readonly (readonly [string, readonly string[], string?])[] = [
    ["", ["list", "run", "store", "--help", "--version"]],
    ["st", ["store"]],
    ["store ", ["copy", "check"]],
    ["store copy --", ["--from", "--mode", "--json", "--help"]],
    ["store copy --from ", [], "directory"],
    ["store copy --mode ", ["each", "stop"]],
    ["run ", ["orders/approve", "orders/ship"]],
    ["run orders/s", ["orders/ship"]],
    ["run orders/ship 7 --t", ["--text", "--tags"]],
    ["run orders/ship 7 --url", ["--url"]],
  ];
  for (const [line, words, paths] of cases) assert.deepEqual(await findCandidates(COMMANDS, line.split(" "), sources), { words, ...(paths !== undefined && { paths }) }, line);
});
