import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { promisify } from "node:util";
import { APPLICATION, GROUPS } from "../../src/app/application/options.ts";
import { namesIn, readTable } from "../docs/tables.ts";
import { readBlocks } from "../readme-blocks.ts";
import { callAction, getToken, makeDataDirectory } from "./served-northwind.ts";

const PATH = "docs/your-own-application.md";
const PAGE = readFileSync(PATH, "utf8");
/** Groups whose options stand in one row, and have a page of their own. */
const IN_ONE_ROW = ["openapi", "metrics", "firstCall"];

test("The page has every option of an application and of its groups, and no other", () => {
  assert.deepEqual(readTable(PAGE, "## Options").flatMap(([names]) => namesIn(names)).sort(), Object.keys(APPLICATION).sort());
  for (const [group, options] of Object.entries(GROUPS)) {
    const rows = IN_ONE_ROW.includes(group) ? readTable(PAGE, "## Options").filter(([name]) => name === `\`${group}\``).map(([, text]) => text) : readTable(PAGE, `### ${group}`).map(([names]) => names);
    assert.deepEqual(rows.flatMap((cell) => namesIn(cell)).sort(), Object.keys(options).sort(), group);
  }
});

test("A default in the page is the one that the table of limits has", () => {
  const pairs = (rows: readonly (readonly string[])[], names: number, values: number) => rows.flatMap((cells) => namesIn(cells[names]).map((name, at) => [name, cells[values]?.split(", ")[at]] as const));
  const limits = new Map(pairs(readTable(readFileSync("docs/operations.md", "utf8"), "## Limits and quotas"), 1, 2));
  const said = ["server", "rest", "oauth", "actions", "store"].flatMap((group) => pairs(readTable(PAGE, `### ${group}`), 0, 2)).filter(([name]) => limits.has(name));
  assert.ok(said.length > 40);
  for (const [name, value] of said) assert.equal(value, limits.get(name), name);
});

test("The page's first application starts as it stands, invites to its list of actions, and takes a call", async (context) => {
  const [{ text } = { text: "" }] = readBlocks(PATH);
  assert.ok(text.split("\n").filter((line) => line !== "" && !line.startsWith("//")).length <= 12);
  const directory = makeDataDirectory(context);
  const folder = join(directory, "hello");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{"name":"hello","type":"module"}');
  writeFileSync(join(folder, "hello.ts"), text);
  const data = join(folder, ".data/hello");
  // By the paths of the repository's tsconfig.json the package's name means its sources.
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), "hello.ts"], {
    cwd: folder, env: { ...process.env, PORT: "0", TSX_TSCONFIG_PATH: resolve("tsconfig.json") }, stdio: ["ignore", "pipe", "pipe"],
  });
  context.after(() => child.kill("SIGKILL"));
  const exited = once(child, "exit");
  let log = "";
  child.stderr.on("data", (piece: Buffer) => (log += piece.toString()));
  const said: string[] = [];
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    url = /^actionport listening on (\S+)$/.exec(line)?.[1];
    if (url !== undefined) break;
  }
  assert.ok(url !== undefined, log);
  const { stdout } = await promisify(execFile)("sh", ["-c", said.filter((line) => line.includes("curl")).join("\n")]);
  assert.match(stdout, /^\{"success":true,"data":\[\{"key":"greetings\/greet"/);
  const called = await callAction(url, await getToken(url, data, "desk"), "greetings/greet/execute", { name: "Ada" });
  assert.deepEqual(called, { status: 200, body: { success: true, message: "Hello, Ada." } });
  child.kill("SIGTERM");
  assert.deepEqual(await exited, [0, null], log);
});
