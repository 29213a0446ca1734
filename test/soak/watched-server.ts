import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compileScripts } from "../compiled.ts";
import type { Measurement } from "./watched-process.ts";

const PROCESS = "test/soak/watched-process.ts";
const START_TIMEOUT_MS = 30_000;

/** App clients by name. */
export type ClientSecrets = Readonly<Record<string, { readonly client_id: string; readonly client_secret?: string }>>;

/** A server on the file store in a process of its own that can be asked how it is. */
export interface WatchedServer {
  readonly port: number;
  readonly dataDirectory: string;
  readonly clients: ClientSecrets;
  /** Collects the garbage and measures. */
  measure(): Promise<Measurement>;
  /** What was logged so far, a line of JSON each, but for the requests. */
  log(): readonly string[];
  /** Tells it to stop; answers its exit code, and how long it took in milliseconds. */
  stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>;
  /** Removes its data. To be called in the end, whatever happened. */
  remove(): void;
}

/** Starts one on a free port, with these variables besides. */
export async function startWatchedServer(variables: Readonly<Record<string, string>> = {}): Promise<WatchedServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "actionport-soak-"));
  // A file: a pipe whose reader is late would hold the server up, since it writes its log at once.
  const logPath = join(dataDirectory, "server.log");
  const log = () => readFileSync(logPath, "utf8").split("\n").filter((line) => line !== "" && !line.includes('"event":"request"'));
  const child = fork(compiledPath(PROCESS), {
    execArgv: ["--expose-gc"],
    env: { ...process.env, HOST: "127.0.0.1", PORT: "0", DATA_DIR: dataDirectory, ...variables },
    stdio: ["ignore", "pipe", openSync(logPath, "a"), "ipc"],
  });
  const exited = once(child, "exit");
  if (child.stdout === null) throw new Error("the server has no output");
  const port = await readPort(child.stdout, () => child.kill("SIGKILL"), log);
  const { clients }: { readonly clients: ClientSecrets } = JSON.parse(readFileSync(join(dataDirectory, "credentials.json"), "utf8"));
  return {
    port,
    dataDirectory,
    clients,
    async measure() {
      if (!child.connected) throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${log().slice(-5).join("\n")}`);
      child.send("measure");
      const [measurement]: Measurement[] = await once(child, "message");
      if (measurement === undefined) throw new Error("the server measured nothing");
      return measurement;
    },
    log,
    async stop() {
      const started = performance.now();
      child.kill("SIGTERM");
      await exited;
      return { code: child.exitCode, tookMs: performance.now() - started };
    },
    remove() {
      child.kill("SIGKILL");
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

const compiledPath = compileScripts(PROCESS, "test/soak/nobody.ts", "test/soak/crowd.ts");

/** A script of this folder in a process of its own, with what it is told. */
export function forkScript(name: "nobody" | "crowd", told: unknown): ReturnType<typeof fork> {
  return fork(compiledPath(`test/soak/${name}.ts`), [JSON.stringify(told)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

async function readPort(stdout: NodeJS.ReadableStream, kill: () => void, log: () => readonly string[]): Promise<number> {
  const deadline = setTimeout(kill, START_TIMEOUT_MS);
  for await (const line of createInterface({ input: stdout })) {
    const [, port] = /^actionport listening on \S+:(\d+)$/.exec(line) ?? [];
    if (port === undefined) continue;
    clearTimeout(deadline);
    stdout.resume();
    return Number(port);
  }
  clearTimeout(deadline);
  throw new Error(`the server ended before it listened:\n${log().join("\n")}`);
}
