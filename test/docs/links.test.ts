import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { anchorsOf, explainDead, linksOf } from "./links.ts";
import { PAGES } from "./pages.ts";

const LINKS = PAGES.flatMap(linksOf);

test("Every link of a page leads to a file, and to a heading where it names one", () => {
  assert.ok(LINKS.length > 20);
  assert.deepEqual(LINKS.map((link) => explainDead(link)).filter((found) => found !== undefined), []);
});

test("Headings are named as GitHub names them", () => {
  const page = "# The `store`, and *more*\n## Why?\n## Why?\n```sh\n# not this\n```\n## A [page](x.md) & co: über_all-1\n";
  assert.deepEqual([...anchorsOf(page)], ["the-store-and-more", "why", "why-1", "a-page--co-über_all-1"]);
});

test("What pages of the package link is in the package", () => {
  const { files }: { readonly files: readonly string[] } = JSON.parse(readFileSync("package.json", "utf8"));
  const shipped = (path: string): boolean => ["package.json", "README.md", "LICENSE", ...files].some((file) => path === file || path.startsWith(`${file}/`));
  assert.deepEqual(LINKS.filter(({ from, path }) => shipped(from) && !shipped(path)).map(({ from, path }) => `${from}: ${path}`), []);
});

test("Whoever follows links from the README comes to every page of docs/", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) for (const link of LINKS) if (link.from === path) reached.add(link.path);
  assert.deepEqual(PAGES.map(({ path }) => path).filter((path) => path.startsWith("docs/") && !reached.has(path)), []);
});

test("A page that a comment or a message of the code names is there", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const named = sources.flatMap((path) => [...readFileSync(`src/${path}`, "utf8").matchAll(/docs\/[\w-]+\.md/g)].map(([page]) => page));
  assert.deepEqual(named.filter((page) => !existsSync(page)), []);
});
