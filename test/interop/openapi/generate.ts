import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { readBlocks } from "../../readme-blocks.ts";
import { openLive } from "./northwind.ts";

/** Written here: what openapi-typescript makes of Northwind's document, and the client of the documentation, which uses that. */
const live = await openLive();
try {
  writeFileSync(new URL("northwind.gen.ts", import.meta.url), astToString(await openapiTS(live.document)));
  const client = readBlocks("docs/openapi.md").find(({ text }) => text.includes("openapi-fetch"));
  assert.ok(client !== undefined);
  writeFileSync(new URL("documentation.gen.ts", import.meta.url), client.text);
} finally {
  await live.stop();
}
