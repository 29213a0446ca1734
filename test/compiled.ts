import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { writePackage } from "./write-package.ts";

/** The repository, or its `build/` where the tests themselves are compiled. */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const EXTENSION = import.meta.url.endsWith(".js") ? ".js" : ".ts";
const OPTIONS = { noEmit: false, noCheck: true, rootDir: ROOT, rewriteRelativeImportExtensions: true, typeRoots: [join(ROOT, "node_modules/@types")] };

/** What node is to be given to run a script as the tests run, but for what is the tests' own: compiled, by tsx, or as it is where Node strips types itself. */
export function argumentsToRun(script: string): readonly string[] {
  return [...process.execArgv.filter((argument) => !/^--(test|import=)/.test(argument)), pathIn(ROOT, script, EXTENSION)];
}

/**
 * Scripts as JavaScript, with all that they import, for tests that start hundreds of processes: compiled
 * once, they start in a third of the time. Answers where a script is; what was compiled is gone at the end of the tests.
 */
export function compileScripts(...scripts: readonly string[]): (script: string) => string {
  if (EXTENSION === ".js") return (script) => pathIn(ROOT, script, EXTENSION);
  const directory = mkdtempSync(join(tmpdir(), "actionport-compiled-"));
  after(() => rmSync(directory, { recursive: true }));
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const project = join(directory, "tsconfig.json");
  const files = scripts.map((script) => join(ROOT, script));
  writeFileSync(project, JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions: { ...OPTIONS, outDir: directory }, files, include: [], exclude: [] }));
  execFileSync(process.execPath, [compiler, "-p", project], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  writePackage(ROOT, directory);
  cpSync(join(ROOT, "examples/northwind/data"), join(directory, "examples/northwind/data"), { recursive: true });
  return (script) => pathIn(directory, script, ".js");
}

function pathIn(directory: string, script: string, extension: string): string {
  return join(directory, script.replace(/\.ts$/, extension));
}
