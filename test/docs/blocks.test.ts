import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { codeFilesOf, strangersOf, withBorrowed } from "./code-files.ts";
import { PAGES } from "./pages.ts";
import { readEntryPoints } from "../readme-blocks.ts";

/** Packages that a page's code needs, and what reads that page, in a folder that has them, to compile and run the code there. */
const WITH_STRANGERS: Readonly<Record<string, string | readonly string[]>> = {
  "@electric-sql/pglite": "test/postgres/generate.ts",
  "@dbos-inc/dbos-sdk": "test/dbos/generate.ts",
  "@opentelemetry/api": "test/interop/opentelemetry/generate.ts",
  "@opentelemetry/context-async-hooks": "test/interop/opentelemetry/generate.ts",
  "@opentelemetry/sdk-trace-node": "test/interop/opentelemetry/generate.ts",
  express: "test/interop/frameworks/generate.ts",
  fastify: "test/interop/frameworks/generate.ts",
  hono: "test/interop/frameworks/generate.ts",
  "openapi-fetch": "test/interop/openapi/generate.ts",
  pg: ["test/interop/subjects/generate.ts", "test/postgres/generate.ts"],
  postgres: "test/postgres/generate.ts",
  "@types/node": "test/interop/subjects/generate.ts",
  zod: "test/package/zod.package.ts",
};

/** Where a page's command lines are run as they stand. */
const DRIVEN: Readonly<Record<string, readonly string[]>> = {
  "README.md": ["test/readme-blocks.ts"],
  "docs/getting-started.md": ["test/docs/getting-started.test.ts"],
  "docs/backup-and-restore.md": ["test/crash/backup.crash.ts", "test/newcomer/path.newcomer.ts"],
};

const FILES = PAGES.flatMap(codeFilesOf);

test("Every block of TypeScript and JavaScript in the documentation compiles against the package as it is", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "blocks-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const page of PAGES) {
    const files = codeFilesOf(page);
    const own = files.filter(({ text }) => strangersOf(text, files).length === 0);
    const place = join(folder, page.path.replaceAll(/\W/g, "-"));
    mkdirSync(place);
    for (const { name, text } of withBorrowed(own, FILES)) writeFileSync(join(place, name), `${text}\nexport {};\n`);
  }
  const compilerOptions = { typeRoots: [resolve("node_modules/@types")], noUnusedLocals: false, allowJs: true, checkJs: true, paths: readEntryPoints() };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions, include: ["**/*"], exclude: [] }));
  const compile = promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder]);
  await compile.catch((error: { readonly stdout: string }) => assert.fail(error.stdout));
});

test("Code of the documentation that needs a package of others is compiled and run where that is installed", () => {
  for (const { page, text } of FILES) {
    for (const name of strangersOf(text)) {
      const readers = [WITH_STRANGERS[name] ?? []].flat();
      assert.ok(readers.length > 0, `${page}: nobody compiles what imports ${name}`);
      const reader = readers.find((path) => readFileSync(path, "utf8").includes(page));
      assert.ok(reader !== undefined, `${readers.join(" and ")}: none of them reads ${page}`);
      const { dependencies = {}, devDependencies = {} }: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(dirname(reader), "package.json"), "utf8"));
      assert.ok(name in dependencies || name in devDependencies, `${dirname(reader)} has no ${name}`);
    }
  }
});

test("Every fence belongs to a block that is read, and says what it holds where that is checked", () => {
  const known = /^(?:ts|js|mts|mjs|json|sh|)$/;
  for (const { path, text, blocks } of PAGES) {
    assert.equal(text.match(/^\s*(?:```|~~~)/gm)?.length ?? 0, 2 * blocks.length, `${path}: a fence is indented, or is not closed`);
    for (const { language } of blocks) assert.match(language, known, path);
  }
});

test("Every block of JSON is JSON", () => {
  for (const { path, blocks } of PAGES) for (const { language, text } of blocks) if (language === "json") assert.doesNotThrow(() => JSON.parse(text), `${path}: ${text}`);
});

test("Every command line of the documentation is one that the shell can read, and is run by a test", () => {
  for (const { path, blocks } of PAGES) {
    const lines = blocks.filter(({ language }) => language === "sh");
    for (const { text } of lines) execFileSync("sh", ["-n"], { input: text });
    const drivers = DRIVEN[path] ?? [];
    assert.ok(lines.length === 0 || drivers.length > 0, `${path} has command lines that no test runs`);
    for (const driver of drivers) assert.ok(readFileSync(driver, "utf8").includes(path), `${driver} does not read ${path}`);
  }
});

test("A script of npm that the documentation names is there", () => {
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const { path, text } of PAGES) {
    for (const [line, run, alone] of text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)) assert.ok((run ?? alone ?? "") in scripts, `${path}: ${line}`);
  }
});
