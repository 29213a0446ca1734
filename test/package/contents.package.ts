import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { explainDead, linksOf } from "../docs/links.ts";
import { readBlocks } from "../readme-blocks.ts";
import { CONSUMER, INSTALLED, TARBALL } from "./pack.ts";

const FILES = readdirSync(INSTALLED, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(INSTALLED, path)).isFile()).sort();
const PACKAGE: { readonly version: string; readonly scripts?: object; readonly exports: object } = JSON.parse(readFileSync(join(INSTALLED, "package.json"), "utf8"));

test("What npm packs from a fresh clone is the build, its sources and the documentation, and nothing else", (context) => {
  const bytes = FILES.reduce((sum, path) => sum + statSync(join(INSTALLED, path)).size, 0);
  context.diagnostic(`${FILES.length} files, ${Math.round(bytes / 1024)} KiB; packed ${Math.round(statSync(TARBALL).size / 1024)} KiB`);
  const folders = [...new Set(FILES.map((path) => path.split("/")[0]))].sort();
  assert.deepEqual(folders, ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "dist", "docs", "examples", "package.json", "src", "templates"]);
  const own = FILES.filter((path) => !/^(?:LICENSE$|examples\/|templates\/)/.test(path));
  const strange = own.filter((path) => !/\.(?:js|ts|map|md|json)$/.test(path) || /\.(?:test|gen)\.ts$|node_modules|\.tsbuildinfo$/.test(path));
  assert.deepEqual(strange, []);
});

test("Nothing is installed beside it, and nothing of it runs when it is installed", () => {
  assert.deepEqual(readdirSync(join(CONSUMER, "node_modules")).filter((name) => !name.startsWith(".")), ["actionport"]);
  const { scripts = {} } = PACKAGE;
  assert.deepEqual(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name)), []);
});

test("Every file that the package says it has is there", () => {
  const leaves = (value: unknown): readonly string[] => (typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap(leaves));
  const { exports, bin }: { readonly exports: unknown; readonly bin?: unknown } = JSON.parse(readFileSync(join(INSTALLED, "package.json"), "utf8"));
  assert.deepEqual([...leaves(exports), ...leaves(bin)].filter((path) => !existsSync(join(INSTALLED, path))), []);
});

test("Every map leads to sources that are in the package", () => {
  for (const path of FILES.filter((name) => name.endsWith(".map"))) {
    const { sources, sourceRoot = "", sourcesContent }: { readonly sources: readonly string[]; readonly sourceRoot?: string; readonly sourcesContent?: readonly string[] } = JSON.parse(readFileSync(join(INSTALLED, path), "utf8"));
    assert.equal(sources.length, 1, path);
    const source = relative(INSTALLED, join(INSTALLED, dirname(path), sourceRoot, sources[0] ?? ""));
    assert.ok(sourcesContent !== undefined || FILES.includes(source), `${path}: ${source}`);
  }
});

test("Every link of every page in the package leads to something in the package", () => {
  const pages = FILES.filter((path) => path.endsWith(".md")).map((path) => ({ path, text: readFileSync(join(INSTALLED, path), "utf8"), blocks: readBlocks(join(INSTALLED, path)) }));
  assert.ok(pages.length > 10);
  assert.deepEqual(pages.flatMap(linksOf).map((link) => explainDead(link, INSTALLED)).filter((found) => found !== undefined), []);
});
