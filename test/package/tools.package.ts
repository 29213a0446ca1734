import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { ENTRIES } from "./entries.ts";
import { CONSUMER, TARBALL } from "./pack.ts";
import { run } from "./run.ts";

const HERE = import.meta.dirname;
const tool = (name: string): string => join(HERE, "node_modules/.bin", name);

test("publint finds nothing in the tarball", async () => {
  const said = await run(HERE, tool("publint"), "run", TARBALL, "--strict");
  assert.match(said, /All good!/);
});

test("Are the types wrong? No: every entry point resolves, as the ES modules that they are", async () => {
  const said = await run(HERE, tool("attw"), TARBALL, "--profile", "esm-only", "--no-color", "--no-emoji", "--format", "ascii");
  for (const [by, right] of [["node16 (from ESM)", "OK (ESM)"], ["bundler", "OK"]]) {
    assert.equal(said.split(`\n${by}: ${right}`).length - 1, ENTRIES.length + (right === "OK" ? 1 : 0), said);
  }
});

/** What browsers load, by what they import. */
const BUNDLES: Readonly<Record<string, string>> = {
  "all of actionport": 'export * from "actionport";',
  "an action alone": 'export { defineAction, defineSubject, integerId, text } from "actionport";',
  "the client": 'export { createClient, clientCredentials, refreshToken } from "actionport/client";',
};

for (const [what, source] of Object.entries(BUNDLES)) {
  test(`A bundle for browsers of ${what} needs nothing of Node`, async (context) => {
    writeFileSync(join(CONSUMER, "bundle.js"), source);
    await run(CONSUMER, tool("esbuild"), "bundle.js", "--bundle", "--minify", "--format=esm", "--platform=browser", "--target=es2022", "--outfile=bundled.js");
    const bundled = readFileSync(join(CONSUMER, "bundled.js"));
    assert.doesNotMatch(bundled.toString(), /\bfrom\s*"|\bimport\s*[("]|\brequire\(|["']node:/);
    context.diagnostic(`${what}: ${(bundled.length / 1000).toFixed(1)} kB, ${(gzipSync(bundled).length / 1000).toFixed(1)} kB compressed`);
  });
}

const APPLICATION = `
import { createCatalog, defineAction, everyone } from "actionport";
import { runApplication } from "actionport/app";

const greet = defineAction({ key: "greet", label: "Greet", authorize: everyone, handle: () => "Hello." });
runApplication({ catalog: createCatalog({ subjects: [], actions: [greet] }), name: "bundled" }).then(() => process.kill(process.pid, "SIGTERM"));
`;

for (const [format, ending] of [["esm", "mjs"], ["cjs", "cjs"]] as const) {
  test(`A bundle of a whole application for Node starts and stops as ${format}`, async () => {
    writeFileSync(join(CONSUMER, "application.js"), APPLICATION);
    await run(CONSUMER, tool("esbuild"), "application.js", "--bundle", `--format=${format}`, "--platform=node", "--target=node20", `--outfile=application.${ending}`);
    const told = await run(CONSUMER, "env", "PORT=0", `DATA_DIR=${join(CONSUMER, `data-${format}`)}`, process.execPath, `application.${ending}`);
    assert.match(told, /actionport listening on http/);
  });
}
