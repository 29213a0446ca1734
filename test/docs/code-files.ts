import type { Page } from "./pages.ts";

/** A block of a page as the file that a reader makes of it. */
export interface CodeFile {
  readonly page: string;
  /** `approve-order.ts`, where the block's first line says so. */
  readonly name: string;
  readonly text: string;
}

const CODE = /^(?:ts|js|mts|mjs)$/;

/** The TypeScript and JavaScript of a page. What a page brings twice under one name is two files: a reader replaces the first by the second. */
export function codeFilesOf({ path, blocks }: Page): readonly CodeFile[] {
  const files = blocks.filter(({ language }) => CODE.test(language)).map(({ language, text }, at) => ({ page: path, name: /^\/\/ ([\w.-]+\.m?[tj]s)\n/.exec(text)?.[1] ?? `block-${at}.${language}`, text }));
  return files.map((file, at) => (files.findLastIndex(({ name }) => name === file.name) === at ? file : { ...file, name: file.name.replace(/\.(?=\w+$)/, `-before-${at}.`) }));
}

/** What a piece of code imports, as it says it. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/\bfrom\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g)].map(([, from, alone]) => from ?? alone ?? "");
}

/** Modules of Node that are younger than the types of Node in the root, and the package that has theirs. */
const YOUNGER: Readonly<Record<string, string>> = { "node:sqlite": "@types/node" };

/** The packages of others that it needs: nothing of the root has them. What it imports of the files beside it counts as well. */
export function strangersOf(text: string, beside: readonly CodeFile[] = []): readonly string[] {
  const imports = importsOf(text);
  const names = imports.map((name) => YOUNGER[name] ?? name).filter((name) => !/^(?:\.|node:|actionport(?:\/|$))/.test(name));
  const own = names.map((name) => name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/"));
  const files = beside.filter(({ name }) => imports.includes(`./${name}`));
  const rest = beside.filter((file) => !files.includes(file));
  return [...new Set([...own, ...files.flatMap((file) => strangersOf(file.text, rest))])];
}

/** The page's files, and those of other pages that it goes on with: the README's, or the only one of that name. */
export function withBorrowed(files: readonly CodeFile[], all: readonly CodeFile[]): readonly CodeFile[] {
  const together = [...files];
  for (const file of together) {
    for (const imported of importsOf(file.text).filter((name) => name.startsWith("./"))) {
      const name = imported.slice(2);
      if (together.some((one) => one.name === name)) continue;
      const named = all.filter((one) => one.name === name);
      const found = named.find(({ page }) => page === "README.md") ?? (named.length === 1 ? named[0] : undefined);
      if (found === undefined) throw new Error(`${file.page}: ${file.name} imports ${imported}, which ${named.length === 0 ? "no page has" : `is in ${named.map(({ page }) => page).join(" and ")}`}`);
      together.push(found);
    }
  }
  return together;
}
