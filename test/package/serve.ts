import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { CONSUMER } from "./pack.ts";

/** A server that listens. */
export interface Served {
  readonly url: string;
  readonly data: string;
  /** Answers the exit code. */
  stop(): Promise<unknown>;
}

/** Starts a server in the consumer's directory, with data of its own that are gone when the test ends. */
export async function serve(context: TestContext, command: string, ...args: readonly string[]): Promise<Served> {
  const data = mkdtempSync(join(tmpdir(), "actionport-served-"));
  context.after(() => rmSync(data, { recursive: true, force: true }));
  const child = spawn(command, args, { cwd: CONSUMER, env: { ...process.env, PORT: "0", DATA_DIR: data }, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  context.after(() => child.kill("SIGKILL"));
  let log = "";
  child.stderr.on("data", (piece: Buffer) => (log += piece.toString()));
  const url = await addressOf(child.stdout);
  assert.ok(url !== undefined, log);
  const stop = async () => {
    child.kill("SIGTERM");
    return (await exited)[0];
  };
  return { url, data, stop };
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) {
    const [, address] = /listening on (\S+)$/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  return undefined;
}
