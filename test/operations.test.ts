import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { EVENTS_BY_LEVEL } from "../src/app/log/level.ts";
import { VARIABLES } from "../src/app/variables/variables.ts";
import { namesIn, readTable } from "./docs/tables.ts";

const PAGE = readFileSync("docs/operations.md", "utf8");

test("The table of environment variables is that of the code", () => {
  const declared = Object.values(VARIABLES).map(({ name, normally, meaning }) => [`\`${name}\``, normally, meaning]);
  assert.deepEqual(readTable(PAGE, "## Environment"), declared);
});

test("Nothing in src reads a variable that is not in the table", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts")).map((path) => [path, readFileSync(`src/${path}`, "utf8")] as const);
  assert.deepEqual(sources.filter(([, source]) => /process\.env[.[]/.test(source)).map(([path]) => path), []);
});

test("The table of the log has every event that there is, and no other", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts")).map((path) => readFileSync(`src/${path}`, "utf8"));
  const literal = /event: "([a-z_.]+)"|\breport\((?!\{ observe)[^"\n]*(?:\{[^}\n]*\}[^"\n]*)?"([a-z_]+)"|\.observe\("([a-z_]+)"/g;
  const found = sources.flatMap((source) => [...source.matchAll(literal)].map((match) => match.slice(1).find((name) => name !== undefined) ?? ""));
  // The one name that is put together, of what was answered.
  const told = new Set([...found, "oauth.consent_approved", "oauth.consent_denied"]);
  assert.deepEqual(readTable(PAGE, "## The log").flatMap(([names]) => namesIn(names)).sort(), [...told].sort());
});

test("What the page says of an event's level is what the log goes by", () => {
  const rows = readTable(PAGE, "## The log");
  const section = PAGE.slice(PAGE.indexOf("\n## The log\n"));
  const [, listed] = /`warn` are ([^]*?)\. `request` is `debug`/.exec(section) ?? [];
  const bold = rows.flatMap(([names = ""]) => [...names.matchAll(/\*\*`([\w.]+)`\*\*/g)].map(([, name]) => name));
  assert.deepEqual(bold.sort(), [...EVENTS_BY_LEVEL.error].sort());
  assert.deepEqual([...namesIn(listed)].sort(), [...EVENTS_BY_LEVEL.warn].sort());
  assert.deepEqual(EVENTS_BY_LEVEL.debug, ["request"]);
  const known = new Set(rows.flatMap(([names]) => namesIn(names)));
  assert.deepEqual(Object.values(EVENTS_BY_LEVEL).flat().filter((event) => !known.has(event)), []);
  const listedAsInfo = [...known].filter((event) => !Object.values(EVENTS_BY_LEVEL).flat().includes(event));
  assert.deepEqual(listedAsInfo.filter((event) => /failed|refused$|unavailable/.test(event)), [], "what fails is a warning at least: name it in EVENTS_BY_LEVEL of src/app/log/level.ts, and on the page");
});

/** Where the options of an entry point are declared. */
const OPTIONS = ["rest/rest.ts", "node-http/limits/limits.ts", "oauth/options.ts", "embedded-workflows/embedded-engine.ts", "memory/index.ts", "file/index.ts", "postgres/index.ts"].map((path) => `src/adapters/${path}`).concat("src/domain/actions.ts");
const LIMIT = /^ {2}readonly ((?:max|min)[A-Z]\w*|\w+(?:Ms|Seconds|Concurrency))\??:/gm;

test("The table of limits has every limit that can be set, and no other, each with its default", () => {
  const declared = new Set(OPTIONS.flatMap((path) => [...readFileSync(path, "utf8").matchAll(LIMIT)].map(([, name]) => name)));
  const rows = readTable(PAGE, "## Limits and quotas");
  const listed = rows.flatMap(([, names]) => namesIn(names)).filter((name) => !/^(?:create|start|open)/.test(name));
  assert.deepEqual(listed.sort(), [...declared].sort());
  for (const [, names, defaults] of rows) assert.equal(defaults?.split(", ").length, namesIn(names).length, names);
});
