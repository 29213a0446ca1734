import assert from "node:assert/strict";
import { driveCurlLines } from "./readme-blocks.ts";

// For .ci/run: drives the README's curl lines against a server that runs already. Arguments: its URL, its DATA_DIR.
const [, , url = "", dataDirectory = ""] = process.argv;
for (const { command, printed, expected } of await driveCurlLines(url, dataDirectory)) {
  console.log(`${command}${printed}\n`);
  if (expected !== undefined) assert.equal(printed, expected);
}
