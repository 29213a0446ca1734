import assert from "node:assert/strict";
import { test } from "node:test";
import compression from "compression";
import express from "express";
import { toRequestListener } from "../../../src/adapters/node-http/index.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import { runRestCases } from "./rest-cases.ts";
import { listen } from "./servers.ts";

/** A version of it whose way to add headers knows no flat list of them, as that of many middlewares before 2025. */
function serve(handler: HttpHandler, options: compression.CompressionOptions): Promise<number> {
  const app = express();
  app.use(compression(options));
  app.use(toRequestListener(handler));
  return listen(app);
}

// What it compresses has another Vary.
await runRestCases("behind compression()", (handler) => serve(handler, { filter: () => false }));

test("behind compression(): events go out as they come, compressed", async () => {
  let goOn = () => {};
  const given = new Promise<void>((resolve) => (goOn = resolve));
  async function* events() {
    yield "data: one\n\n";
    await given;
    yield "data: two\n\n";
  }
  const port = await serve(() => ({ status: 200, headers: { "content-type": "text/event-stream" }, body: events() }), {});
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/audit`);
  assert.equal(answer.headers.get("content-encoding"), "gzip");
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader?.read())?.value, "data: one\n\n");
  goOn();
  assert.equal((await reader?.read())?.value, "data: two\n\n");
  assert.equal((await reader?.read())?.done, true);
});
