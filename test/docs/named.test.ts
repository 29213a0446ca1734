import assert from "node:assert/strict";
import { test } from "node:test";
import { codeWordsOf, optionInterfacesOf } from "./named.ts";
import { PAGES } from "./pages.ts";
import { EXPORTED_NAMES } from "../exported-names.ts";

const ENTRIES = Object.keys(EXPORTED_NAMES);
const WORDS = new Set(PAGES.filter(({ path }) => path === "README.md" || path.startsWith("docs/")).flatMap((page) => [...codeWordsOf(page)]));

test("Every function and value that an entry point exports is in a page of the documentation", async () => {
  const compiled = import.meta.url.endsWith(".js");
  const missing: string[] = [];
  for (const entry of ENTRIES) {
    const module: object = await import(`../../${compiled ? entry.replace(/\.ts$/, ".js") : entry}`);
    missing.push(...Object.keys(module).filter((name) => !WORDS.has(name)).map((name) => `${name} of ${entry}`));
  }
  assert.deepEqual(missing, []);
});

test("Every option that can be given is in a page of the documentation", () => {
  const interfaces = ENTRIES.flatMap((entry) => optionInterfacesOf(entry));
  assert.ok(interfaces.length > 30);
  const missing = interfaces.flatMap(({ name, properties }) => properties.filter((property) => !WORDS.has(property)).map((property) => `${name}.${property}`));
  assert.deepEqual([...new Set(missing)], []);
});
