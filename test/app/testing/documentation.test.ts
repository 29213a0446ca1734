import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { readBlocks, readEntryPoints } from "../../readme-blocks.ts";

test("Every block of the page on testing passes as it stands", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "testing-blocks-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const blocks = readBlocks("docs/testing.md").filter(({ language }) => language === "ts");
  const catalog = readBlocks("README.md").find(({ text }) => text.startsWith("// approve-order.ts\n"));
  const files = { "approve-order.ts": catalog?.text ?? "", ...Object.fromEntries(blocks.map(({ text }, at) => [`block-${at}.test.ts`, text])) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "all.ts"), blocks.map((_, at) => `import "./block-${at}.test.ts";`).join("\n"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions: { paths: readEntryPoints() } }));
  const tsx = pathToFileURL(createRequire(resolve("package.json")).resolve("tsx")).href;
  // A runner within a runner reports to the outer one unless it does not know of it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = promisify(execFile)(process.execPath, ["--import", tsx, "--test-reporter=tap", "all.ts"], { cwd: folder, env, timeout: 120_000, maxBuffer: 2 ** 24 });
  const { stdout } = await run.catch((error: { readonly stdout: string }) => assert.fail(error.stdout));
  const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(stdout)?.[1]);
  assert.deepEqual([count("fail"), count("skipped"), count("todo")], [0, 0, 0]);
  assert.ok(count("pass") > 60, stdout);
});
