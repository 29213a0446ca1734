import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installSource } from "../install-source.ts";
import { readBlocks } from "../readme-blocks.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(import.meta.dirname, "dist");

/** Writes the files of the page as a reader would, beside this package as it is. */
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
installSource(FOLDER, ROOT);
writeFileSync(join(FOLDER, "package.json"), JSON.stringify({ type: "module" }));
for (const { text } of readBlocks(join(ROOT, "docs/dbos.md"))) {
  const [, name] = /^\/\/ ([\w-]+\.ts)\n/.exec(text) ?? [];
  if (name !== undefined) writeFileSync(join(FOLDER, name), text);
}
