import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { promisify } from "node:util";
import { installSource } from "../install-source.ts";
import { readBlocks, type Block } from "../readme-blocks.ts";

const SEPARATOR = "\u001e";

test("Whoever follows the page for beginners gets to the end, and sees what it says", { timeout: 120_000 }, async (context) => {
  const directory = join(mkdtempSync(join(tmpdir(), "getting-started-")), "library");
  context.after(() => rmSync(resolve(directory, ".."), { recursive: true, force: true }));
  const blocks = readBlocks("docs/getting-started.md");
  const [install, runTest, serve, ...calls] = blocks.filter(({ language }) => language === "sh");
  assert.match(install?.text ?? "", /^mkdir library && cd library\nnpm init -y && npm pkg set type=module\nnpm install actionport && npm install --save-dev tsx\n$/);
  installSource(directory);
  symlinkSync(resolve("node_modules/tsx"), join(directory, "node_modules/tsx"));
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "library", type: "module" }));
  for (const { text } of blocks.filter(({ language }) => language === "ts")) writeFileSync(join(directory, /^\/\/ (\S+)\n/.exec(text)?.[1] ?? ""), text);
  // What runs this test must not think that the inner test is a file of its own.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const { stdout } = await promisify(execFile)("sh", ["-ec", `${runTest?.text}`], { cwd: directory, env: environment, timeout: 60_000 });
  assert.match(stdout, /pass 1\b/);
  const server = spawn("sh", ["-c", `exec ${serve?.text}`], { cwd: directory, env: { ...environment, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(server, "exit");
  context.after(() => server.kill("SIGKILL"));
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stdout })) {
    said.push(line);
    if (line.startsWith("actionport listening on ")) break;
  }
  assert.ok(said.some((line) => line.includes(".clients.desk;")), said.join("\n"));
  const url = said.at(-1)?.replace("actionport listening on ", "") ?? "";
  const script = calls.map(({ text }) => `${text.replaceAll("http://127.0.0.1:3000", url)}\nprintf '\\036'\n`).join("");
  const printed = (await promisify(execFile)("sh", ["-ec", script], { cwd: directory, timeout: 30_000 })).stdout.split(SEPARATOR);
  for (const [at, call] of calls.entries()) {
    const expected = expectedAfter(blocks, call);
    if (expected !== undefined) assert.equal((printed[at] ?? "").trim(), expected);
  }
  assert.equal(printed[calls.length - 1]?.trim(), 'desk books/lend 3: Nora has "Ulysses".\ndesk books/lend 2: Lent to Ben.\ndesk books/lend 1: Lent to Ada.');
  server.kill("SIGINT");
  assert.deepEqual(await exited, [0, null]);
});

/** What a page says right behind a command that it prints. */
function expectedAfter(blocks: readonly Block[], command: Block): string | undefined {
  const next = blocks[blocks.indexOf(command) + 1];
  return next?.language === "json" ? next.text.trim() : undefined;
}
