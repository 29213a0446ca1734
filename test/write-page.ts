import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installSource } from "./install-source.ts";
import { readBlocks, type Block } from "./readme-blocks.ts";

const ROOT = resolve(import.meta.dirname, "..");

/** The blocks of a page of the repository: `docs/dbos.md`. */
export function blocksOf(page: string): readonly Block[] {
  return readBlocks(join(ROOT, page));
}

/** Writes those of the blocks that name a file as a reader would, into a new folder, beside this package as it is. */
export function writeFilesOf(blocks: readonly Block[], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  installSource(folder, ROOT);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const { text } of blocks) {
    const [, name] = /^\/\/ ([\w-]+\.ts)\n/.exec(text) ?? [];
    if (name !== undefined) writeFileSync(join(folder, name), text);
  }
}
