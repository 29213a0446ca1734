import { readFileSync } from "node:fs";

/** Where a module was found. */
interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}

const ROOT = new URL("../", import.meta.url);
const { name, exports }: { readonly name: string; readonly exports: Readonly<Record<string, string | { readonly default: string }>> } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
const SOURCES = new Map(Object.entries(exports).flatMap(([path, target]) => (typeof target === "string" ? [] : [[path.replace(".", name), toSource(target.default)] as const])));

function toSource(built: string): string {
  return new URL(built.replace("./dist/", "src/").replace(/\.js$/, ".ts"), ROOT).href;
}

/** Node's hook: the entry points of this package are their sources. */
export async function resolve(specifier: string, context: unknown, next: (specifier: string, context: unknown) => Promise<Resolved>): Promise<Resolved> {
  const url = SOURCES.get(specifier);
  return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
}
