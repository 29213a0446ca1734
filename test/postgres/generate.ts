import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
const action = readBlocks(join(ROOT, "README.md")).filter(({ text }) => text.startsWith("// approve-order.ts\n"));
for (const { text } of [...action, ...readBlocks(join(ROOT, "docs/postgres.md"))]) {
  const [, name] = /^\/\/ ([\w-]+\.ts)\n/.exec(text) ?? [];
  if (name !== undefined) writeFileSync(join(FOLDER, name), text);
}

/** What the page grants, for the test that a role can serve with it. */
const grants = [...readFileSync(join(ROOT, "docs/postgres.md"), "utf8").matchAll(/^ {4}(GRANT .*);$/gm)].map(([, grant]) => grant);
writeFileSync(join(FOLDER, "grants.json"), JSON.stringify(grants));
