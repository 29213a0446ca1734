import { readdirSync, readFileSync } from "node:fs";
import { readBlocks, type Block } from "../readme-blocks.ts";

/** A page that people read. */
export interface Page {
  /** From the root: `docs/actions.md`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** All there are: what stands in the root, docs/ and the examples. */
export const PAGES: readonly Page[] = [...list("."), ...list("docs"), ...list("examples", true)].map((path) => ({ path, text: readFileSync(path, "utf8"), blocks: readBlocks(path) }));

function list(folder: string, recursive = false): readonly string[] {
  const names = readdirSync(folder, { recursive, encoding: "utf8" }).filter((name) => name.endsWith(".md") && !name.includes("node_modules"));
  return names.sort().map((name) => (folder === "." ? name : `${folder}/${name}`));
}

/** A page without what stands in its blocks: there a bracket is no link and a # no heading. */
export function proseOf({ text }: Page): string {
  return text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
}
