import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ENTRIES } from "./entries.ts";
import { CONSUMER, INSTALLED, ROOT } from "./pack.ts";
import { run } from "./run.ts";

const IMPORTS = `
for (const name of ${JSON.stringify(ENTRIES)}) console.log(name, Object.keys(await import(name)).length);
const { version } = (await import("actionport/package.json", { with: { type: "json" } })).default;
console.log("actionport/package.json", version);
`;
const REQUIRES = `for (const name of ${JSON.stringify(ENTRIES)}) console.log(name, Object.keys(require(name)).length);\n`;

writeFileSync(join(CONSUMER, "imports.mjs"), IMPORTS);
writeFileSync(join(CONSUMER, "requires.cjs"), REQUIRES);

/** A Node of this major: the one that runs this, or else npm's. */
function node(major: number, ...args: readonly string[]): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return run(CONSUMER, process.execPath, ...args);
  return run(CONSUMER, "npx", "-y", `node@${major}`, ...args);
}

function assertAllHaveNames(printed: string): void {
  const counts = new Map(printed.trim().split("\n").map((line) => [line.split(" ")[0], Number(line.split(" ")[1])]));
  for (const name of ENTRIES) assert.ok((counts.get(name) ?? 0) > 0, `${name}: ${printed}`);
}

for (const major of [20, 22, 24]) {
  test(`Every entry point can be imported on Node ${major}`, async () => assertAllHaveNames(await node(major, "--no-warnings", "imports.mjs")));
}

for (const major of [22, 24]) {
  test(`CommonJS gets every entry point by require() on Node ${major}`, async () => assertAllHaveNames(await node(major, "--no-warnings", "requires.cjs")));
}

test("Nothing else of the package can be imported", async () => {
  await assert.rejects(run(CONSUMER, process.execPath, "-e", 'import("actionport/dist/domain/index.js")'), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test("The command line says what an application in TypeScript lacks whose package.json makes no modules of its files", { skip: "typescript" in process.features && Boolean(process.features.typescript) }, async () => {
  const folder = join(CONSUMER, "without-type");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules/tsx"), join(folder, "node_modules/tsx"));
  symlinkSync(INSTALLED, join(folder, "node_modules/actionport"));
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "app.ts"), 'import { createCatalog } from "actionport";\nexport const catalog = createCatalog({ subjects: [], actions: [] });\n');
  await assert.rejects(run(folder, process.execPath, join(INSTALLED, "dist/app/cli/main.js"), "serve", "app.ts"), /app\.ts is taken for CommonJS, which this command has no tsx for: put "type": "module" into its package\.json\./);
});
