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
  assert.equal(driven.length, 3);
  assert.equal(driven[0]?.printed, "");
  for (const { printed, expected } of driven) if (expected !== undefined) assert.equal(printed, expected);
  const [approved = "", bulk = "", ...more] = driven.at(-1)?.printed.split("\n") ?? [];
  assert.deepEqual(more, []);
  assert.equal(JSON.parse(approved).message, "Order approved.");
  const { results: _, ...summary } = JSON.parse(bulk);
  assert.deepEqual(summary, { success: false, outcome: "partial", message: "2 of 3 succeeded.", total: 3, succeeded: 2, failed: 1, skipped: 0 });
  assert.deepEqual((await driveCurlLines(server.url, directory)).at(-1)?.printed, driven.at(-1)?.printed, "sent again, they change nothing twice");
  // The invitation that `npm start` prints is the same client's.
  assert.ok(server.said.some((line) => line.includes(".clients.orders;")));
  assert.equal(await server.stop(), 0);
});

test("The README is short, and begins with two commands", () => {
  assert.ok(README.trimEnd().split("\n").length < 150);
  assert.deepEqual(README.match(/^npm .*$/gm), ["npm ci && npm start", "npm ci && npm test"]);
});
