import assert from "node:assert/strict";
import { test } from "node:test";
import { converse, EXPECTED } from "./conversation.ts";
import { serveCounters, TOKEN } from "./served.ts";

// In a browser: `npm run test:browser`. In Deno and Bun: `npm run test:interop`.
test("In Node a client comes by everything that there is to call and to follow", async (context) => {
  const server = await serveCounters();
  context.after(() => server.close());
  assert.deepEqual(await converse(server.url, TOKEN), EXPECTED);
});
