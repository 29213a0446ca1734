import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readBlocks } from "../readme-blocks.ts";
import { CONSUMER, ROOT } from "./pack.ts";
import { run } from "./run.ts";

const [block] = readBlocks("docs/questions.md").filter(({ text }) => text.includes('from "zod"'));

/** Calls the documented action twice: as its schema wants it, and not. */
const CALLS = `
import { randomUUID } from "node:crypto";
import { createActions, createCatalog, createIdentity } from "actionport";
import { createMemoryStore } from "actionport/memory";
import { rename } from "./rename.js";

const store = createMemoryStore({ clock: Date.now });
await store.commit([{ kind: "put", collection: "mall.Shop", id: "1", basedOn: 0, value: { id: 1, name: "Old" } }]);
const catalog = createCatalog({ subjects: [rename.subject], actions: [rename] });
const actions = createActions({ catalog, store, clock: Date.now, newId: randomUUID });
const identity = createIdentity({ kind: "user", id: "ann", permissions: ["manage_shops"] });
for (const params of [{ name: "New" }, { name: "" }]) console.log(JSON.stringify(await actions.execute({ key: rename.key, subject: "1", params, identity })));
`;

test("An action whose parameters are a schema of zod compiles as the documentation has it, and zod's own words refuse what does not fit", async () => {
  assert.ok(block !== undefined);
  const folder = join(CONSUMER, "with-zod");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  cpSync(join(import.meta.dirname, "node_modules/zod"), join(folder, "node_modules/zod"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "rename.ts"), block.text);
  const compilerOptions = { target: "ES2023", lib: ["ES2023", "DOM"], types: [], module: "nodenext", strict: true, exactOptionalPropertyTypes: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["rename.ts"] }));
  await run(folder, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".");
  writeFileSync(join(folder, "calls.js"), CALLS);
  const [done, refused] = (await run(folder, process.execPath, "calls.js")).trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(done.kind, "data");
  assert.deepEqual([refused.kind, refused.code, Object.keys(refused.errors)], ["failed", "invalid_params", ["name"]]);
});
