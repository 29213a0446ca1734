import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeDataDirectory, serveNorthwind } from "../app/served-northwind.ts";

const PAGE = readFileSync("docs/deployment.md", "utf8");

/** An indented block that begins with this comment, without its indentation. */
function readFileOf(page: string, comment: string): readonly string[] {
  const [, block = ""] = new RegExp(`\\n {4}# ${comment}\\n((?: {4}[^\\n]*\\n|\\n(?= {4}))+)`).exec(page) ?? [];
  return block.split("\n").map((line) => line.slice(4));
}

async function run([command = "", ...args]: readonly string[]): Promise<unknown> {
  const [code] = await once(spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] }), "exit");
  return code;
}

test("The health check of the Dockerfile tells a server that serves from one that has stopped", async (context) => {
  const [, ...check] = readFileOf(PAGE, "Dockerfile").find((line) => line.startsWith("HEALTHCHECK"))?.split(" CMD ") ?? [];
  const server = await serveNorthwind(makeDataDirectory(context));
  const command: readonly string[] = JSON.parse(check.join(" CMD ").replaceAll("http://127.0.0.1:3000", server.url));
  assert.equal(await run(command), 0);
  assert.equal(await server.stop(), 0);
  assert.equal(await run(command), 1);
});

test("The Dockerfile has each line as its instruction wants it, and ends as somebody who is not root", () => {
  const lines = readFileOf(PAGE, "Dockerfile").filter((line) => line !== "");
  assert.deepEqual(lines.map((line) => line.split(" ")[0]), ["FROM", "WORKDIR", "COPY", "RUN", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"]);
  assert.deepEqual(JSON.parse((lines.at(-1) ?? "").replace("CMD ", "")), ["node", "app.ts"]);
});

test("The variables that the page sets are those that are read", () => {
  const table = readFileSync("docs/operations.md", "utf8");
  const set = [...PAGE.matchAll(/(?:Environment=|--env |^ {4}ENV |(?<=^ {4}ENV .*) )([A-Z_]+)=/gm)].map(([, name = ""]) => name).filter((name) => name !== "NODE_ENV");
  assert.ok(set.length >= 8, set.join());
  assert.deepEqual(set.filter((name) => !table.includes(`| \`${name}\` |`)), []);
});

test("The unit of systemd has its sections in order, and nothing twice but what may be", () => {
  const lines = readFileOf(PAGE, "/etc/systemd/system/orders.service").filter((line) => line !== "");
  assert.deepEqual(lines.filter((line) => line.startsWith("[")), ["[Unit]", "[Service]", "[Install]"]);
  const names = lines.filter((line) => !line.startsWith("[")).map((line) => /^([A-Z]\w+)=/.exec(line)?.[1] ?? assert.fail(line));
  const repeated = names.filter((name, at) => names.indexOf(name) !== at);
  assert.deepEqual([...new Set(repeated)], ["Environment"]);
});
