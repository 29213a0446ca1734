import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createApiClient, fetchAdminToken, type Answer, type ApiClient } from "../crash/api-client.ts";

const RESTOCK = "/api/v1/actions/products/restock/execute/1";

test("npm start of the example brings up PostgreSQL, three processes and a balancer that passes over the dead, and Ctrl-C ends all", { timeout: 120_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "northwind-cluster-"));
  // PostgreSQL's own user, where it is another one, must get to its data.
  chmodSync(directory, 0o711);
  const { DATABASE_URL: _, ...env } = process.env;
  const main = spawn("npm", ["start", "--silent"], { cwd: "examples/northwind-cluster", env: { ...env, DATA_DIR: directory, PORT: "0" }, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(main, "exit");
  t.after(async () => {
    for (const pid of processesOf(directory)) process.kill(pid, "SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });
  const port = await readPort(main.stdout);
  const token = await fetchAdminToken(join(directory, "one"), port);
  const api = createApiClient(port, token);
  assert.equal((await restock(api)).status, 200);
  const servers = processesOf(directory).filter((pid) => commandOf(pid).includes("server.ts"));
  assert.equal(servers.length, 3);
  process.kill(servers[0] ?? 0, "SIGKILL");
  for (let calls = 0; calls < 30; calls++) assert.equal((await restock(api)).status, 200);
  api.close();
  process.kill(processesOf(directory).find((pid) => commandOf(pid).includes("main.ts")) ?? 0, "SIGINT");
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual(processesOf(directory), []);
});

test("A process of the example whose database cannot be reached says so in a sentence, and ends with 1", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "northwind-cluster-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const env = { ...process.env, DATABASE_URL: "postgres://nobody@127.0.0.1:1/none", DATA_DIR: directory, PORT: "0" };
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "server.ts"], { cwd: "examples/northwind-cluster", env, encoding: "utf8", timeout: 60_000 });
  assert.equal(stderr, "northwind did not start: PostgreSQL cannot be reached. See that it runs, and that host and port are right.\n");
  assert.equal(status, 1);
});

/** A connection that was to the dead process is cut: the same call is made again on another. */
async function restock(api: ApiClient): Promise<Answer> {
  const key = randomUUID();
  for (;;) {
    try {
      return await api.post(RESTOCK, { quantity: 1 }, { "idempotency-key": key });
    } catch {
      await pause(10);
    }
  }
}

async function readPort(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const port = /^northwind-cluster listening on http:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("it ended before it listened");
}

/** Those that have this directory in their environment or on their command line. */
function processesOf(directory: string): readonly number[] {
  const all = execFileSync("ps", ["-eww", "-o", "pid=,args=", "e"], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).split("\n");
  return all.filter((line) => line.includes(directory)).map((line) => Number(line.trim().split(" ")[0]));
}

function commandOf(pid: number): string {
  try {
    return execFileSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
