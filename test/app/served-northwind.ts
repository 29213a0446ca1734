import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { argumentsToRun } from "../compiled.ts";

const START_TIMEOUT_MS = 30_000;

/** Northwind as `npm start` serves it, in a process of its own. */
export interface ServedNorthwind {
  readonly url: string;
  /** Every line on stdout so far. */
  readonly said: readonly string[];
  /** Everything on stderr so far. */
  log(): string;
  /** Goes away as the reader of the log. */
  closeLog(): void;
  /** Sends SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

/** A directory of its own for a test's data; it goes when the test ends. */
export function makeDataDirectory(test: { after(clean: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), "northwind-"));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts it on a free port and waits for its last line; rejects with what it wrote to stderr when it ends before. */
export async function serveNorthwind(dataDirectory: string, variables: Readonly<Record<string, string>> = {}): Promise<ServedNorthwind> {
  const child = spawn(process.execPath, argumentsToRun("examples/northwind/main.ts"), {
    env: { ...process.env, HOST: "127.0.0.1", PORT: "0", DATA_DIR: dataDirectory, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const said: string[] = [];
  let log = "";
  child.stderr.on("data", (piece: Buffer) => (log += piece.toString()));
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  const url = await new Promise<string | undefined>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      const [, address] = /^actionport listening on (\S+)$/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    }).on("close", () => resolve(undefined));
  });
  clearTimeout(deadline);
  if (url === undefined) {
    await exited;
    throw new Error(log);
  }
  return {
    url,
    said,
    log: () => log,
    closeLog: () => void child.stderr.destroy(),
    async stop() {
      child.kill("SIGTERM");
      await exited;
      return child.exitCode;
    },
  };
}

/** What the server wrote into `credentials.json`. */
export function readCredentials(dataDirectory: string): Record<string, Record<string, Record<string, unknown>>> {
  const file: Record<string, Record<string, Record<string, unknown>>> = JSON.parse(readFileSync(join(dataDirectory, "credentials.json"), "utf8"));
  return file;
}

/** A token for one of the clients in `credentials.json`. */
export async function getToken(url: string, dataDirectory: string, client: string): Promise<string> {
  const { client_id, client_secret } = readCredentials(dataDirectory)["clients"]?.[client] ?? {};
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ grant_type: "client_credentials", client_id, client_secret }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const body: { readonly access_token: string } = JSON.parse(text);
  return body.access_token;
}

/** Calls an action; answers status and body. */
export async function callAction(url: string, token: string, path: string, params: unknown = {}): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${url}/api/v1/actions/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  return { status: response.status, body: await response.json() };
}
