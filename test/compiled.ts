import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const OPTIONS = ["--ignoreConfig", "--rootDir", REPOSITORY, "--rewriteRelativeImportExtensions", "--target", "es2023", "--module", "nodenext", "--types", "node", "--noCheck"];

/**
 * Scripts as JavaScript, with all that they import, for tests that start hundreds of processes: compiled
 * once, they start in a third of the time. Answers where a script is; at the end of the tests all is gone.
 */
export function compileScripts(...scripts: readonly string[]): (script: string) => string {
  const directory = mkdtempSync(join(tmpdir(), "actionport-compiled-"));
  after(() => rmSync(directory, { recursive: true }));
  const compiler = join(REPOSITORY, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, ...OPTIONS, "--outDir", directory, ...scripts], { cwd: REPOSITORY, stdio: ["ignore", "inherit", "inherit"] });
  writeFileSync(join(directory, "package.json"), '{"type":"module"}\n');
  cpSync(join(REPOSITORY, "examples/northwind/data"), join(directory, "examples/northwind/data"), { recursive: true });
  return (script) => join(directory, script.replace(/\.ts$/, ".js"));
}
