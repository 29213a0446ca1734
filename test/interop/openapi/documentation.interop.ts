import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { openLive } from "./northwind.ts";

const live = await openLive();
after(() => live.stop());

test("the client in the documentation does what it says", async () => {
  const env = { ...process.env, API_URL: live.url, API_TOKEN: live.token };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "test/interop/openapi/documentation.gen.ts"], { env });
  assert.equal(stdout, "Order approved.\n");
});
