import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBlocks } from "../../readme-blocks.ts";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDER = join(import.meta.dirname, "dist");

/** Writes the files of the documentation as a reader would, but with this package in the place of the installed one. */
mkdirSync(FOLDER, { recursive: true });
const action = readBlocks(join(ROOT, "README.md")).filter(({ text }) => text.startsWith("// approve-order.ts\n"));
for (const { text } of [...action, ...readBlocks(join(ROOT, "docs/embedding.md"))]) {
  const [, name] = /^\/\/ ([\w-]+\.ts)\n/.exec(text) ?? [];
  if (name !== undefined) writeFileSync(join(FOLDER, name), text.replaceAll(/"actionport(?:\/([\w-]+))?"/g, (_, adapter) => `"../../../../src/${adapter === undefined ? "domain" : `adapters/${adapter}`}/index.ts"`));
}
