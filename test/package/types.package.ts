import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { codeFilesOf, strangersOf, withBorrowed } from "../docs/code-files.ts";
import { PAGES } from "../docs/pages.ts";
import { ENTRIES, EVERYWHERE } from "./entries.ts";
import { CONSUMER, ROOT } from "./pack.ts";
import { run } from "./run.ts";

const COMPILERS: Readonly<Record<string, string>> = { "5.9": join(import.meta.dirname, "node_modules/typescript-5.9/bin/tsc"), "7": join(ROOT, "node_modules/typescript/bin/tsc") };
const RESOLUTIONS: Readonly<Record<string, object>> = { nodenext: { module: "nodenext" }, bundler: { module: "esnext", moduleResolution: "bundler" } };
const STRICT = { target: "ES2023", strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true, allowImportingTsExtensions: true };

/** Node's types, which a program for Node has anyway: the only ones that ours speak of. */
for (const name of ["@types/node", "undici-types"]) cpSync(join(ROOT, "node_modules", name), join(CONSUMER, "node_modules", name), { recursive: true });

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(CONSUMER, folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(CONSUMER, folder, name), text);
}

function importAll(entries: readonly string[]): string {
  return `${entries.map((name, at) => `import * as entry${at} from "${name}";`).join("\n")}\nexport const all = [${entries.map((_, at) => `entry${at}`).join(", ")}];\n`;
}

const own = PAGES.filter(({ path }) => path === "README.md").flatMap(codeFilesOf).filter(({ text }) => strangersOf(text).length === 0);
const readme = Object.fromEntries(withBorrowed(own, own).map(({ name, text }) => [name, text]));
write("for-node", { ...readme, "all.ts": importAll(ENTRIES) });
write("for-browsers", { "all.ts": importAll(EVERYWHERE) });

/** Two packages of a workspace: the sources of one, and another that is given no more of it than the declarations it emits. */
const WORKSPACE = join(import.meta.dirname, "workspace");
for (const name of ["shop.ts", "server.ts"]) cpSync(join(WORKSPACE, name), join(CONSUMER, "workspace", name));

for (const [version, compiler] of Object.entries(COMPILERS)) {
  for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
    test(`A strict program on TypeScript ${version} with ${resolution} takes every entry point and the README's code, our own types checked too`, async () => {
      write("for-node", { "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, ...options, lib: ["ES2023"], types: ["node"] } }) });
      await run(CONSUMER, process.execPath, compiler, "-p", "for-node");
    });
  }

  test(`A package that emits declarations on TypeScript ${version} can name the types of all that it makes, and they say as much as its sources`, async () => {
    const compilerOptions = { ...STRICT, ...RESOLUTIONS["nodenext"], lib: ["ES2023"], types: ["node"] };
    write("workspace", { "tsconfig.json": JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: `../declared-${version}` } }) });
    await run(CONSUMER, process.execPath, compiler, "-p", "workspace");
    cpSync(join(WORKSPACE, "caller.ts"), join(CONSUMER, `declared-${version}`, "caller.ts"));
    write(`declared-${version}`, { "tsconfig.json": JSON.stringify({ compilerOptions }) });
    await run(CONSUMER, process.execPath, compiler, "-p", `declared-${version}`);
  });

  test(`A page for browsers on TypeScript ${version} takes what needs no Node, without Node's types`, async () => {
    write("for-browsers", { "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, ...RESOLUTIONS["bundler"], lib: ["ES2023", "DOM", "DOM.Iterable"], types: [] } }) });
    await run(CONSUMER, process.execPath, compiler, "-p", "for-browsers");
  });
}
