import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeDataDirectory, serveNorthwind } from "./app/served-northwind.ts";
import { driveCurlLines } from "./readme-blocks.ts";

const README = readFileSync("README.md", "utf8");

test("The README's curl lines work as they stand, and print what it says", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory);
  const driven = await driveCurlLines(server.url, directory);
  assert.equal(driven.length, 4);
  assert.equal(driven[0]?.printed, "");
  for (const { printed, expected } of driven) if (expected !== undefined) assert.equal(printed, expected);
  const { results: _, ...summary } = JSON.parse(driven.at(-1)?.printed ?? "");
  assert.deepEqual(summary, { success: false, outcome: "partial", message: "2 of 3 succeeded.", total: 3, succeeded: 2, failed: 1, skipped: 0 });
  assert.equal(await server.stop(), 0);
});

test("The README is short, and begins with two commands", () => {
  assert.ok(README.trimEnd().split("\n").length < 150);
  assert.deepEqual(README.match(/^npm .*$/gm), ["npm ci && npm start", "npm ci && npm test"]);
});

/** Where the options of an entry point are declared. */
const OPTIONS = ["rest/rest.ts", "node-http/limits/limits.ts", "oauth/options.ts", "memory/index.ts", "file/index.ts"].map((path) => `src/adapters/${path}`).concat("src/domain/actions.ts");
const LIMIT = /^ {2}readonly ((?:max|min)[A-Z]\w*|\w+(?:Ms|Seconds|Concurrency))\??:/gm;

test("The README's table has every limit that can be set, and no other", () => {
  const declared = new Set(OPTIONS.flatMap((path) => [...readFileSync(path, "utf8").matchAll(LIMIT)].map(([, name]) => name)));
  const table = README.slice(README.indexOf("## Limits"));
  const listed = new Set([...table.matchAll(/`((?:[a-z]+)[A-Z]\w*)`/g)].map(([, name]) => name).filter((name) => !/^(?:create|start|open)/.test(name ?? "")));
  assert.deepEqual([...listed].sort(), [...declared].sort());
});
