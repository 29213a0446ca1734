// Imports every entry point of the built package by its name, through the exports map, as one who installed it does.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

const { name, exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
for (const [path, { types }] of Object.entries(exports)) {
  const entry = await import(path.replace(".", name));
  assert.ok(Object.keys(entry).length > 0, path);
  assert.ok(existsSync(new URL(`../${types}`, import.meta.url)), types);
  console.log(`${path.replace(".", name)}: ${Object.keys(entry).join(" ")}`);
}
