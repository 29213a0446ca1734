import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const MAX_BYTES = 5_000;

test("The client is at most 5 kB, bundled, minified and compressed, and needs nothing of Node", () => {
  // The one that tsx brings.
  const bundle = execFileSync("node_modules/esbuild/bin/esbuild", ["--bundle", "--minify", "--format=esm", "--platform=browser", "src/adapters/client/index.ts"], { stdio: ["ignore", "pipe", "inherit"] });
  assert.doesNotMatch(bundle.toString(), /\bimport\b|node:|\bprocess\./);
  const { length } = gzipSync(bundle, { level: 9 });
  assert.ok(length <= MAX_BYTES, `${length} bytes`);
});
