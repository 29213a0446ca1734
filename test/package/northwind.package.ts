import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { CONSUMER, ROOT } from "./pack.ts";
import { run } from "./run.ts";

const STRICT = { target: "ES2023", module: "nodenext", lib: ["ES2023"], types: ["node"], strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true, allowImportingTsExtensions: true };

cpSync(join(ROOT, "examples/northwind"), join(CONSUMER, "northwind"), { recursive: true });
for (const name of ["@types/node", "undici-types"]) cpSync(join(ROOT, "node_modules", name), join(CONSUMER, "node_modules", name), { recursive: true });

test("The example, copied beside the installed package, is strictly typed", async () => {
  writeFileSync(join(CONSUMER, "northwind/tsconfig.json"), JSON.stringify({ compilerOptions: STRICT }));
  await run(CONSUMER, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "northwind");
});

test("The example, copied beside the installed package, starts, and stops with exit code 0", async (context) => {
  const data = mkdtempSync(join(tmpdir(), "actionport-northwind-"));
  context.after(() => rmSync(data, { recursive: true, force: true }));
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), "northwind/main.ts"], { cwd: CONSUMER, env: { ...process.env, PORT: "0", DATA_DIR: data }, stdio: ["ignore", "pipe", "pipe"] });
  context.after(() => child.kill("SIGKILL"));
  let log = "";
  child.stderr.on("data", (piece: Buffer) => (log += piece.toString()));
  const exited = once(child, "exit");
  let listens = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith("actionport listening on ")) continue;
    listens = true;
    child.kill("SIGTERM");
  }
  assert.deepEqual([listens, ...(await exited)], [true, 0, null], log);
});
