import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { FAILURE_STATUS } from "../src/adapters/rest/status.ts";
import { FAILURE_CODES } from "../src/domain/index.ts";
import { EXPORTED_NAMES } from "./exported-names.ts";

const ROOT = resolve(".");
/** Shared pieces, which no transport or store is: every adapter may import them. */
const SHARED = ["http", "records"];
/** What else an adapter may import: its own folder, the domain and node:* always. */
const ALSO: Readonly<Record<string, readonly string[]>> = { oauth: ["jwt"], "node-http": ["rest"], fetch: ["rest"], mcp: ["rest"], console: ["rest"] };

interface Module {
  /** From the root: `src/domain/action.ts`. */
  readonly path: string;
  /** Without comments and without what stands in texts. */
  readonly code: string;
  /** Paths from the root, or names of packages. */
  readonly imports: readonly string[];
}

const MODULES: ReadonlyMap<string, Module> = new Map(listSources("src").map((path) => [path, readModule(path)]));

function listSources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return listSources(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

function readModule(path: string): Module {
  const source = readFileSync(join(ROOT, path), "utf8");
  const found = source.matchAll(/(?:^|[;\n])\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']|(?:^|[;\n])\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g);
  const imports = [...found].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? "");
  return { path, code: stripTexts(source), imports: imports.map((name) => (name.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(path), name)) : name)) };
}

/** Roughly: enough to tell a call from a sentence about it. */
function stripTexts(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/gm, " ");
}

/** The adapter that a file belongs to: `rest`. */
function adapterOf(path: string): string | undefined {
  return /^src\/adapters\/([^/]+)\//.exec(path)?.[1];
}

function violations(rule: (module: Module, imported: string) => boolean): string[] {
  return [...MODULES.values()].flatMap((module) => module.imports.filter((imported) => !rule(module, imported)).map((imported) => `${module.path} imports ${imported}`));
}

test("Every import inside src leads to a file of src, to node:* or nowhere: there are no runtime dependencies", () => {
  assert.deepEqual(violations((_, imported) => MODULES.has(imported) || imported.startsWith("node:")), []);
});

test("The domain imports the domain and nothing else, not even node:*, however far one follows", () => {
  const reached = new Set([...MODULES.keys()].filter((path) => path.startsWith("src/domain/")));
  for (const path of reached) for (const imported of MODULES.get(path)?.imports ?? []) reached.add(imported);
  assert.deepEqual([...reached].filter((path) => !path.startsWith("src/domain/")), []);
});

test("What runs behind the Fetch standard needs nothing of Node: neither the adapter, nor the API, nor the store in memory", () => {
  const reached = new Set(["fetch", "rest", "memory"].map((name) => `src/adapters/${name}/index.ts`));
  for (const path of reached) for (const imported of MODULES.get(path)?.imports ?? []) reached.add(imported);
  assert.deepEqual([...reached].filter((path) => path.startsWith("node:")), []);
});

test("The domain asks nobody for the time or for chance", () => {
  const impure = /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\()|(?<!new )\bDate\(|\bMath\.random\b|\bperformance\b|\bglobalThis\b/;
  const found = [...MODULES.values()].filter(({ path, code }) => path.startsWith("src/domain/") && impure.test(code));
  assert.deepEqual(found.map(({ path }) => path), []);
});

test("Adapters do not import each other, but for the shared pieces, oauth's jwt and the transports' rest", () => {
  const allowed = ({ path }: Module, imported: string) => {
    const [from, to] = [adapterOf(path), adapterOf(imported)];
    if (from === undefined || to === undefined || from === to || SHARED.includes(to)) return true;
    return ALSO[from]?.includes(to) === true;
  };
  assert.deepEqual(violations(allowed), []);
});

test("The shared pieces of the adapters know no adapter", () => {
  const allowed = ({ path }: Module, imported: string) => {
    const [from, to] = [adapterOf(path), adapterOf(imported)];
    return from === undefined || to === undefined || !SHARED.includes(from) || from === to;
  };
  assert.deepEqual(violations(allowed), []);
});

test("Engines take from the domain what every engine can: the package's main entry and that for engines", () => {
  const engines = ["embedded-workflows", "dbos"];
  const entries = ["src/domain/index.ts", "src/domain/workflow/engine.ts"];
  assert.deepEqual(violations(({ path }, imported) => !engines.includes(adapterOf(path) ?? "") || !imported.startsWith("src/domain/") || entries.includes(imported)), []);
});

test("Nothing in src imports the composition root", () => {
  assert.deepEqual(violations(({ path }, imported) => !imported.startsWith("src/app/") || path.startsWith("src/app/")), []);
});

test("No file depends on itself, over whatever detour", () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const since = trail.indexOf(path);
    if (since >= 0) return void cycles.push([...trail.slice(since), path].join(" -> "));
    if (done.has(path)) return;
    for (const imported of MODULES.get(path)?.imports ?? []) visit(imported, [...trail, path]);
    done.add(path);
  };
  for (const path of MODULES.keys()) visit(path, []);
  assert.deepEqual(cycles, []);
});

