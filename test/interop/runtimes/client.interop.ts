import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { promisify } from "node:util";
import { EXPECTED } from "../../adapters/client/anywhere/conversation.ts";
import { serveCounters, TOKEN } from "../../adapters/client/anywhere/served.ts";
import { compileScripts } from "../../compiled.ts";

const PROGRAM = "test/adapters/client/anywhere/program.ts";
const program = compileScripts(PROGRAM)(PROGRAM);

/** Each with the rights that the client needs, and no others. */
const RUNTIMES = [
  ["Deno", "deno", (port: number) => ["run", "--no-config", "--no-lock", "--no-remote", `--allow-net=127.0.0.1:${port}`, program]],
  ["Bun", "bun", () => ["run", program]],
] as const;

for (const [name, command, given] of RUNTIMES) {
  test(`In ${name} a client comes by everything that there is to call and to follow`, { timeout: 60_000 }, async (context) => {
    const server = await serveCounters();
    context.after(() => server.close());
    const executable = fileURLToPath(new URL(`node_modules/.bin/${command}`, import.meta.url));
    const { stdout } = await promisify(execFile)(executable, [...given(server.port), server.url, TOKEN], { env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" }, timeout: 50_000 });
    assert.deepEqual(JSON.parse(stdout), EXPECTED);
  });
}
