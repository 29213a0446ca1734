import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { makeDataDirectory, serveNorthwind } from "./app/served-northwind.ts";
import { driveCurlLines, readBlocks, readEntryPoints } from "./readme-blocks.ts";

const README = readFileSync("README.md", "utf8");
const PAGES = ["README.md", "CONTRIBUTING.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((page) => page.endsWith(".md"));

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

test("Every TypeScript block of the documentation compiles against the package as it is", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "blocks-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const page of PAGES) {
    for (const [at, { text }] of readBlocks(page).filter(({ language }) => language === "ts").entries()) {
      const [, name] = /^\/\/ ([\w-]+\.ts)\n/.exec(text) ?? [];
      writeFileSync(join(folder, name ?? `${page.replaceAll(/\W/g, "-")}-${at}.ts`), `${text}\nexport {};\n`);
    }
  }
  const compilerOptions = { typeRoots: [resolve("node_modules/@types")], noUnusedLocals: false, paths: readEntryPoints() };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions, include: ["*.ts"] }));
  const compile = promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder]);
  await compile.catch((error: { readonly stdout: string }) => assert.fail(error.stdout));
});

test("Every other block is of a kind that is run: sh with curl, sh with a script of package.json, json that is printed", () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const page of PAGES) {
    for (const { language, text } of readBlocks(page)) {
      if (language !== "sh") assert.match(language, page === "README.md" ? /^(ts|json)$/ : /^(ts|json|)$/, `${page}: ${text}`);
      for (const [, run, script = run] of language === "sh" ? text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test))/g) : []) assert.ok(script !== undefined && script in scripts, `${page}: npm run ${script}`);
    }
  }
});

test("The README is short, begins with two commands, and its links lead somewhere", () => {
  assert.ok(README.trimEnd().split("\n").length < 150);
  assert.deepEqual(README.match(/^npm .*$/gm), ["npm ci && npm start", "npm ci && npm test"]);
  for (const page of PAGES) {
    for (const [, link = ""] of readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)) assert.ok(existsSync(resolve(page, "..", link)), `${page}: ${link}`);
  }
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
