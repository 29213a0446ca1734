import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CONSUMER, INSTALLED, ROOT } from "./pack.ts";
import { run } from "./run.ts";
import { serve } from "./serve.ts";

const STRICT = { target: "ES2023", module: "nodenext", lib: ["ES2023"], types: ["node"], strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true, allowImportingTsExtensions: true };

cpSync(join(INSTALLED, "examples/northwind"), join(CONSUMER, "northwind"), { recursive: true });
for (const name of ["@types/node", "undici-types"]) cpSync(join(ROOT, "node_modules", name), join(CONSUMER, "node_modules", name), { recursive: true });

test("The example, copied beside the installed package, is strictly typed", async () => {
  writeFileSync(join(CONSUMER, "northwind/tsconfig.json"), JSON.stringify({ compilerOptions: STRICT }));
  await run(CONSUMER, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "northwind");
});

test("The example, copied beside the installed package, starts, and stops with exit code 0", async (context) => {
  const served = await serve(context, process.execPath, "--import", import.meta.resolve("tsx"), "northwind/main.ts");
  assert.equal(await served.stop(), 0);
});