test("What each entry point exports is what was agreed, names of types included", () => {
  const entries = Object.fromEntries(Object.keys(EXPORTED_NAMES).map((path) => [path, exportedNames(path)]));
  assert.deepEqual(entries, EXPORTED_NAMES);
});

test("Every entry point of the package is among those", () => {
  const { exports }: { exports: Record<string, { default: string; types: string } | string> } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const entries = Object.values(exports).filter((entry) => typeof entry !== "string");
  const sources = entries.map(({ default: path }) => path.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
  assert.deepEqual(sources.sort(), Object.keys(EXPORTED_NAMES).sort());
  for (const entry of entries) assert.equal(entry.types, entry.default.replace(/\.js$/, ".d.ts"));
});

test("What the examples mean by the package's name is, for the compiler and tsx, the source of each entry point", () => {
  const { compilerOptions }: { compilerOptions: { paths: Record<string, readonly [string]> } } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
  const { "actionport/*": others, ...named } = compilerOptions.paths;
  const { exports }: { exports: Record<string, string | { default: string }> } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const sources = Object.entries(exports).flatMap(([path, target]) => (typeof target === "string" ? [] : [[path.replace(".", "actionport"), target.default.replace("./dist/", "./src/").replace(/\.js$/, ".ts")] as const]));
  for (const [name, source] of sources) assert.equal(named[name]?.[0] ?? others?.[0].replace("*", name.replace("actionport/", "")), source);
  assert.deepEqual(Object.keys(named).filter((name) => !sources.some(([known]) => known === name)), []);
});

/** The names that a file exports, its `export *` followed. */
function exportedNames(path: string): string[] {
  const source = readFileSync(join(ROOT, path), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const declared = [...source.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)(?! *\{? *,)/gm)].map(([, name]) => name ?? "");
  const listed = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) => (names ?? "").split(","));
  const starred = [...source.matchAll(/^export \* from "([^"]+)"/gm)].flatMap(([, from]) => exportedNames(relative(ROOT, resolve(ROOT, dirname(path), from ?? ""))));
  const names = [...declared, ...listed.map((name) => name.replace(/^\s*type /, "").replace(/^.* as /, "").trim()), ...starred];
  return [...new Set(names.filter((name) => name !== ""))].sort();
}

test("The failure codes in the code and in the documentation are the same, and so are their statuses", () => {
  const rows = [...readFileSync(join(ROOT, "docs/errors.md"), "utf8").matchAll(/^\| (\d{3}) \| `(\w+)` \|/gm)];
  const documented = Object.fromEntries(rows.map(([, status, code]) => [code, Number(status)]));
  assert.equal(rows.length, Object.keys(documented).length, "a code stands in the table twice");
  assert.deepEqual(documented, { ...FAILURE_STATUS });
  assert.deepEqual(Object.keys(documented).sort(), [...FAILURE_CODES].sort());
});

test("Nothing needs to be installed to run, and three packages to develop", () => {
  const { dependencies = {}, devDependencies, ...rest }: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.deepEqual(dependencies, {});
  assert.deepEqual(Object.keys(devDependencies ?? {}).sort(), ["@types/node", "tsx", "typescript"]);
  for (const kind of ["optionalDependencies", "peerDependencies", "bundleDependencies"]) assert.equal(rest[kind], undefined, kind);
});
