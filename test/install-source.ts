import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** What `npm install actionport` would leave in a directory, but as the source that is here: programs there import it as its users do. */
export function installSource(directory: string, root = "."): void {
  const { exports }: { readonly exports: Readonly<Record<string, { readonly default: string } | string>> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const sources = Object.entries(exports).flatMap(([entry, target]) => (typeof target === "string" ? [] : [[entry, target.default.replace("./dist/", "./src/").replace(/\.js$/, ".ts")] as const]));
  const installed = join(directory, "node_modules/actionport");
  mkdirSync(installed, { recursive: true });
  symlinkSync(resolve(root, "src"), join(installed, "src"));
  writeFileSync(join(installed, "package.json"), JSON.stringify({ name: "actionport", type: "module", exports: Object.fromEntries(sources) }));
}
