import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is used of package.json. */
interface Package {
  readonly name: string;
  readonly type: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** Gives what was compiled a package.json of its own: the examples import this package by its name, as its users do, and find what was compiled from src. */
export function writePackage(root: string, directory: string): void {
  const { name, type, exports }: Package = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const compiled = Object.entries(exports).flatMap(([path, target]) => (typeof target === "string" ? [] : [[path, target.default.replace("./dist/", "./src/")] as const]));
  writeFileSync(join(directory, "package.json"), `${JSON.stringify({ name, type, exports: Object.fromEntries(compiled) }, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePackage(".", "build");
