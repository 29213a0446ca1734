import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBlocks } from "../../readme-blocks.ts";

const PAGE = join(import.meta.dirname, "../../..", "docs/observability.md");
const SOURCES = "../../../src";

/** Written here: the bridge and how it is registered, as docs/observability.md has them, on this package in the place of the installed one. */
for (const name of ["bridge", "tracing"]) {
  const block = readBlocks(PAGE).find(({ text }) => text.startsWith(`// ${name}.ts\n`));
  assert.ok(block !== undefined, name);
  const text = block.text.replaceAll("./bridge.ts", "./bridge.gen.ts").replaceAll(/"actionport(?:\/([\w-]+))?"/g, (_, adapter) => `"${SOURCES}/${adapter === undefined ? "domain" : `adapters/${adapter}`}/index.ts"`);
  writeFileSync(new URL(`${name}.gen.ts`, import.meta.url), text);
}
